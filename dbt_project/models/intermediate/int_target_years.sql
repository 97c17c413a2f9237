-- One target version and one year of its plan: what is measured, what counts as its start, how far the year has got.
with targets as (
  select * from {{ ref('stg_plan__targets') }}
),

plans as (
  select * from {{ ref('stg_plan__plans') }}
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
  select
    plans.plan_id,
    plans.period_start - 1 as base_year,
    plans.period_start + cast(spine.n as int) as plan_year
  from plans
  cross join range(0, 100) as spine (n)
  where plans.period_start + spine.n <= plans.period_end
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
    coalesce(preferred_views.region_view, 'statutory') as region_view,
    coalesce(indicators.source_ready, false) as source_ready,
    years.plan_year,
    years.base_year as plan_base_year,
    make_date(years.plan_year, 12, 31) as year_end,
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
  actual.observed_until,
  actual.population_vintage,
  coalesce(actual.observed_until >= dated.year_end, false) as is_complete,
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
