-- One insurance policy, securitisation, bond or investment as known.
with in_force as (
  {{ records_in_force(ref('stg_ip_finance__contracts'), ['product_type', 'contract_no']) }}
)

select
  in_force.product_type || ' ' || in_force.contract_no as contract_id,
  in_force.contract_no,
  in_force.product_type,
  in_force.insurance_kind,
  in_force.unit,
  in_force.unit_key,
  in_force.credit_code,
  coalesce(party_by_code.party_id, party_by_name.party_id) as party_id,
  in_force.issued_on,
  in_force.amount_yuan,
  in_force.premium_yuan,
  in_force.valid_from,
  in_force.valid_until,
  {{ place_of([district_columns()]) }} as place_key,
  in_force.is_synthetic,
  {{ provenance('in_force.') }}
from in_force
{{ party_joins('in_force.credit_code', 'in_force.unit_key') }}
