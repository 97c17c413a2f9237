-- One document or event that shows something, and the time [valid_from, valid_to) in which it does: until a later
-- entry of the same subject and part takes it back.
with evidence as (
  select * from {{ ref('int_task_evidence') }}
),

run as (
  select * from {{ ref('stg_plan__run_parameters') }}
),

withdrawals as (
  select
    plan_id,
    subject_id,
    coalesce(item, '') as item,
    event_date
  from evidence
  where stage = 'withdrawn'
),

ended as (
  select
    evidence.evidence_id,
    min(withdrawals.event_date) as withdrawn_on
  from evidence
  inner join withdrawals
    on
      evidence.plan_id = withdrawals.plan_id
      and evidence.subject_id = withdrawals.subject_id
      and coalesce(evidence.item, '') = withdrawals.item
      and evidence.event_date <= withdrawals.event_date
  where evidence.stage != 'withdrawn'
  group by evidence.evidence_id
)

select
  evidence.plan_id,
  evidence.subject_id,
  evidence.evidence_id,
  evidence.stage,
  evidence.title,
  evidence.item,
  evidence.event_date as valid_from,
  coalesce(ended.withdrawn_on, {{ open_end() }}) as valid_to,
  {{ provenance('evidence.') }}
from evidence
left join ended on evidence.evidence_id = ended.evidence_id
cross join run
-- What is dated after the reference date has not happened.
where evidence.stage != 'withdrawn' and evidence.event_date <= run.as_of
