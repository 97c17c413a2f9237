-- Both region views give a city the same value: zones only re-allocate inside it. Districts counted as such are more
-- where zones count beside them.
{{ config(meta={'dagster': {'ref': {'name': 'fct_indicator_value'}}}) }}

with counts_of_regions as (
  select indicator_id
  from {{ ref('dim_indicator') }}
  where denominator = 'regions'
  union
  select numerator_id as indicator_id
  from {{ ref('dim_indicator') }}
  where denominator = 'regions'
),

cities as (
  select facts.*
  from {{ ref('fct_indicator_value') }} as facts
  inner join {{ ref('dim_region') }} as regions
    on facts.region_code = regions.region_code and facts.region_view = regions.region_view
  where
    regions.level = 'city'
    and facts.n_records is not null
    and facts.indicator_id not in (select ratios.indicator_id from counts_of_regions as ratios)
)

select
  indicator_id,
  region_code,
  period_type,
  period_end,
  count(*) as n_views
from cities
group by indicator_id, region_code, period_type, period_end
having
  count(*) != 2
  or min(value) is distinct from max(value)
  -- A move between a zone and its district is two contributions in one view and none in the other, but only of stocks.
  or (
    count(distinct n_records) > 1
    and indicator_id in (select i.indicator_id from {{ ref('dim_indicator') }} as i where i.kind = 'flow')
  )
