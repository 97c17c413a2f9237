-- One period of one indicator in one region of a view in which records could not be counted, so that its value is a
-- lower bound (a ratio's: not exact).
with uncounted as (
  select * from {{ ref('int_uncounted_records') }}
),

regions as (
  select * from {{ ref('int_regions') }}
),

calendar as (
  select * from {{ ref('int_calendar') }}
),

indicators as (
  select * from {{ ref('stg_plan__indicators') }}
),

run as (
  select * from {{ ref('stg_plan__run_parameters') }}
),

-- A ratio suffers from what its two sides lack.
affected as (
  select
    indicator_id,
    indicator_id as uncounted_id
  from indicators
  union
  select
    indicator_id,
    numerator_id as uncounted_id
  from indicators
  where numerator_id is not null
  union
  select
    indicator_id,
    denominator as uncounted_id
  from indicators
  where denominator is not null
),

with_city as (
  select
    uncounted.indicator_id,
    uncounted.region_view,
    uncounted.region_code,
    uncounted.record_id,
    uncounted.dated_on
  from uncounted
  union all
  select
    uncounted.indicator_id,
    uncounted.region_view,
    regions.city_code as region_code,
    uncounted.record_id,
    uncounted.dated_on
  from uncounted
  inner join regions
    on uncounted.region_code = regions.region_code and uncounted.region_view = regions.region_view
)

select
  affected.indicator_id,
  with_city.region_view,
  with_city.region_code,
  calendar.period_type,
  calendar.period_end,
  cast(count(*) as bigint) as n_uncounted
from with_city
inner join affected on with_city.indicator_id = affected.uncounted_id
inner join calendar on cast({{ dbt.date_trunc('month', 'with_city.dated_on') }} as date) = calendar.month_start
cross join run
where calendar.month_start <= run.as_of
group by
  affected.indicator_id,
  with_city.region_view,
  with_city.region_code,
  calendar.period_type,
  calendar.period_end
