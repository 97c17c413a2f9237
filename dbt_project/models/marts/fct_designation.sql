-- One unit or item on one official list, and how long it holds where a rule says so.
with designations as (
  select * from {{ ref('int_designations') }}
),

places as (
  select * from {{ ref('int_place_regions') }}
),

run as (
  select * from {{ ref('stg_plan__run_parameters') }}
),

terms as (
  select
    designation_id,
    max(valid_to) as valid_to,
    bool_or(is_end_by_rule) as is_end_by_rule,
    {{ sorted_list('indicator_id') }} as indicator_ids
  from {{ ref('int_designation_terms') }}
  group by designation_id
),

held as (
  select
    designations.*,
    coalesce(designations.valid_from, designations.approved_on) as held_from,
    coalesce(
      terms.valid_to,
      least(
        coalesce({{ add_days('designations.valid_until', 1) }}, {{ open_end() }}),
        coalesce(designations.removed_on, {{ open_end() }})
      )
    ) as held_to,
    coalesce(terms.is_end_by_rule, false) as is_end_by_rule,
    terms.indicator_ids
  from designations
  left join terms on designations.designation_id = terms.designation_id
)

select
  held.designation_id,
  held.list_type,
  held.list_year,
  held.batch,
  held.level,
  held.document_no,
  held.approved_on,
  held.unit,
  held.credit_code,
  held.party_id,
  held.item_name,
  held.item_no,
  held.application_no,
  held.route,
  held.award_class,
  held.held_from as valid_from,
  nullif(held.held_to, {{ open_end() }}) as valid_to,
  held.is_end_by_rule,
  held.removed_on,
  held.held_from <= run.as_of and run.as_of < held.held_to as is_valid,
  held.indicator_ids,
  places.region_code,
  places.management_region_code,
  held.is_synthetic,
  {{ provenance('held.') }}
from held
cross join run
left join places on held.place_key = places.address_key
