-- One patent of one deal, as delivered (every delivery kept).
with delivered as (
  select * from {{ source('bronze', 'deals') }}
),

renamed as (
  select
    deal_no,
    deal_type,
    application_no,
    cast(deal_date as date) as deal_date,
    cast(amount_yuan as double) as amount_yuan,
    seller,
    seller_key,
    buyer,
    buyer_key,
    is_high_value,
    platform,
    district,
    district_division_code,
    district_rest,
    source_path,
    cast(source_row as bigint) as source_row,
    source_file_sha256,
    cast(delivered_on as date) as delivered_on,
    is_synthetic,
    coalesce(is_withdrawn, false) as is_withdrawn
  from delivered
)

select * from renamed
