-- One object of a plan's stage assessment and, where indicators measure it, one of them.
with delivered as (
  select * from {{ source('inputs', 'plan_assessment') }}
),

renamed as (
  select
    plan_id,
    object_id,
    title_zh,
    title_en,
    measure_kind,
    indicator_id,
    cast(sort_order as int) as sort_order
  from delivered
)

select * from renamed
