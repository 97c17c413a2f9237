-- Every additive value of a city equals the sum of its districts, zones and the unallocated rest, in each view.
{{ config(meta={
  'dagster': {'ref': {'name': 'fct_indicator_value'}},
  'partition_by': 'indicator_id',
  'partition_wise': true,
}) }}

with additive as (
  select facts.*
  from {{ ref('fct_indicator_value') }} as facts
  inner join {{ ref('dim_indicator') }} as indicators on facts.indicator_id = indicators.indicator_id
  where indicators.kind in ('flow', 'stock')
),

parts as (
  select
    additive.indicator_id,
    regions.city_code,
    additive.region_view,
    additive.period_type,
    additive.period_end,
    sum(additive.value) as value,
    sum(additive.n_records) as n_records
  from additive
  inner join {{ ref('dim_region') }} as regions
    on additive.region_code = regions.region_code and additive.region_view = regions.region_view
  where regions.level != 'city'
  group by
    additive.indicator_id, regions.city_code, additive.region_view, additive.period_type, additive.period_end
)

select
  parts.*,
  additive.value as city_value,
  additive.n_records as city_records
from parts
left join additive
  on
    parts.indicator_id = additive.indicator_id
    and parts.city_code = additive.region_code
    and parts.region_view = additive.region_view
    and parts.period_type = additive.period_type
    and parts.period_end = additive.period_end
where
  additive.value is null
  or abs(additive.value - parts.value) > 1e-6 * greatest(1, abs(additive.value))
  or additive.n_records != parts.n_records
