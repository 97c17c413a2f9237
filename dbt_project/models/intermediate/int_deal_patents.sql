-- One patent of one deal as known; a deal that names no patent is one row without.
with in_force as (
  {{ records_in_force(ref('stg_deals__deals'), ['deal_type', 'deal_no', 'application_no']) }}
)

select
  deal_type || ' ' || deal_no as deal_id,
  deal_no,
  deal_type,
  application_no,
  deal_date,
  amount_yuan,
  seller,
  seller_key,
  buyer,
  buyer_key,
  is_high_value,
  platform,
  {{ place_of([district_columns()]) }} as place_key,
  is_synthetic,
  {{ provenance() }}
from in_force
