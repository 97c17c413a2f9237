-- One delivered file.
with delivered as (
  select * from {{ source('bronze', 'delivered_files') }}
),

renamed as (
  select
    source,
    batch_id,
    source_path,
    source_file_sha256,
    cast(delivered_on as date) as delivered_on,
    is_synthetic,
    reader,
    encoding,
    status,
    cast(rows_in as bigint) as rows_in,
    cast(rows_out as bigint) as rows_out,
    cast(rows_quarantined as bigint) as rows_quarantined,
    cast(rows_duplicate as bigint) as rows_duplicate,
    unknown_columns,
    rejects_by_reason,
    message
  from delivered
)

select * from renamed
