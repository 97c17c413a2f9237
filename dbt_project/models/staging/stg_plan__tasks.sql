-- One written task of a plan.
with delivered as (
  select * from {{ source('inputs', 'plan_tasks') }}
),

renamed as (
  select
    plan_id,
    task_id,
    section,
    title_zh,
    title_en,
    strength,
    evidence,
    evidence_en,
    data_kind,
    same_as,
    proxy_indicators,
    cast(needed_items as int) as needed_items,
    item_names,
    done_stages
  from delivered
)

select * from renamed
