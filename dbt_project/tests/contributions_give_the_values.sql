-- Every yearly flow and stock is the sum of its contributions, counted straight from them, and nothing is left over.
{{ config(meta={'dagster': {'ref': {'name': 'fct_indicator_value'}}}) }}

with yearly as (
  select
    facts.*,
    indicators.kind,
    indicators.unit_multiplier
  from {{ ref('fct_indicator_value') }} as facts
  inner join {{ ref('dim_indicator') }} as indicators on facts.indicator_id = indicators.indicator_id
  where facts.period_type = 'year' and indicators.kind in ('flow', 'stock')
),

by_year as (
  select
    indicator_id,
    region_code,
    region_view,
    extract(year from effective_date) as effective_year,
    sum(coalesce(amount, cast(delta as double))) as measure,
    count(*) as n_records
  from {{ ref('fct_contribution') }}
  group by indicator_id, region_code, region_view, extract(year from effective_date)
),

recounted as (
  select
    yearly.indicator_id,
    yearly.region_code,
    yearly.region_view,
    yearly.period_end,
    yearly.value,
    yearly.n_records,
    coalesce(sum(by_year.measure), 0) / max(yearly.unit_multiplier) as recounted_value,
    coalesce(sum(by_year.n_records), 0) as recounted_records
  from yearly
  inner join {{ ref('dim_region') }} as regions
    on
      yearly.region_code = regions.region_code
      and yearly.region_view = regions.region_view
      and regions.level != 'city'
  left join by_year
    on
      yearly.indicator_id = by_year.indicator_id
      and yearly.region_code = by_year.region_code
      and yearly.region_view = by_year.region_view
      and (
        by_year.effective_year = extract(year from yearly.period_end)
        or (yearly.kind = 'stock' and by_year.effective_year < extract(year from yearly.period_end))
      )
  group by
    yearly.indicator_id,
    yearly.region_code,
    yearly.region_view,
    yearly.period_end,
    yearly.value,
    yearly.n_records
),

without_value as (
  select distinct by_year.indicator_id
  from by_year
  left join yearly on by_year.indicator_id = yearly.indicator_id
  -- A median is not a sum; a_median_lies_among_its_records looks at it.
  left join {{ ref('dim_indicator') }} as distributions
    on by_year.indicator_id = distributions.indicator_id and distributions.kind = 'distribution'
  where yearly.indicator_id is null and distributions.indicator_id is null
)

select
  indicator_id,
  'value differs from its contributions' as fault
from recounted
where
  abs(value - recounted_value) > 1e-6 * greatest(1, abs(value))
  or n_records != recounted_records

union all

select
  indicator_id,
  'contributions without any value' as fault
from without_value
