-- Every flow and stock of every region, view and period is the sum of its contributions and has their number, and no
-- contribution lies in a period without a value.
{{ config(meta={
  'dagster': {'ref': {'name': 'fct_indicator_value'}},
  'partition_by': 'indicator_id',
  'partition_wise': true,
}) }}

with indicators as (
  select * from {{ ref('dim_indicator') }} where kind in ('flow', 'stock')
),

facts as (
  select
    facts.*,
    indicators.kind,
    indicators.unit_multiplier
  from {{ ref('fct_indicator_value') }} as facts
  inner join indicators on facts.indicator_id = indicators.indicator_id
  -- A figure that others publish has no records; published_values_stand_as_published looks at it.
  where facts.n_records is not null
),

monthly as (
  select
    contributions.indicator_id,
    contributions.region_view,
    contributions.region_code,
    cast({{ dbt.date_trunc('month', 'contributions.effective_date') }} as date) as month_start,
    sum(cast(coalesce(contributions.amount, cast(contributions.delta as double)) as decimal(28, 4))) as measure,
    count(*) as n_records
  from {{ ref('fct_contribution') }} as contributions
  inner join indicators on contributions.indicator_id = indicators.indicator_id
  group by
    contributions.indicator_id,
    contributions.region_view,
    contributions.region_code,
    cast({{ dbt.date_trunc('month', 'contributions.effective_date') }} as date)
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

inside as (
  select
    monthly.indicator_id,
    monthly.region_view,
    counted_in.of_region as region_code,
    calendar.period_type,
    calendar.period_end,
    sum(monthly.measure) as measure,
    sum(monthly.n_records) as n_records
  from monthly
  inner join counted_in on monthly.region_view = counted_in.region_view and monthly.region_code = counted_in.region_code
  left join {{ ref('int_calendar') }} as calendar on monthly.month_start = calendar.month_start
  group by
    monthly.indicator_id, monthly.region_view, counted_in.of_region, calendar.period_type, calendar.period_end
),

-- A stock is what all periods up to its own have added.
recounted as (
  select
    coalesce(facts.indicator_id, inside.indicator_id) as indicator_id,
    coalesce(facts.region_view, inside.region_view) as region_view,
    coalesce(facts.region_code, inside.region_code) as region_code,
    coalesce(facts.period_type, inside.period_type) as period_type,
    coalesce(facts.period_end, inside.period_end) as period_end,
    facts.kind,
    facts.value,
    facts.n_records,
    facts.unit_multiplier,
    coalesce(inside.measure, 0) as measure_inside,
    coalesce(inside.n_records, 0) as n_records_inside,
    sum(coalesce(inside.measure, 0)) over to_date as measure_to_date,
    sum(coalesce(inside.n_records, 0)) over to_date as n_records_to_date
  from facts
  full outer join inside
    on
      facts.indicator_id = inside.indicator_id
      and facts.region_view = inside.region_view
      and facts.region_code = inside.region_code
      and facts.period_type = inside.period_type
      and facts.period_end = inside.period_end
  window
    to_date as (
      partition by
        coalesce(facts.indicator_id, inside.indicator_id),
        coalesce(facts.region_view, inside.region_view),
        coalesce(facts.region_code, inside.region_code),
        coalesce(facts.period_type, inside.period_type)
      order by coalesce(facts.period_end, inside.period_end)
      rows between unbounded preceding and current row
    )
),

compared as (
  select
    *,
    cast(case kind when 'stock' then measure_to_date else measure_inside end as double) / unit_multiplier
      as recounted_value,
    case kind when 'stock' then n_records_to_date else n_records_inside end as recounted_records
  from recounted
)

select
  indicator_id,
  region_view,
  region_code,
  period_type,
  period_end,
  value,
  recounted_value,
  n_records,
  recounted_records
from compared
where
  kind is null
  or value is null
  or abs(value - recounted_value) > 1e-9 * greatest(1, abs(value))
  or n_records != recounted_records
