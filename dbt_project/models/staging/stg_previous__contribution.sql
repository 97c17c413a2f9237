-- One contribution of the release before.
with delivered as (
  select * from {{ source('inputs', 'previous_contribution') }}
),

renamed as (
  select
    indicator_id,
    region_view,
    region_code,
    record_type,
    record_id,
    cast(effective_date as date) as effective_date,
    cast(delta as bigint) as delta,
    cast(amount as double) as amount,
    source_path,
    cast(source_row as bigint) as source_row,
    source_file_sha256,
    cast(delivered_on as date) as delivered_on
  from delivered
)

select * from renamed
