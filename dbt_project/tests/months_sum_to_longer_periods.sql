-- A flow's quarters, half-years, years and plan periods are the sums of the months inside them.
{{ config(meta={
  'dagster': {'ref': {'name': 'fct_indicator_value'}},
  'partition_by': 'indicator_id',
  'partition_wise': true,
}) }}

with flows as (
  select facts.*
  from {{ ref('fct_indicator_value') }} as facts
  inner join {{ ref('dim_indicator') }} as indicators on facts.indicator_id = indicators.indicator_id
  where indicators.kind = 'flow'
)

select
  longer.indicator_id,
  longer.region_code,
  longer.region_view,
  longer.period_type,
  longer.period_end,
  longer.value,
  sum(months.value) as months_value
from flows as longer
inner join flows as months
  on
    longer.indicator_id = months.indicator_id
    and longer.region_code = months.region_code
    and longer.region_view = months.region_view
    and months.period_start between longer.period_start and longer.period_end
where longer.period_type != 'month' and months.period_type = 'month'
group by
  longer.indicator_id, longer.region_code, longer.region_view, longer.period_type, longer.period_end, longer.value
having abs(longer.value - sum(months.value)) > 1e-6 * greatest(1, abs(longer.value))
