-- High-value inventions are the union of the categories: never more than the sum of them, never fewer than any of them.
{{ config(meta={'dagster': {'ref': {'name': 'fct_indicator_value'}}}) }}

with parts as (
  select
    region_code,
    region_view,
    period_type,
    period_end,
    sum(case when indicator_id = 'inv_high_value' then value end) as high_value,
    sum(case when indicator_id like 'inv_hv_%' then value end) as categories_sum,
    max(case when indicator_id like 'inv_hv_%' then value end) as largest_category,
    max(case when indicator_id = 'inv_valid' then value end) as valid_inventions
  from {{ ref('fct_indicator_value') }}
  group by region_code, region_view, period_type, period_end
)

select *
from parts
where
  coalesce(high_value, 0) > coalesce(categories_sum, 0)
  or coalesce(high_value, 0) < coalesce(largest_category, 0)
  or coalesce(high_value, 0) > coalesce(valid_inventions, 0)
