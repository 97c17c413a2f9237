-- One survey result, as delivered (every delivery kept).
with delivered as (
  select * from {{ source('bronze', 'surveys') }}
),

renamed as (
  select
    survey_type,
    period_type,
    cast(period_start as date) as period_start,
    cast(period_end as date) as period_end,
    region_code,
    cast(score as double) as score,
    cast(sample_size as bigint) as sample_size,
    organiser,
    cast(published_on as date) as published_on,
    source_path,
    cast(source_row as bigint) as source_row,
    source_file_sha256,
    cast(delivered_on as date) as delivered_on,
    is_synthetic,
    coalesce(is_withdrawn, false) as is_withdrawn
  from delivered
)

select * from renamed
