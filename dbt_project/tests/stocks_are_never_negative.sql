-- A stock counts things that exist; below zero means that something left that never came.
{{ config(meta={'dagster': {'ref': {'name': 'fct_indicator_value'}}}) }}

select
  facts.indicator_id,
  facts.region_code,
  facts.region_view,
  facts.period_type,
  facts.period_end,
  facts.value
from {{ ref('fct_indicator_value') }} as facts
inner join {{ ref('dim_indicator') }} as indicators on facts.indicator_id = indicators.indicator_id
where indicators.kind = 'stock' and facts.value < 0
