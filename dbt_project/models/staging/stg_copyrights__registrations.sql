-- One registration of a copyright, as delivered (every delivery kept).
with delivered as (
  select * from {{ source('bronze', 'copyrights') }}
),

renamed as (
  select
    registration_no,
    certificate_no,
    work_kind,
    title,
    version,
    owner,
    owner_key,
    owner_kind,
    credit_code,
    address,
    division_code,
    address_rest,
    district,
    district_division_code,
    district_rest,
    cast(first_published_on as date) as first_published_on,
    cast(registration_date as date) as registration_date,
    acquisition,
    source_path,
    cast(source_row as bigint) as source_row,
    source_file_sha256,
    cast(delivered_on as date) as delivered_on,
    is_synthetic,
    coalesce(is_withdrawn, false) as is_withdrawn
  from delivered
)

select * from renamed
