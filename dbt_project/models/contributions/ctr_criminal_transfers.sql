-- One case of intellectual property handed to the police, in one region view: enf_criminal_transfers. A case that
-- stands in the ledger under the number of the decision is that decision.
with penalties as (
  select * from {{ ref('int_penalty_decisions') }} where ip_kind != 'none' and transferred_on is not null
),

decided as (
  select distinct decision_no from penalties
),

ledger as (
  select * from {{ ref('int_cases') }} where case_type = 'criminal_transfer'
),

records as (
  select
    place_key,
    decision_id as record_id,
    transferred_on as effective_date,
    {{ provenance() }}
  from penalties

  union all

  select
    ledger.place_key,
    ledger.case_id as record_id,
    ledger.opened_on as effective_date,
    {{ provenance('ledger.') }}
  from ledger
  left join decided on ledger.case_no = decided.decision_no
  where decided.decision_no is null
)

{{ dated_contributions('records', 'criminal_transfer', [('enf_criminal_transfers', 'true', none)]) }}
