-- One party of one penalty decision as known. A decision is its number and its authority.
with in_force as (
  {{ records_in_force(ref('stg_penalties__decisions'), ['decision_no', 'offender_key', 'offender_credit_code']) }}
)

select
  in_force.decision_no || ' ' || in_force.authority as decision_id,
  in_force.decision_no,
  in_force.authority,
  {{ place_of([['in_force.authority_division_code', 'in_force.authority_rest', 'in_force.authority']]) }} as place_key,
  in_force.offender,
  in_force.offender_key,
  in_force.offender_kind,
  in_force.offender_credit_code,
  coalesce(party_by_code.party_id, party_by_name.party_id) as party_id,
  in_force.violation_type,
  in_force.facts,
  in_force.basis,
  in_force.penalty_class,
  in_force.content,
  in_force.fine_yuan,
  in_force.confiscated_yuan,
  in_force.decision_date,
  in_force.published_on,
  in_force.filed_on,
  in_force.procedure,
  in_force.is_transferred,
  in_force.transferred_on,
  in_force.is_synthetic,
  {{ provenance('in_force.') }}
from in_force
{{ party_joins('in_force.offender_credit_code', 'in_force.offender_key') }}
