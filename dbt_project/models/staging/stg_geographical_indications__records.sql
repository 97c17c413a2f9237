-- One geographical indication or one unit authorised to use its special sign, as delivered (every delivery kept).
with delivered as (
  select * from {{ source('bronze', 'geographical_indications') }}
),

renamed as (
  select
    register,
    record_type,
    gi_no,
    gi_name,
    holder,
    delivered.user as user_name,
    user_key,
    user_kind,
    credit_code,
    cast(registered_on as date) as registered_on,
    cast(ended_on as date) as ended_on,
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
