-- One region of a view: how many districts it has, by which a coverage of districts is divided. A city has all its
-- districts, in the management view its zones too; a district or zone is one; the unallocated rest is none.
with regions as (
  select * from {{ ref('int_regions') }}
),

parts as (
  select
    region_view,
    region_code,
    city_code
  from regions
  where level in ('district', 'zone')
)

select
  region_view,
  region_code,
  cast(1 as bigint) as n_regions
from parts

union all

select
  parts.region_view,
  parts.city_code as region_code,
  cast(count(*) as bigint) as n_regions
from parts
group by parts.region_view, parts.city_code
