-- One training, publicity or service event as known.
with in_force as (
  {{ records_in_force(ref('stg_activities__events'), ['activity_type', 'held_on', 'title', 'district']) }}
)

select
  activity_type || ' ' || cast(held_on as {{ dbt.type_string() }}) || ' ' || title || coalesce(' ' || district, '')
    as activity_id,
  activity_type,
  title,
  held_on,
  participants,
  organiser,
  {{ place_of([district_columns()]) }} as place_key,
  is_synthetic,
  {{ provenance() }}
from in_force
