-- One document or event that shows a task, target or milestone of a plan.
with evidence as (
  select * from {{ ref('int_task_evidence') }}
),

terms as (
  select * from {{ ref('int_evidence_terms') }}
),

places as (
  select * from {{ ref('int_place_regions') }}
),

subjects as (
  select
    plan_id,
    task_id as subject_id,
    'task' as subject_type
  from {{ ref('stg_plan__tasks') }}
  union
  select
    plan_id,
    target_id as subject_id,
    'target' as subject_type
  from {{ ref('stg_plan__targets') }}
  union
  select
    plan_id,
    baseline_id as subject_id,
    'baseline' as subject_type
  from {{ ref('stg_plan__baselines') }}
)

select
  evidence.evidence_id,
  evidence.plan_id,
  evidence.subject_id,
  -- Null: the plan has no such task, target or baseline, and the document counts nowhere.
  subjects.subject_type,
  evidence.stage,
  evidence.title,
  evidence.document_no,
  evidence.event_date,
  nullif(terms.valid_to, {{ open_end() }}) as withdrawn_on,
  evidence.item,
  evidence.quantity,
  evidence.unit,
  places.region_code,
  places.management_region_code,
  evidence.url,
  evidence.is_synthetic,
  {{ provenance('evidence.') }}
from evidence
left join subjects on evidence.plan_id = subjects.plan_id and evidence.subject_id = subjects.subject_id
left join terms on evidence.evidence_id = terms.evidence_id
left join places on evidence.place_key = places.address_key
