-- One target version, region and year as the release before had it.
with delivered as (
  select * from {{ source('inputs', 'previous_target_vs_actual') }}
),

renamed as (
  select
    plan_id,
    target_id,
    cast(target_version as int) as target_version,
    indicator_id,
    region_code,
    region_view,
    cast(year as int) as year,
    comparator,
    cast(target_value as double) as target_value,
    cast(target_year as int) as target_year,
    cast(actual_value as double) as actual_value,
    method,
    status,
    reason
  from delivered
)

select * from renamed
