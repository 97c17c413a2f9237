-- One officially published value, as delivered (every delivery kept).
with delivered as (
  select * from {{ source('bronze', 'official_figures') }}
),

renamed as (
  select
    indicator_id,
    region_code,
    period_type,
    cast(period_start as date) as period_start,
    cast(period_end as date) as period_end,
    cast(value as double) as value,
    unit,
    cast(decimals as int) as decimals,
    cast(published_on as date) as published_on,
    publisher,
    document,
    note,
    source_path,
    cast(source_row as bigint) as source_row,
    source_file_sha256,
    cast(delivered_on as date) as delivered_on,
    is_synthetic,
    coalesce(is_withdrawn, false) as is_withdrawn
  from delivered
)

select * from renamed
