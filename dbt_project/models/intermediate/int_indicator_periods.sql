-- One period of one flow or stock in one region of a view: its measure in the unit of the facts. A flow sums inside the
-- period, a stock is what had added up by its end; a period still running stops at observed_until.
with months as (
  select * from {{ ref('int_indicator_months') }}
),

calendar as (
  select * from {{ ref('int_calendar') }}
),

indicators as (
  select * from {{ ref('stg_plan__indicators') }}
),

summed as (
  select
    months.indicator_id,
    months.region_view,
    months.region_code,
    calendar.period_type,
    calendar.period_start,
    calendar.period_end,
    months.observed_until as covered_until,
    sum(months.measure) as measure_inside,
    sum(months.n_records) as n_records_inside,
    max_by(months.measure_to_date, months.month_start) as measure_to_date,
    max_by(months.n_records_to_date, months.month_start) as n_records_to_date
  from months
  inner join calendar on months.month_start = calendar.month_start
  group by
    months.indicator_id,
    months.region_view,
    months.region_code,
    calendar.period_type,
    calendar.period_start,
    calendar.period_end,
    months.observed_until
)

select
  summed.indicator_id,
  summed.region_view,
  summed.region_code,
  summed.period_type,
  summed.period_start,
  summed.period_end,
  summed.covered_until,
  least(summed.period_end, summed.covered_until) as observed_until,
  case when indicators.kind = 'stock' then summed.measure_to_date else summed.measure_inside end as measure,
  cast(
    case when indicators.kind = 'stock' then summed.n_records_to_date else summed.n_records_inside end as bigint
  ) as n_records
from summed
inner join indicators on summed.indicator_id = indicators.indicator_id
