-- One milestone a plan states about its start: what documents show of it at the end of its period.
with baselines as (
  select * from {{ ref('stg_plan__baselines') }} where milestone_state is not null
),

targets as (
  select * from {{ ref('dim_plan_target') }} where is_version_in_force
),

evidence as (
  select * from {{ ref('int_evidence_terms') }}
),

-- Its own documents and stages, or those of the target whose starting point it is.
staged as (
  select
    baselines.plan_id,
    baselines.baseline_id,
    baselines.milestone_state,
    baselines.period_end,
    coalesce(baselines.same_as, baselines.baseline_id) as subject_id,
    coalesce(targets.done_stages, baselines.done_stages) as done_stages,
    coalesce(targets.under_way_stages, baselines.under_way_stages) as under_way_stages
  from baselines
  left join targets on baselines.plan_id = targets.plan_id and baselines.same_as = targets.target_id
)

select
  staged.plan_id,
  staged.baseline_id,
  staged.milestone_state as plan_state,
  staged.subject_id,
  cast(count(evidence.evidence_id) as bigint) as evidence_count,
  max(evidence.valid_from) as last_evidence_on,
  case
    when max(case when {{ is_in_list('evidence.stage', 'staged.done_stages') }} then 1 else 0 end) = 1 then 'done'
    when max(case when {{ is_in_list('evidence.stage', 'staged.under_way_stages') }} then 1 else 0 end) = 1
      then 'in_progress'
  end as shown_state
from staged
left join evidence
  on
    staged.plan_id = evidence.plan_id
    and staged.subject_id = evidence.subject_id
    and staged.period_end >= evidence.valid_from
    and staged.period_end < evidence.valid_to
group by
  staged.plan_id, staged.baseline_id, staged.milestone_state, staged.subject_id
