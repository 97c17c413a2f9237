-- One registration of a layout design of an integrated circuit, as delivered (every delivery kept).
with delivered as (
  select * from {{ source('bronze', 'ic_layouts') }}
),

renamed as (
  select
    registration_no,
    layout_name,
    owner,
    owner_key,
    owner_kind,
    address,
    division_code,
    address_rest,
    district,
    district_division_code,
    district_rest,
    cast(application_date as date) as application_date,
    cast(certificate_date as date) as certificate_date,
    source_path,
    cast(source_row as bigint) as source_row,
    source_file_sha256,
    cast(delivered_on as date) as delivered_on,
    is_synthetic,
    coalesce(is_withdrawn, false) as is_withdrawn
  from delivered
)

select * from renamed
