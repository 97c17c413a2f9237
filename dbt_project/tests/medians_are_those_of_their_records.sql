-- Every distribution of every region, view and period is the median of the amounts of its contributions and has their
-- number, and no amount lies in a period without a value.
{{ config(meta={
  'dagster': {'ref': {'name': 'fct_indicator_value'}},
  'partition_by': 'indicator_id',
  'partition_wise': true,
}) }}

with distributions as (
  select * from {{ ref('dim_indicator') }} where kind = 'distribution'
),

facts as (
  select
    facts.*,
    facts.value * distributions.unit_multiplier as measure
  from {{ ref('fct_indicator_value') }} as facts
  inner join distributions on facts.indicator_id = distributions.indicator_id
  where facts.n_records is not null
),

counted_in as (
  select
    region_view,
    region_code,
    region_code as of_region
  from {{ ref('dim_region') }}
  union
  select
    region_view,
    region_code,
    city_code as of_region
  from {{ ref('dim_region') }}
),

recounted as (
  select
    contributions.indicator_id,
    contributions.region_view,
    counted_in.of_region as region_code,
    calendar.period_type,
    calendar.period_end,
    {{ median('contributions.amount') }} as middle,
    count(*) as n_amounts
  from {{ ref('fct_contribution') }} as contributions
  inner join distributions on contributions.indicator_id = distributions.indicator_id
  inner join counted_in
    on contributions.region_view = counted_in.region_view and contributions.region_code = counted_in.region_code
  left join {{ ref('int_calendar') }} as calendar
    on cast({{ dbt.date_trunc('month', 'contributions.effective_date') }} as date) = calendar.month_start
  where contributions.amount is not null
  group by
    contributions.indicator_id,
    contributions.region_view,
    counted_in.of_region,
    calendar.period_type,
    calendar.period_end
)

select
  coalesce(facts.indicator_id, recounted.indicator_id) as indicator_id,
  coalesce(facts.region_view, recounted.region_view) as region_view,
  coalesce(facts.region_code, recounted.region_code) as region_code,
  coalesce(facts.period_type, recounted.period_type) as period_type,
  coalesce(facts.period_end, recounted.period_end) as period_end,
  facts.measure,
  recounted.middle,
  facts.n_records,
  recounted.n_amounts
from facts
full outer join recounted
  on
    facts.indicator_id = recounted.indicator_id
    and facts.region_view = recounted.region_view
    and facts.region_code = recounted.region_code
    and facts.period_type = recounted.period_type
    and facts.period_end = recounted.period_end
where
  facts.measure is null
  or recounted.middle is null
  or abs(facts.measure - recounted.middle) > 1e-9 * greatest(1, abs(recounted.middle))
  or facts.n_records != recounted.n_amounts
