-- A median of days is not below the smallest nor above the largest of its year, and has as many records as lie in it.
{{ config(meta={'dagster': {'ref': {'name': 'fct_indicator_value'}}}) }}

with medians as (
  select facts.*
  from {{ ref('fct_indicator_value') }} as facts
  inner join {{ ref('dim_indicator') }} as indicators on facts.indicator_id = indicators.indicator_id
  where indicators.kind = 'distribution' and facts.period_type = 'year'
),

recounted as (
  select
    medians.indicator_id,
    medians.region_code,
    medians.region_view,
    medians.period_end,
    medians.value,
    medians.n_records,
    min(contributions.amount) as smallest,
    max(contributions.amount) as largest,
    count(contributions.amount) as n_amounts
  from medians
  inner join {{ ref('dim_region') }} as regions
    on medians.region_code in (regions.region_code, regions.city_code) and medians.region_view = regions.region_view
  left join {{ ref('fct_contribution') }} as contributions
    on
      medians.indicator_id = contributions.indicator_id
      and regions.region_code = contributions.region_code
      and regions.region_view = contributions.region_view
      and extract(year from medians.period_end) = extract(year from contributions.effective_date)
  group by
    medians.indicator_id,
    medians.region_code,
    medians.region_view,
    medians.period_end,
    medians.value,
    medians.n_records
)

select *
from recounted
where n_amounts != n_records or value < smallest or value > largest
