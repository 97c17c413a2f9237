-- One changed contribution for one indicator whose values rest on it (itself, or a ratio of it) and one region it is
-- counted in (its own, and its city), as it changes that count: plus where it entered, minus where it left.
with changed as (
  select
    revision_record.*,
    case change when 'entered' then 1 else -1 end as side
  from {{ ref('revision_record') }} as revision_record
  where delta is not null
),

indicators as (
  select * from {{ ref('dim_indicator') }}
),

rests_on as (
  select
    indicator_id,
    indicator_id as counted_id,
    kind
  from indicators
  where kind in ('flow', 'stock', 'distribution')

  union all

  select
    ratios.indicator_id,
    parts.indicator_id as counted_id,
    parts.kind
  from indicators as ratios
  inner join indicators as parts on parts.indicator_id in (ratios.numerator_id, ratios.denominator)
  where ratios.kind = 'ratio'
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
)

select
  rests_on.indicator_id,
  rests_on.counted_id,
  rests_on.kind,
  changed.region_view,
  counted_in.of_region as region_code,
  changed.record_type,
  changed.record_id,
  changed.effective_date,
  cast(changed.side * changed.delta as bigint) as n,
  -- Decimals add up to the same sum in any order.
  cast(changed.side * coalesce(changed.amount, cast(changed.delta as double)) as decimal(28, 4)) as measure,
  changed.reason
from changed
inner join rests_on on changed.indicator_id = rests_on.counted_id
inner join counted_in on changed.region_view = counted_in.region_view and changed.region_code = counted_in.region_code
