-- One entry of a list under one counting rule: what is counted, and the time [valid_from, valid_to) in which it holds.
with designations as (
  select * from {{ ref('int_designations') }}
),

rules as (
  select * from {{ ref('designation_rules') }}
)

select
  rules.indicator_id,
  rules.kind,
  rules.rule_id,
  designations.designation_id,
  designations.list_type,
  designations.level,
  designations.unit,
  -- A list's year is what the list says, else the year it was approved in.
  coalesce(designations.list_year, extract(year from designations.approved_on)) as list_year,
  -- Units are known by credit code, else by name; projects by number, else by name.
  case rules.counted_by
    when 'unit'
      then coalesce(
        designations.party_id, designations.credit_code, designations.unit_key, designations.item_name
      )
    when 'item'
      then coalesce(
        designations.item_no,
        designations.item_name || coalesce(' ' || designations.unit_key, ''),
        designations.party_id,
        designations.unit_key
      )
    when 'year'
      then cast(
        coalesce(designations.list_year, extract(year from designations.approved_on)) as {{ dbt.type_string() }}
      )
  end as entity,
  designations.approved_on,
  coalesce(designations.valid_from, designations.approved_on) as valid_from,
  least(
    -- The printed last day is still inside.
    coalesce(
      {{ add_days('designations.valid_until', 1) }},
      case
        when rules.validity_years is not null then {{ add_months(
          'coalesce(designations.valid_from, designations.approved_on)', '(12 * rules.validity_years)'
        ) }}
      end,
      {{ open_end() }}
    ),
    coalesce(designations.removed_on, {{ open_end() }})
  ) as valid_to,
  designations.valid_until is null and designations.removed_on is null and rules.validity_years is not null
    as is_end_by_rule,
  designations.place_key,
  designations.is_synthetic,
  {{ provenance('designations.') }}
from designations
inner join rules
  on
    designations.list_type = rules.list_type
    and (rules.level is null or designations.level = rules.level)
    and (rules.route is null or designations.route = rules.route)
