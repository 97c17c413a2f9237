-- One month of one indicator in one region of a view: what was added in it and what had added up by its end, in the
-- unit of the facts. Every region of the view is there from the indicator's first month in the city, so that no record
-- means zero.
with indicators as (
  select * from {{ ref('stg_plan__indicators') }} where kind in ('flow', 'stock')
),

contributions as (
  select contributions.*
  from {{ ref('int_contributions') }} as contributions
  inner join indicators on contributions.indicator_id = indicators.indicator_id
),

regions as (
  select * from {{ ref('int_regions') }}
),

coverage as (
  select * from {{ ref('int_indicator_coverage') }}
),

months as (
  select month_start from {{ ref('int_calendar') }} where period_type = 'month'
),

-- What an indicator measures is the amount its contributions carry, or where they carry none, their number.
carries_amounts as (
  select
    indicator_id,
    count(amount) > 0 as is_amount
  from contributions
  group by indicator_id
),

monthly as (
  select
    contributions.indicator_id,
    contributions.region_view,
    regions.city_code,
    contributions.region_code,
    cast({{ dbt.date_trunc('month', 'contributions.effective_date') }} as date) as month_start,
    -- Decimals add up to the same sum in any order; floating-point numbers do not.
    sum(
      case
        when carries_amounts.is_amount then cast(contributions.amount as decimal(28, 4))
        else cast(contributions.delta as decimal(28, 4))
      end
    ) as measure,
    count(*) as n_records
  from contributions
  inner join carries_amounts on contributions.indicator_id = carries_amounts.indicator_id
  inner join regions
    on contributions.region_code = regions.region_code and contributions.region_view = regions.region_view
  group by
    contributions.indicator_id,
    contributions.region_view,
    regions.city_code,
    contributions.region_code,
    cast({{ dbt.date_trunc('month', 'contributions.effective_date') }} as date)
),

with_city as (
  select
    indicator_id,
    region_view,
    region_code,
    month_start,
    measure,
    n_records
  from monthly

  union all

  select
    indicator_id,
    region_view,
    city_code as region_code,
    month_start,
    sum(measure) as measure,
    sum(n_records) as n_records
  from monthly
  group by indicator_id, region_view, city_code, month_start
),

begins as (
  select
    indicator_id,
    city_code,
    min(month_start) as first_month
  from monthly
  group by indicator_id, city_code
),

grid as (
  select
    begins.indicator_id,
    regions.region_view,
    regions.region_code,
    months.month_start,
    coverage.observed_until
  from begins
  inner join coverage on begins.indicator_id = coverage.indicator_id
  inner join regions on begins.city_code = regions.city_code
  inner join months on begins.first_month <= months.month_start and coverage.observed_until >= months.month_start
),

filled as (
  select
    grid.indicator_id,
    grid.region_view,
    grid.region_code,
    grid.month_start,
    grid.observed_until,
    coalesce(with_city.measure, 0) as measure,
    coalesce(with_city.n_records, 0) as n_records
  from grid
  left join with_city
    on
      grid.indicator_id = with_city.indicator_id
      and grid.region_view = with_city.region_view
      and grid.region_code = with_city.region_code
      and grid.month_start = with_city.month_start
)

select
  indicator_id,
  region_view,
  region_code,
  month_start,
  observed_until,
  measure,
  cast(n_records as bigint) as n_records,
  sum(measure) over (
    partition by indicator_id, region_view, region_code order by month_start
    rows between unbounded preceding and current row
  ) as measure_to_date,
  cast(sum(n_records) over (
    partition by indicator_id, region_view, region_code order by month_start
    rows between unbounded preceding and current row
  ) as bigint) as n_records_to_date
from filled
