-- One region in one view.
with regions as (
  select * from {{ ref('int_regions') }}
),

cities as (
  select * from {{ ref('int_cities') }}
)

select
  regions.region_code,
  regions.region_view,
  regions.city_code,
  regions.level,
  regions.name_zh,
  regions.name_en,
  regions.is_statutory,
  regions.statutory_parent,
  regions.sort_order,
  cities.population_rule,
  cities.population_fixed_reference
from regions
left join cities on regions.city_code = cities.city_code
