-- One publication or grant of an application, as delivered (every delivery kept).
with delivered as (
  select * from {{ source('bronze', 'patents') }}
),

renamed as (
  select
    application_no,
    publication_no,
    publication_kind,
    cast(publication_date as date) as publication_date,
    patent_type,
    title,
    cast(filing_date as date) as filing_date,
    grant_publication_no,
    grant_publication_kind,
    cast(grant_date as date) as grant_date,
    applicant,
    applicant_key,
    applicant_kind,
    cast(applicant_count as int) as applicant_count,
    address,
    division_code,
    address_rest,
    main_ipc,
    ipc,
    parent_application_no,
    legal_status,
    cast(legal_status_date as date) as legal_status_date,
    keywords,
    abstract,
    source_path,
    cast(source_row as bigint) as source_row,
    source_file_sha256,
    cast(delivered_on as date) as delivered_on,
    is_synthetic,
    coalesce(is_withdrawn, false) as is_withdrawn
  from delivered
)

select * from renamed
