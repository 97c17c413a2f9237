-- One region of a plan in one view.
with delivered as (
  select * from {{ source('inputs', 'plan_regions') }}
),

renamed as (
  select
    plan_id,
    region_code,
    region_view,
    name_zh,
    name_en,
    level,
    is_statutory,
    statutory_parent,
    cast(sort_order as int) as sort_order
  from delivered
)

select * from renamed
