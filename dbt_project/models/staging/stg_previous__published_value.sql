-- One published value in force in the release before.
with delivered as (
  select * from {{ source('inputs', 'previous_published_value') }}
),

renamed as (
  select
    indicator_id,
    region_code,
    period_type,
    cast(period_end as date) as period_end,
    cast(value as double) as value,
    cast(published_on as date) as published_on,
    document,
    source_path,
    cast(source_row as bigint) as source_row,
    source_file_sha256,
    cast(delivered_on as date) as delivered_on
  from delivered
)

select * from renamed
