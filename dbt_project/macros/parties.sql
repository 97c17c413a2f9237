{#- Parties: who a record names. One list of the columns that name parties, and one way to look a party up. -#}

{#- Source, model, and its columns: name, normalised name, kind, credit code (`null` where the source has none). A source
    that names parties adds its own here. -#}
{% macro naming_columns() -%}
  {{ return([
    ['patents', 'stg_patents__publications', 'applicant', 'applicant_key', 'applicant_kind', 'null'],
    ['patent_families', 'stg_patent_families__members', 'applicant', 'applicant_key', 'applicant_kind', 'null'],
    ['trademarks', 'stg_trademarks__registrations', 'owner', 'owner_key', 'owner_kind', 'credit_code'],
    ['copyrights', 'stg_copyrights__registrations', 'owner', 'owner_key', 'owner_kind', 'credit_code'],
    ['plant_varieties', 'stg_plant_varieties__applications', 'applicant', 'applicant_key', 'applicant_kind', 'null'],
    ['ic_layouts', 'stg_ic_layouts__registrations', 'owner', 'owner_key', 'owner_kind', 'null'],
    ['geographical_indications', 'stg_geographical_indications__records', 'user_name', 'user_key', 'user_kind',
     'credit_code'],
    ['penalties', 'stg_penalties__decisions', 'offender', 'offender_key', 'offender_kind', 'offender_credit_code'],
    ['pledges', 'stg_pledges__rights', 'pledgor', 'pledgor_key', 'pledgor_kind', 'pledgor_credit_code'],
    ['ip_finance', 'stg_ip_finance__contracts', 'unit', 'unit_key', 'unit_kind', 'credit_code'],
    ['deals', 'stg_deals__deals', 'seller', 'seller_key', 'null', 'null'],
    ['deals', 'stg_deals__deals', 'buyer', 'buyer_key', 'null', 'null'],
    ['designations', 'stg_designations__entries', 'unit', 'unit_key', 'unit_kind', 'credit_code'],
  ]) }}
{%- endmacro %}

{#- Joins that find a record's party: `coalesce(party_by_code.party_id, party_by_name.party_id)`. The code decides. -#}
{% macro party_joins(credit_code, name_key) -%}
  left join {{ ref('int_party_identifiers') }} as party_by_code
    on party_by_code.identifier_type = 'credit_code' and {{ credit_code }} = party_by_code.identifier
  left join {{ ref('int_party_identifiers') }} as party_by_name
    on party_by_name.identifier_type = 'name_key' and {{ name_key }} = party_by_name.identifier
{%- endmacro %}
