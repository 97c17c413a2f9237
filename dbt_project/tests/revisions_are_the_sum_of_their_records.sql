-- The difference of every flow and stock is what its records add and take away. What is not listed as revised does not
-- count here: periods that began after the older release, and zeros that come and go.
{{ config(meta={'dagster': {'ref': {'name': 'indicator_revision'}}}) }}

with indicators as (
  select * from {{ ref('dim_indicator') }} where kind in ('flow', 'stock')
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

monthly as (
  select
    records.indicator_id,
    records.region_view,
    counted_in.of_region as region_code,
    cast({{ dbt.date_trunc('month', 'records.effective_date') }} as date) as month_start,
    sum(
      case records.change when 'entered' then 1 else -1 end
      * cast(coalesce(records.amount, cast(records.delta as double)) as decimal(28, 4))
    ) as measure
  from {{ ref('revision_record') }} as records
  inner join counted_in
    on records.region_view = counted_in.region_view and records.region_code = counted_in.region_code
  where records.delta is not null
  group by
    records.indicator_id,
    records.region_view,
    counted_in.of_region,
    cast({{ dbt.date_trunc('month', 'records.effective_date') }} as date)
),

revised as (
  select
    revisions.*,
    indicators.kind,
    (coalesce(revisions.new_value, 0) - coalesce(revisions.old_value, 0)) * indicators.unit_multiplier
      as difference_in_facts,
    {{ period_start_of('revisions.period_type', 'revisions.period_end') }} as period_start
  from {{ ref('indicator_revision') }} as revisions
  inner join indicators on revisions.indicator_id = indicators.indicator_id
  -- A stock that is observed in one release only is no sum of changes; figures of others are no sum at all.
  where
    not (indicators.kind = 'stock' and revisions.change in ('appeared', 'gone'))
    and revisions.reasons != 'new_published_figure'
),

summed as (
  select
    revised.indicator_id,
    revised.region_view,
    revised.region_code,
    revised.period_type,
    revised.period_end,
    max(revised.difference_in_facts) as difference_in_facts,
    coalesce(sum(monthly.measure), 0) as measure
  from revised
  left join monthly
    on
      revised.indicator_id = monthly.indicator_id
      and revised.region_view = monthly.region_view
      and revised.region_code = monthly.region_code
      and revised.period_end >= monthly.month_start
      and (revised.kind = 'stock' or revised.period_start <= monthly.month_start)
  group by
    revised.indicator_id, revised.region_view, revised.region_code, revised.period_type, revised.period_end
)

select *
from summed
where abs(difference_in_facts - cast(measure as double)) > 1e-6 * greatest(1, abs(difference_in_facts))
