-- One penalty decision or one case of the ledger. Decisions that are not about intellectual property are kept, with
-- ip_kind none, and counted nowhere.
with places as (
  select * from {{ ref('int_place_regions') }}
),

offenders as (
  select
    decision_id,
    bool_or(is_repeat) as is_repeat
  from {{ ref('int_penalty_offenders') }}
  group by decision_id
),

cases as (
  select
    'penalty_decision' as record_type,
    decisions.decision_id as case_id,
    decisions.decision_no as case_no,
    'penalty' as case_type,
    decisions.ip_kind,
    decisions.ip_kind_rule_id,
    decisions.violation_type,
    decisions.basis,
    decisions.authority,
    decisions.procedure,
    decisions.filed_on as opened_on,
    decisions.decision_date as closed_on,
    decisions.days_to_decision as days_to_close,
    decisions.published_on,
    decisions.working_days_to_publication,
    decisions.fine_yuan,
    decisions.confiscated_yuan,
    cast(null as double) as value_yuan,
    cast(null as bigint) as items,
    cast(null as bigint) as batches,
    decisions.n_parties,
    decisions.n_parties_with_code,
    coalesce(offenders.is_repeat, false) as is_repeat,
    decisions.is_transferred,
    decisions.transferred_on,
    cast(null as {{ dbt.type_string() }}) as result,
    decisions.place_key,
    decisions.is_synthetic,
    {{ provenance('decisions.') }}
  from {{ ref('int_penalty_decisions') }} as decisions
  left join offenders on decisions.decision_id = offenders.decision_id

  union all

  select
    'case' as record_type,
    case_id,
    case_no,
    case_type,
    ip_kind,
    cast(null as {{ dbt.type_string() }}) as ip_kind_rule_id,
    cast(null as {{ dbt.type_string() }}) as violation_type,
    cast(null as {{ dbt.type_string() }}) as basis,
    authority,
    procedure,
    opened_on,
    closed_on,
    days_to_close,
    cast(null as date) as published_on,
    cast(null as bigint) as working_days_to_publication,
    cast(null as double) as fine_yuan,
    cast(null as double) as confiscated_yuan,
    value_yuan,
    items,
    batches,
    cast(null as bigint) as n_parties,
    cast(null as bigint) as n_parties_with_code,
    cast(null as boolean) as is_repeat,
    case_type = 'criminal_transfer' as is_transferred,
    case when case_type = 'criminal_transfer' then opened_on end as transferred_on,
    result,
    place_key,
    is_synthetic,
    {{ provenance() }}
  from {{ ref('int_cases') }}
)

select
  cases.record_type,
  cases.case_id,
  cases.case_no,
  cases.case_type,
  cases.ip_kind,
  cases.ip_kind_rule_id,
  cases.violation_type,
  cases.basis,
  cases.authority,
  cases.procedure,
  cases.opened_on,
  cases.closed_on,
  cases.days_to_close,
  cases.published_on,
  cases.working_days_to_publication,
  cases.fine_yuan,
  cases.confiscated_yuan,
  cases.value_yuan,
  cases.items,
  cases.batches,
  cases.n_parties,
  cases.n_parties_with_code,
  cases.is_repeat,
  cases.is_transferred,
  cases.transferred_on,
  cases.result,
  places.region_code,
  places.management_region_code,
  cases.is_synthetic,
  {{ provenance('cases.') }}
from cases
left join places on cases.place_key = places.address_key
