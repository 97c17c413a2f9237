-- One version of one target series, its region and one year of the plan.
with target_years as (
  select * from {{ ref('int_target_years') }}
),

reasons as (
  select * from {{ ref('status_reasons') }}
),

statuses as (
  select * from {{ ref('target_statuses') }}
),

timed as (
  select
    target_years.*,
    {{ time_progress('coalesce(base_year, plan_base_year)', 'plan_year', 'target_year') }} as time_progress,
    {{ meets_target('comparator', 'actual_value', 'target_value') }} as is_number_met,
    {{ meets_target('comparator', 'actual_value', 'target_value') }} and coalesce(needs_met, true) as is_met,
    {{ annual_growth('base_value', 'actual_value', '(plan_year - base_year)') }} as cagr_observed,
    {{ annual_growth('base_value', 'target_value', '(target_year - base_year)') }} as cagr_required,
    case
      when actual_value > 0
        then {{ annual_growth('actual_value', 'target_value', '(target_year - plan_year)') }}
    end as needed_annual_growth
  from target_years
),

worked as (
  select
    timed.*,
    actual_value - target_value as gap,
    {{ completion_rate('actual_value', 'target_value') }} as completion_rate,
    {{ progress_rate('base_value', 'actual_value', 'target_value') }} as progress_rate,
    {{ path_linear('base_value', 'target_value', 'time_progress') }} as path_linear,
    {{ path_geometric('base_value', 'target_value', 'time_progress') }} as path_geometric,
    {{ progress_ratio('direction', 'cagr_observed', 'cagr_required') }} as progress_ratio,
    {{ towards('direction', 'cagr_observed') }} as growth_towards
  from timed
),

-- What is to be reached once stays reached.
remembered as (
  select
    worked.*,
    max(case when is_met then 1 else 0 end) over (
      partition by plan_id, target_id, target_version, region_code order by plan_year
      rows between unbounded preceding and 1 preceding
    ) = 1 as was_met
  from worked
),

judged as (
  select
    remembered.*,
    case
      when method in ('milestone', 'evidence') and is_ahead then 'year_ahead'
      when method = 'milestone' and done_on is not null then 'shown_done'
      when method = 'milestone' and (plan_year > target_year or (plan_year = target_year and is_complete))
        then 'year_ended_not_shown_done'
      when method = 'milestone' and n_under_way > 0 then 'shown_under_way'
      when method = 'evidence' and evidence_count > 0 then 'documents_reported'
      when method in ('milestone', 'evidence') then 'no_evidence'
      when not source_ready then 'indicator_not_built'
      when is_ahead then 'year_ahead'
      when actual_value is null and obs_status = 'L' then 'denominator_missing'
      when actual_value is null then 'no_value'
      when method = 'direction_only' and kind = 'flow' and not is_complete then 'year_running'
      when method = 'direction_only' and base_value is null then 'no_base_year_value'
      when method = 'direction_only' and base_value <= 0 then 'base_year_not_positive'
      when method = 'direction_only' then 'direction_threshold_is_ours'
      when method = 'per_year' and is_met then 'met_this_year'
      when method = 'per_year' and not is_complete then 'year_running'
      when method = 'per_year' then 'year_ended_below_target'
      when is_met then 'met'
      when method = 'once' and was_met then 'met_in_an_earlier_year'
      when plan_year > target_year or (plan_year = target_year and is_complete) then 'year_ended_below_target'
      when method = 'once' and is_number_met then 'further_condition_open'
      when method = 'once' then 'target_year_ahead'
      when kind = 'flow' and not is_complete then 'year_running'
      when base_value is null then 'no_baseline'
      when base_year is null then 'baseline_year_unclear'
      when base_value <= 0 then 'baseline_not_positive'
      when plan_year <= base_year then 'no_year_since_baseline'
      else 'ratio_of_growth_rates'
    end as reason
  from remembered
),

decided as (
  select
    judged.*,
    case
      when reason = 'indicator_not_built' then 'no_source_yet'
      when reason = 'year_ahead' then 'not_due'
      when reason in ('denominator_missing', 'no_value', 'no_evidence') then 'no_data'
      when reason in ('met', 'met_this_year', 'met_in_an_earlier_year', 'shown_done') then 'achieved'
      when reason in ('year_ended_below_target', 'year_ended_not_shown_done') then 'missed'
      when reason in ('year_running', 'target_year_ahead', 'further_condition_open', 'shown_under_way')
        then 'in_progress'
      when reason = 'documents_reported' then 'reported'
      when reason = 'direction_threshold_is_ours' then {{ status_of_growth('growth_towards') }}
      -- The target asks for no growth and is not met: what there was has been lost.
      when reason = 'ratio_of_growth_rates' and cagr_required = 0 then 'deteriorating'
      when reason = 'ratio_of_growth_rates' and progress_ratio is not null
        then {{ status_of_ratio('progress_ratio') }}
      else 'not_computable'
    end as status
  from judged
)

select
  decided.plan_id,
  decided.target_id,
  decided.target_version,
  decided.indicator_id,
  decided.region_code,
  decided.region_view,
  decided.plan_year as year,
  decided.comparator,
  decided.baseline_value,
  decided.baseline_period,
  decided.target_value,
  decided.target_year,
  decided.actual_value,
  decided.obs_status,
  decided.gap,
  decided.completion_rate,
  decided.progress_rate,
  decided.time_progress,
  decided.path_linear,
  decided.path_geometric,
  decided.cagr_observed,
  decided.cagr_required,
  decided.progress_ratio,
  decided.needed_annual_growth,
  decided.method,
  decided.status,
  decided.reason,
  decided.direction,
  decided.kind,
  decided.unit,
  decided.base_value,
  decided.base_year,
  decided.is_complete as is_year_complete,
  decided.observed_until,
  decided.population_vintage,
  decided.needs_met,
  decided.evidence_count,
  decided.first_evidence_on,
  decided.last_evidence_on,
  decided.done_on,
  decided.proxy_indicators,
  statuses.title_zh as status_zh,
  statuses.title_en as status_en,
  reasons.reason_zh,
  reasons.reason_en
from decided
left join statuses on decided.status = statuses.status
left join reasons on decided.reason = reasons.reason
