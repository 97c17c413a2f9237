-- One insurance policy, securitisation, bond or investment.
with contracts as (
  select * from {{ ref('int_ip_finance') }}
),

places as (
  select * from {{ ref('int_place_regions') }}
)

select
  contracts.contract_id,
  contracts.contract_no,
  contracts.product_type,
  contracts.insurance_kind,
  contracts.unit,
  contracts.credit_code,
  contracts.party_id,
  contracts.issued_on,
  contracts.amount_yuan,
  contracts.premium_yuan,
  contracts.valid_from,
  contracts.valid_until,
  places.region_code,
  places.management_region_code,
  contracts.is_synthetic,
  {{ provenance('contracts.') }}
from contracts
left join places on contracts.place_key = places.address_key
