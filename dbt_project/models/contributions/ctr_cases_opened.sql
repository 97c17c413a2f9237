-- One case of the ledger opened, in one indicator and region view: aid_cases, and what customs seized in batches,
-- items and value. A seizure that states no number of batches is one.
with records as (
  select
    cases.*,
    case_id as record_id,
    opened_on as effective_date,
    coalesce(batches, 1) as n_batches
  from {{ ref('int_cases') }} as cases
)

{{ dated_contributions('records', 'case', [
  ('aid_cases', "case_type = 'aid'", none),
  ('customs_seizures', "case_type = 'customs_seizure'", 'n_batches'),
  ('customs_seized_items', "case_type = 'customs_seizure'", 'items'),
  ('customs_seized_amount', "case_type = 'customs_seizure'", 'value_yuan'),
]) }}
