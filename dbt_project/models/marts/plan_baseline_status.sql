-- One figure or milestone a plan states about its start, beside what the deliveries give for it: a value and its growth
-- against the five years before, or the state that documents show.
with baselines as (
  select * from {{ ref('stg_plan__baselines') }}
),

plans as (
  select * from {{ ref('stg_plan__plans') }}
),

preferred_views as (
  select * from {{ ref('int_preferred_views') }}
),

reconciled as (
  select * from {{ ref('reconciliation') }} where baseline_id is not null
),

milestones as (
  select * from {{ ref('int_baseline_evidence') }}
),

evidence_coverage as (
  select coverage_to from {{ ref('int_source_coverage') }} where source = 'task_evidence'
),

facts as (
  select * from {{ ref('fct_indicator_value') }} where period_type = 'plan'
),

stated as (
  select
    baselines.*,
    plans.city_code as region_code,
    preferred_views.region_view,
    reconciled.computed_value,
    reconciled.obs_status,
    reconciled.observed_until,
    reconciled.gap,
    reconciled.tolerance,
    reconciled.within_tolerance,
    reconciled.explanation as value_explanation,
    milestones.shown_state,
    milestones.subject_id as evidence_subject_id,
    milestones.evidence_count,
    milestones.last_evidence_on,
    evidence_coverage.coverage_to as evidence_until,
    before.value as computed_previous_value
  from baselines
  inner join plans on baselines.plan_id = plans.plan_id
  left join preferred_views on plans.city_code = preferred_views.region_code
  left join reconciled
    on baselines.plan_id = reconciled.plan_id and baselines.baseline_id = reconciled.baseline_id
  left join milestones
    on baselines.plan_id = milestones.plan_id and baselines.baseline_id = milestones.baseline_id
  left join evidence_coverage on true
  left join facts as before
    on
      baselines.period_type = 'plan'
      and baselines.indicator_id = before.indicator_id
      and plans.city_code = before.region_code
      and preferred_views.region_view = before.region_view
      and {{ add_days('baselines.period_start', -1) }} = before.period_end
),

judged as (
  select
    stated.*,
    case
      when milestone_state is not null then 'milestone'
      when indicator_id is not null then 'value'
      else 'text'
    end as method,
    case
      when milestone_state is null and indicator_id is null then 'no_indicator'
      when milestone_state is null then value_explanation
      when evidence_until is null or evidence_until < period_end then 'not_covered_by_deliveries'
      when shown_state is null then 'no_evidence'
      when shown_state = milestone_state then 'agrees'
      else 'documents_show_another_state'
    end as explanation,
    case growth_kind
      when 'rate'
        then 100 * (computed_value - computed_previous_value) / nullif(computed_previous_value, 0)
      when 'difference' then computed_value - computed_previous_value
    end as computed_growth
  from stated
)

select
  plan_id,
  baseline_id,
  section,
  title_zh,
  title_en,
  kind,
  indicator_id,
  region_code,
  region_view,
  period_type,
  period_start,
  period_end,
  value as plan_value,
  value_text as plan_text,
  unit,
  precision_flag,
  computed_value,
  obs_status,
  observed_until,
  gap,
  tolerance,
  milestone_state as plan_state,
  shown_state,
  evidence_subject_id,
  evidence_count,
  last_evidence_on,
  case
    when explanation = 'agrees' then true
    when explanation in ('computed_below_official', 'computed_above_official', 'documents_show_another_state')
      then false
  end as agrees,
  explanation,
  method,
  previous_value_low as plan_previous_low,
  previous_value_high as plan_previous_high,
  computed_previous_value,
  growth_kind,
  growth_value as plan_growth,
  computed_growth
from judged
