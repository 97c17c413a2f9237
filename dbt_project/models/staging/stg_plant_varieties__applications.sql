-- One application for a plant variety right, as delivered (every delivery kept).
with delivered as (
  select * from {{ source('bronze', 'plant_varieties') }}
),

renamed as (
  select
    application_no,
    variety_name,
    species,
    register,
    applicant,
    applicant_key,
    applicant_kind,
    address,
    division_code,
    address_rest,
    district,
    district_division_code,
    district_rest,
    cast(application_date as date) as application_date,
    grant_no,
    cast(grant_date as date) as grant_date,
    cast(ended_on as date) as ended_on,
    source_path,
    cast(source_row as bigint) as source_row,
    source_file_sha256,
    cast(delivered_on as date) as delivered_on,
    is_synthetic,
    coalesce(is_withdrawn, false) as is_withdrawn
  from delivered
)

select * from renamed
