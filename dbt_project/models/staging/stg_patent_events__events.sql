-- One legal event of a patent, as delivered (every delivery kept).
with delivered as (
  select * from {{ source('bronze', 'patent_events') }}
),

renamed as (
  select
    application_no,
    publication_no,
    patent_type,
    event_code,
    event_title,
    cast(event_date as date) as event_date,
    cast(effective_date as date) as effective_date,
    contract_no,
    licence_kind,
    party_before_key,
    party_after_key,
    address_after,
    division_code_after,
    address_rest_after,
    source_path,
    cast(source_row as bigint) as source_row,
    source_file_sha256,
    cast(delivered_on as date) as delivered_on,
    is_synthetic,
    coalesce(is_withdrawn, false) as is_withdrawn
  from delivered
)

select * from renamed
