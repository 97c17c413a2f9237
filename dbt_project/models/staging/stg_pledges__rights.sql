-- One right in one pledge registration, as delivered (every delivery kept).
with delivered as (
  select * from {{ source('bronze', 'pledges') }}
),

renamed as (
  select
    registration_no,
    right_type,
    right_no,
    application_no,
    right_name,
    cast(registration_date as date) as registration_date,
    pledgor,
    pledgor_key,
    pledgor_kind,
    pledgor_credit_code,
    pledgee,
    cast(amount_yuan as double) as amount_yuan,
    cast(released_on as date) as released_on,
    is_rollover,
    enterprise_size,
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
