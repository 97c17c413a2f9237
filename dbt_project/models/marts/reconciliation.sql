-- One officially published figure (a document's value of an indicator, region and period) beside our computed value.
with figures as (
  select * from {{ ref('int_official_figures') }}
),

baselines as (
  select * from {{ ref('stg_plan__baselines') }}
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

computed as (
  select * from {{ ref('fct_indicator_value') }}
),

published_regions as (
  select * from {{ ref('int_published_regions') }}
),

run as (
  select * from {{ ref('stg_plan__run_parameters') }}
),

published as (
  select
    cast(null as {{ dbt.type_string() }}) as plan_id,
    cast(null as {{ dbt.type_string() }}) as baseline_id,
    indicator_id,
    region_code,
    period_type,
    period_start,
    period_end,
    value as official_value,
    unit,
    decimals,
    'exact' as precision_flag,
    document,
    publisher,
    published_on
  from figures

  union all

  select
    baselines.plan_id,
    baselines.baseline_id,
    baselines.indicator_id,
    plans.city_code as region_code,
    baselines.period_type,
    baselines.period_start,
    baselines.period_end,
    baselines.value as official_value,
    baselines.unit,
    -- As many decimals as the plan's number has.
    length(
      regexp_extract(cast(baselines.value as {{ dbt.type_string() }}), '[.]([0-9]*[1-9])0*$', 1)
    ) as decimals,
    baselines.precision_flag,
    plans.title_zh as document,
    plans.issuer as publisher,
    plans.issued_on as published_on
  from baselines
  inner join plans on baselines.plan_id = plans.plan_id
  where baselines.indicator_id is not null and baselines.value is not null
),

paired as (
  select
    published.*,
    preferred_views.region_view,
    indicators.unit_zh,
    indicators.source_ready,
    computed.value as computed_value,
    computed.obs_status,
    computed.observed_until,
    preferred_views.region_code is not null as is_planned_region,
    published_regions.region_code is not null as is_published_region,
    run.as_of
  from published
  inner join indicators on published.indicator_id = indicators.indicator_id
  cross join run
  left join preferred_views on published.region_code = preferred_views.region_code
  left join published_regions on published.region_code = published_regions.region_code
  left join computed
    on
      published.indicator_id = computed.indicator_id
      and published.region_code = computed.region_code
      and preferred_views.region_view = computed.region_view
      and published.period_type = computed.period_type
      and published.period_end = computed.period_end
  -- An observed indicator is the published figure itself, unless a plan states it; an empty figure compares with none.
  where
    (indicators.kind != 'observed' or published.baseline_id is not null)
    and published.official_value is not null
),

-- A printed number stands for everything that would be printed so. One unit of its last digit that says something: of
-- 14.69 a hundredth, of 24500 rounded a hundred, of 390余 ten.
measured as (
  select
    paired.*,
    case
      when decimals > 0 or precision_flag = 'exact' then power(10.0, -decimals)
      else power(10.0, length(regexp_extract(cast(cast(official_value as bigint) as {{ dbt.type_string() }}), '0*$')))
    end as last_digit
  from paired
),

compared as (
  select
    measured.*,
    case when unit = unit_zh then computed_value - official_value end as gap,
    -- Rounded half up it is half a unit of that digit to each side; cut off (余) a whole unit upwards.
    case when precision_flag = 'floor' then last_digit else 0.5 * last_digit end as tolerance
  from measured
),

judged as (
  select
    compared.*,
    case
      -- The value of such a region is a published figure itself: that it equals one is no finding.
      when is_published_region then null
      -- "390余" is a floor: the true number is that or more, and less than 400.
      when precision_flag = 'floor' then gap >= 0 and gap < tolerance
      -- The smallest slack only absorbs how binary fractions are stored.
      else abs(gap) <= tolerance + 1e-9
    end as within_tolerance
  from compared
)

select
  indicator_id,
  region_code,
  period_type,
  period_end,
  document,
  official_value,
  unit,
  decimals,
  computed_value,
  gap,
  gap / nullif(official_value, 0) as gap_share,
  tolerance,
  within_tolerance,
  case
    when not is_planned_region then 'region_outside_the_plans'
    when not source_ready then 'indicator_not_built'
    when period_end > as_of and computed_value is null then 'period_after_reference_date'
    when computed_value is null and obs_status = 'L' then 'denominator_missing'
    when computed_value is null then 'not_covered_by_deliveries'
    when coalesce(unit, '') != unit_zh then 'unit_differs'
    when is_published_region and gap = 0 then 'value_is_the_published_figure'
    when is_published_region then 'superseded_by_a_later_figure'
    when observed_until < period_end then 'period_not_covered_to_its_end'
    when within_tolerance then 'agrees'
    when gap < 0 then 'computed_below_official'
    else 'computed_above_official'
  end as explanation,
  precision_flag,
  period_start,
  region_view,
  obs_status,
  observed_until,
  publisher,
  published_on,
  plan_id,
  baseline_id
from judged
