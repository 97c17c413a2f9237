-- One case of the ledger, as delivered (every delivery kept).
with delivered as (
  select * from {{ source('bronze', 'case_ledger') }}
),

renamed as (
  select
    case_no,
    case_type,
    ip_kind,
    cast(opened_on as date) as opened_on,
    cast(closed_on as date) as closed_on,
    procedure,
    result,
    cast(items as bigint) as items,
    cast(value_yuan as double) as value_yuan,
    cast(batches as bigint) as batches,
    district,
    district_division_code,
    district_rest,
    authority,
    source_path,
    cast(source_row as bigint) as source_row,
    source_file_sha256,
    cast(delivered_on as date) as delivered_on,
    is_synthetic,
    coalesce(is_withdrawn, false) as is_withdrawn
  from delivered
)

select * from renamed
