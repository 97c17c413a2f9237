-- One foreign member of a patent family, as delivered (every delivery kept).
with delivered as (
  select * from {{ source('bronze', 'patent_families') }}
),

renamed as (
  select
    application_no,
    member_office,
    member_application_no,
    member_publication_no,
    member_kind,
    cast(filing_date as date) as filing_date,
    cast(publication_date as date) as publication_date,
    cast(grant_date as date) as grant_date,
    status,
    applicant,
    applicant_key,
    applicant_kind,
    address,
    division_code,
    address_rest,
    family_id,
    source_path,
    cast(source_row as bigint) as source_row,
    source_file_sha256,
    cast(delivered_on as date) as delivered_on,
    is_synthetic,
    coalesce(is_withdrawn, false) as is_withdrawn
  from delivered
)

select * from renamed
