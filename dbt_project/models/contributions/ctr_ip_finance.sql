-- One insurance policy, securitisation, bond or investment in one indicator and region view, by the day of issue.
with records as (
  select
    contracts.*,
    contract_id as record_id,
    issued_on as effective_date
  from {{ ref('int_ip_finance') }} as contracts
)

{{ dated_contributions('records', 'finance_contract', [
  ('insurance_policies', "product_type = 'insurance'", none),
  ('insured_amount', "product_type = 'insurance'", 'amount_yuan'),
  ('insurance_premium', "product_type = 'insurance'", 'premium_yuan'),
  ('securitisation_issues', "product_type in ('securitisation', 'bond')", none),
  ('securitisation_amount', "product_type in ('securitisation', 'bond')", 'amount_yuan'),
  ('investments', "product_type = 'investment'", none),
  ('investment_amount', "product_type = 'investment'", 'amount_yuan'),
]) }}
