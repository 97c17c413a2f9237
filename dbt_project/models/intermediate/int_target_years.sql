-- One target version and one year of its plan: what is measured, what counts as its start, how far the year has got.
with targets as (
  select * from {{ ref('stg_plan__targets') }}
),

indicators as (
  select * from {{ ref('stg_plan__indicators') }}
),

preferred_views as (
  select * from {{ ref('int_preferred_views') }}
),

yearly as (
  select * from {{ ref('fct_indicator_value') }} where period_type = 'year'
),

run as (
  select * from {{ ref('stg_plan__run_parameters') }}
),

years as (
  select * from {{ ref('int_plan_years') }}
),

evidence as (
  select * from {{ ref('int_target_evidence') }}
),

-- How far documents are known: to the last delivery of them, never beyond the reference date.
evidence_coverage as (
  select case when coverage.coverage_to is not null then least(coverage.coverage_to, run.as_of) end as evidence_until
  from {{ ref('int_source_coverage') }} as coverage
  cross join run
  where coverage.source = 'task_evidence'
),

needs as (
  select
    plan_id,
    target_id,
    target_version,
    region_code,
    {{ words_of_list('needs_indicators') }} as needed_id
  from targets
),

dated as (
  select
    targets.plan_id,
    targets.target_id,
    targets.target_version,
    targets.indicator_id,
    targets.region_code,
    targets.method,
    targets.kind,
    targets.comparator,
    targets.direction,
    targets.unit,
    targets.baseline_value,
    targets.baseline_period,
    targets.target_value,
    targets.target_year,
    targets.proxy_indicators,
    coalesce(preferred_views.region_view, 'statutory') as region_view,
    coalesce(indicators.source_ready, false) as source_ready,
    years.plan_year,
    years.base_year as plan_base_year,
    years.year_end,
    -- Only a single year can be the start of annual growth; '2016-20' is five.
    coalesce(
      try_cast(targets.baseline_period as int),
      cast(extract(year from try_cast(targets.baseline_period as date)) as int)
    ) as baseline_year,
    years.plan_year > extract(year from run.as_of) as is_ahead
  from targets
  inner join years on targets.plan_id = years.plan_id
  left join indicators on targets.indicator_id = indicators.indicator_id
  left join preferred_views on targets.region_code = preferred_views.region_code
  cross join run
),

-- A further condition of the target: each of these is above zero at the end of the year.
conditions as (
  select
    dated.plan_id,
    dated.target_id,
    dated.target_version,
    dated.plan_year,
    min(case when yearly.value > 0 then 1 else 0 end) = 1 as needs_met
  from dated
  inner join needs
    on
      dated.plan_id = needs.plan_id
      and dated.target_id = needs.target_id
      and dated.target_version = needs.target_version
  left join yearly
    on
      needs.needed_id = yearly.indicator_id
      and dated.region_code = yearly.region_code
      and dated.region_view = yearly.region_view
      and dated.year_end = yearly.period_end
  group by dated.plan_id, dated.target_id, dated.target_version, dated.plan_year
)

select
  dated.plan_id,
  dated.target_id,
  dated.target_version,
  dated.indicator_id,
  dated.region_code,
  dated.method,
  dated.kind,
  dated.comparator,
  dated.direction,
  dated.unit,
  dated.baseline_value,
  dated.baseline_period,
  dated.target_value,
  dated.target_year,
  dated.region_view,
  dated.source_ready,
  dated.plan_year,
  dated.plan_base_year,
  dated.year_end,
  dated.is_ahead,
  actual.value as actual_value,
  actual.obs_status,
  case
    when dated.method not in ('milestone', 'evidence') then actual.observed_until
    when evidence_coverage.evidence_until is not null then least(evidence_coverage.evidence_until, dated.year_end)
  end as observed_until,
  actual.population_vintage,
  case
    when dated.method not in ('milestone', 'evidence') then coalesce(actual.observed_until >= dated.year_end, false)
    else coalesce(evidence_coverage.evidence_until >= dated.year_end, false)
  end as is_complete,
  coalesce(conditions.needs_met, true) as needs_met,
  coalesce(evidence.evidence_count, 0) as evidence_count,
  evidence.first_evidence_on,
  evidence.last_evidence_on,
  evidence.done_on,
  coalesce(evidence.n_under_way, 0) as n_under_way,
  dated.proxy_indicators,
  -- Growth starts from the plan's baseline; where the plan only names a direction, from our own value of its base year.
  case when dated.method = 'direction_only' then base.value else dated.baseline_value end as base_value,
  case when dated.method = 'direction_only' then dated.plan_base_year else dated.baseline_year end as base_year
from dated
left join yearly as actual
  on
    dated.indicator_id = actual.indicator_id
    and dated.region_code = actual.region_code
    and dated.region_view = actual.region_view
    and dated.year_end = actual.period_end
left join yearly as base
  on
    dated.indicator_id = base.indicator_id
    and dated.region_code = base.region_code
    and dated.region_view = base.region_view
    and base.period_end = make_date(dated.plan_base_year, 12, 31)
left join conditions
  on
    dated.plan_id = conditions.plan_id
    and dated.target_id = conditions.target_id
    and dated.target_version = conditions.target_version
    and dated.plan_year = conditions.plan_year
left join evidence
  on
    dated.plan_id = evidence.plan_id
    and dated.target_id = evidence.target_id
    and dated.target_version = evidence.target_version
    and dated.plan_year = evidence.plan_year
left join evidence_coverage on true
