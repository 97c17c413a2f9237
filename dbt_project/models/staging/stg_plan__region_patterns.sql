-- One pattern that places addresses of a plan's area.
with delivered as (
  select * from {{ source('inputs', 'plan_region_patterns') }}
),

renamed as (
  select
    plan_id,
    region_code,
    kind,
    within_division,
    pattern,
    match as match_rule,
    cast(priority as int) as priority
  from delivered
)

select * from renamed
