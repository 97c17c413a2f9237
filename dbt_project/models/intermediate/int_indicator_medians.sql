-- One period of one distribution in one region of a view: the median of the amounts its records carry, in the unit of
-- the facts. A period without any has no row: no case is not a case of no days.
with indicators as (
  select * from {{ ref('stg_plan__indicators') }} where kind = 'distribution'
),

contributions as (
  select contributions.*
  from {{ ref('int_contributions') }} as contributions
  inner join indicators on contributions.indicator_id = indicators.indicator_id
  where contributions.amount is not null
),

coverage as (
  select * from {{ ref('int_indicator_coverage') }}
),

regions as (
  select * from {{ ref('int_regions') }}
),

calendar as (
  select * from {{ ref('int_calendar') }}
),

with_city as (
  select
    contributions.indicator_id,
    contributions.region_view,
    contributions.region_code,
    contributions.effective_date,
    contributions.amount
  from contributions

  union all

  select
    contributions.indicator_id,
    contributions.region_view,
    regions.city_code as region_code,
    contributions.effective_date,
    contributions.amount
  from contributions
  inner join regions
    on contributions.region_code = regions.region_code and contributions.region_view = regions.region_view
)

select
  with_city.indicator_id,
  with_city.region_view,
  with_city.region_code,
  calendar.period_type,
  calendar.period_start,
  calendar.period_end,
  coverage.observed_until as covered_until,
  least(calendar.period_end, coverage.observed_until) as observed_until,
  {{ median('with_city.amount') }} as measure,
  cast(count(*) as bigint) as n_records
from with_city
inner join coverage on with_city.indicator_id = coverage.indicator_id
inner join calendar
  on cast({{ dbt.date_trunc('month', 'with_city.effective_date') }} as date) = calendar.month_start
group by
  with_city.indicator_id,
  with_city.region_view,
  with_city.region_code,
  calendar.period_type,
  calendar.period_start,
  calendar.period_end,
  coverage.observed_until
