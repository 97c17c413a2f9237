-- No record is in a stock twice on any day, nor in two regions of one view.
{{ config(meta={
  'dagster': {'ref': {'name': 'fct_contribution'}},
  'partition_by': 'indicator_id',
  'partition_wise': true,
}) }}

with stocks as (
  select
    contributions.indicator_id,
    contributions.region_view,
    contributions.record_id,
    contributions.effective_date,
    sum(contributions.delta) as delta
  from {{ ref('fct_contribution') }} as contributions
  inner join {{ ref('dim_indicator') }} as indicators on contributions.indicator_id = indicators.indicator_id
  where indicators.kind = 'stock'
  group by
    contributions.indicator_id, contributions.region_view, contributions.record_id, contributions.effective_date
),

running as (
  select
    stocks.*,
    sum(delta) over (partition by indicator_id, region_view, record_id order by effective_date) as present
  from stocks
)

select *
from running
where present not in (0, 1)
