-- High-value inventions are the union of the categories: never more than the sum of them, never fewer than any of them.
{{ config(meta={'dagster': {'ref': {'name': 'fct_indicator_value'}}}) }}

-- A category whose own source stops earlier has no value where the union still has one, so the sum is compared only as
-- far as all categories that have values reach.
with reach as (
  select min(observed_until) as all_observed_until
  from {{ ref('dim_indicator') }}
  where indicator_id like 'inv_hv_%' and observed_until is not null
),

parts as (
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
  where indicator_id in ('inv_high_value', 'inv_valid') or indicator_id like 'inv_hv_%'
  group by region_code, region_view, period_type, period_end
)

select parts.*
from parts
cross join reach
where
  (
    coalesce(parts.high_value, 0) > coalesce(parts.categories_sum, 0)
    and parts.period_end <= reach.all_observed_until
  )
  or (
    coalesce(parts.high_value, 0) < coalesce(parts.largest_category, 0)
    and parts.period_end <= reach.all_observed_until
  )
  or coalesce(parts.high_value, 0) > coalesce(parts.valid_inventions, 0)
