-- Every sum that a plan says must hold does, among its own figures and among values.
{{ config(meta={'dagster': {'ref': {'name': 'identity_check'}}}) }}

select
  plan_id,
  identity_id,
  region_code,
  region_view,
  period_type,
  period_end,
  total_value,
  parts_sum,
  gap
from {{ ref('identity_check') }}
where not holds
