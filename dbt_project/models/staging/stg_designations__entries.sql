-- One unit or item on one official list, as delivered (every delivery kept).
with delivered as (
  select * from {{ source('bronze', 'designations') }}
),

renamed as (
  select
    list_type,
    cast(list_year as bigint) as list_year,
    batch,
    level,
    document_no,
    cast(approved_on as date) as approved_on,
    unit,
    unit_key,
    unit_kind,
    credit_code,
    item_name,
    item_no,
    application_no,
    route,
    award_class,
    cast(valid_from as date) as valid_from,
    cast(valid_until as date) as valid_until,
    cast(removed_on as date) as removed_on,
    district,
    district_division_code,
    district_rest,
    address,
    division_code,
    address_rest,
    source_path,
    cast(source_row as bigint) as source_row,
    source_file_sha256,
    cast(delivered_on as date) as delivered_on,
    is_synthetic,
    coalesce(is_withdrawn, false) as is_withdrawn
  from delivered
)

select * from renamed
