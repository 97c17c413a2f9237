-- One document or event that shows a task, target or milestone, as known.
with in_force as (
  {{ records_in_force(
    ref('stg_task_evidence__items'),
    ['plan_id', 'subject_id', 'stage', 'title', 'event_date', 'item']
  ) }}
)

select
  plan_id,
  subject_id,
  stage,
  title,
  document_no,
  event_date,
  item,
  quantity,
  unit,
  {{ place_of([district_columns()]) }} as place_key,
  district,
  url,
  plan_id || ' ' || subject_id || ' ' || stage || ' ' || cast(event_date as {{ dbt.type_string() }}) || ' ' || title
  || coalesce(' ' || item, '') as evidence_id,
  is_synthetic,
  {{ provenance() }}
from in_force
