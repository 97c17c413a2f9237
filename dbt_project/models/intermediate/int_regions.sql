-- One region of a planned city in one view, whichever plans name it.
with plans as (
  select * from {{ ref('stg_plan__plans') }}
),

regions as (
  select * from {{ ref('stg_plan__regions') }}
),

ranked as (
  select
    regions.region_code,
    regions.region_view,
    plans.city_code,
    regions.level,
    regions.name_zh,
    regions.name_en,
    regions.is_statutory,
    regions.statutory_parent,
    regions.sort_order,
    row_number() over (
      partition by regions.region_code, regions.region_view
      order by plans.is_current desc, plans.issued_on desc, plans.plan_id asc
    ) as preference
  from regions
  inner join plans on regions.plan_id = plans.plan_id
)

select
  region_code,
  region_view,
  city_code,
  level,
  name_zh,
  name_en,
  is_statutory,
  statutory_parent,
  sort_order
from ranked
where preference = 1
