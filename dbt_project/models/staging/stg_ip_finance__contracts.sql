-- One insurance policy, securitisation, bond or investment, as delivered (every delivery kept).
with delivered as (
  select * from {{ source('bronze', 'ip_finance') }}
),

renamed as (
  select
    contract_no,
    product_type,
    insurance_kind,
    unit,
    unit_key,
    unit_kind,
    credit_code,
    cast(issued_on as date) as issued_on,
    cast(amount_yuan as double) as amount_yuan,
    cast(premium_yuan as double) as premium_yuan,
    cast(valid_from as date) as valid_from,
    cast(valid_until as date) as valid_until,
    district,
    district_division_code,
    district_rest,
    source_path,
    cast(source_row as bigint) as source_row,
    source_file_sha256,
    cast(delivered_on as date) as delivered_on,
    is_synthetic,
    coalesce(is_withdrawn, false) as is_withdrawn
  from delivered
)

select * from renamed
