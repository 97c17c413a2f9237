-- One registration of a mark in one class, as delivered (every delivery kept).
with delivered as (
  select * from {{ source('bronze', 'trademarks') }}
),

renamed as (
  select
    registration_no,
    cast(nice_class as int) as nice_class,
    mark_name,
    application_no as mark_application_no,
    cast(application_date as date) as application_date,
    cast(registration_date as date) as registration_date,
    cast(exclusive_from as date) as exclusive_from,
    cast(exclusive_until as date) as exclusive_until,
    status,
    cast(status_date as date) as status_date,
    category,
    is_gi,
    international_registration_no,
    cast(international_registration_date as date) as international_registration_date,
    owner,
    owner_key,
    owner_kind,
    credit_code,
    address,
    division_code,
    address_rest,
    agency,
    source_path,
    cast(source_row as bigint) as source_row,
    source_file_sha256,
    cast(delivered_on as date) as delivered_on,
    is_synthetic,
    coalesce(is_withdrawn, false) as is_withdrawn
  from delivered
)

select * from renamed
