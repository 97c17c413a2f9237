-- One delivered file and contract field: its profile.
with delivered as (
  select * from {{ source('bronze', 'delivered_fields') }}
),

renamed as (
  select
    source,
    batch_id,
    source_path,
    source_file_sha256,
    cast(delivered_on as date) as delivered_on,
    field,
    header_as_delivered,
    is_present,
    cast(n_rows as bigint) as n_rows,
    cast(n_null as bigint) as n_null,
    cast(n_distinct as bigint) as n_distinct,
    min_text,
    max_text,
    cast(n_rejected as bigint) as n_rejected
  from delivered
)

select * from renamed
