-- One resident population of a region at a reference date as known: the latest vintage. Registered population is
-- another thing and never gets here.
with figures as (
  {{ known_rows(ref('stg_population__figures'), 'population_known_at') }}
),

ranked as (
  select
    figures.*,
    row_number() over (
      partition by region_code, reference_date, kind, vintage order by {{ latest_first() }}
    ) as lateness
  from figures
  where kind = 'resident'
),

in_force as (
  select
    ranked.*,
    row_number() over (
      partition by region_code, reference_date order by published_on desc nulls last, {{ latest_first() }}
    ) as recency
  from ranked
  where lateness = 1 and not is_withdrawn
)

select
  region_code,
  reference_date,
  persons,
  cast(reference_date as {{ dbt.type_string() }}) || coalesce(' ' || vintage, '') as population_vintage,
  published_on,
  publisher,
  {{ provenance() }}
from in_force
where recency = 1
