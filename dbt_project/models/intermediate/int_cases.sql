-- One case of the ledger as known.
with in_force as (
  {{ records_in_force(ref('stg_case_ledger__cases'), ['case_type', 'case_no']) }}
)

select
  case_type || ' ' || case_no as case_id,
  case_no,
  case_type,
  ip_kind,
  opened_on,
  closed_on,
  procedure,
  result,
  items,
  value_yuan,
  batches,
  authority,
  {{ place_of([district_columns(), ['null', 'null', 'authority']]) }} as place_key,
  case
    when opened_on <= closed_on then {{ days_between('opened_on', 'closed_on') }}
  end as days_to_close,
  is_synthetic,
  {{ provenance() }}
from in_force
