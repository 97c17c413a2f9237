-- One unit or item on one official list as known.
with in_force as (
  {{ records_in_force(
    ref('stg_designations__entries'),
    ['list_type', 'level', 'list_year', 'batch', 'unit_key', 'item_name', 'item_no']
  ) }}
)

select
  in_force.list_type,
  in_force.list_year,
  in_force.batch,
  in_force.level,
  in_force.document_no,
  in_force.approved_on,
  in_force.unit,
  in_force.unit_key,
  in_force.unit_kind,
  in_force.credit_code,
  -- The same unit on several lists: by its credit code, else by its normalised name.
  coalesce(party_by_code.party_id, party_by_name.party_id) as party_id,
  in_force.item_name,
  in_force.item_no,
  in_force.application_no,
  in_force.route,
  in_force.award_class,
  in_force.valid_from,
  in_force.valid_until,
  in_force.removed_on,
  {{ place_of([district_columns(), address_columns()]) }} as place_key,
  -- The business key as one text, for drill-down.
  in_force.list_type || ' ' || coalesce(in_force.level, '-') || ' '
  || coalesce(cast(in_force.list_year as {{ dbt.type_string() }}), '-') || ' ' || coalesce(in_force.batch, '-') || ' '
  || coalesce(in_force.unit_key, '-') || ' ' || coalesce(in_force.item_name, '-') || ' '
  || coalesce(in_force.item_no, '-') as designation_id,
  in_force.is_synthetic,
  {{ provenance('in_force.') }}
from in_force
{{ party_joins('in_force.credit_code', 'in_force.unit_key') }}
