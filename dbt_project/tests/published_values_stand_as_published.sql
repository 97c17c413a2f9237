-- Every value without records is a figure that others publish, unchanged, and every such figure is a value.
{{ config(meta={'dagster': {'ref': {'name': 'fct_indicator_value'}}}) }}

with facts as (
  select * from {{ ref('fct_indicator_value') }} where n_records is null
)

select
  coalesce(facts.indicator_id, published.indicator_id) as indicator_id,
  coalesce(facts.region_code, published.region_code) as region_code,
  coalesce(facts.period_type, published.period_type) as period_type,
  coalesce(facts.period_end, published.period_end) as period_end,
  facts.value,
  published.value as published_value
from facts
full outer join {{ ref('fct_published_value') }} as published
  on
    facts.indicator_id = published.indicator_id
    and facts.region_code = published.region_code
    and facts.period_type = published.period_type
    and facts.period_end = published.period_end
where
  facts.indicator_id is null
  or published.indicator_id is null
  or coalesce(facts.value != published.value, (facts.value is null) != (published.value is null))
