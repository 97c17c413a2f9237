{#- What a record says about its place: the most specific division that was recognised, the words after its name, and the
    words themselves where no division was recognised. The same text for every source, so that one model answers all. -#}

{#- Words that look an address up: what follows the division's name, or the whole text where no division was recognised. -#}
{% macro address_words(division_code, address_rest, address='null') -%}
  coalesce({{ address_rest }}, case when {{ division_code }} is null then {{ address }} end)
{%- endmacro %}

{#- One text that identifies an address for look-ups in int_address_regions. `address` is the text as delivered. -#}
{% macro address_key(division_code, address_rest, address='null') -%}
  coalesce({{ division_code }}, '') || '|' || coalesce({{ address_words(division_code, address_rest, address) }}, '')
{%- endmacro %}

{#- Every column group that names a place: model, division code, rest, text as delivered. A source adds its own here. -#}
{% macro addressed_columns() -%}
  {{ return([
    ['stg_patents__publications', 'division_code', 'address_rest', 'address'],
    ['stg_patent_events__events', 'division_code_after', 'address_rest_after', 'address_after'],
    ['stg_patent_families__members', 'division_code', 'address_rest', 'address'],
    ['stg_trademarks__registrations', 'division_code', 'address_rest', 'address'],
    ['stg_copyrights__registrations', 'division_code', 'address_rest', 'address'],
    ['stg_copyrights__registrations', 'district_division_code', 'district_rest', 'district'],
    ['stg_plant_varieties__applications', 'division_code', 'address_rest', 'address'],
    ['stg_plant_varieties__applications', 'district_division_code', 'district_rest', 'district'],
    ['stg_ic_layouts__registrations', 'division_code', 'address_rest', 'address'],
    ['stg_ic_layouts__registrations', 'district_division_code', 'district_rest', 'district'],
    ['stg_geographical_indications__records', 'division_code', 'address_rest', 'address'],
    ['stg_geographical_indications__records', 'district_division_code', 'district_rest', 'district'],
    ['stg_penalties__decisions', 'authority_division_code', 'authority_rest', 'authority'],
    ['stg_case_ledger__cases', 'district_division_code', 'district_rest', 'district'],
    ['stg_case_ledger__cases', 'null', 'null', 'authority'],
    ['stg_pledges__rights', 'district_division_code', 'district_rest', 'district'],
    ['stg_pledges__rights', 'division_code', 'address_rest', 'address'],
    ['stg_ip_finance__contracts', 'district_division_code', 'district_rest', 'district'],
    ['stg_deals__deals', 'district_division_code', 'district_rest', 'district'],
    ['stg_designations__entries', 'district_division_code', 'district_rest', 'district'],
    ['stg_designations__entries', 'division_code', 'address_rest', 'address'],
    ['stg_activities__events', 'district_division_code', 'district_rest', 'district'],
    ['stg_task_evidence__items', 'district_division_code', 'district_rest', 'district'],
  ]) }}
{%- endmacro %}

{#- Models whose records are placed by one key, for the count of what lies elsewhere: source, model, key. -#}
{% macro placed_models() -%}
  {{ return([
    ['patent_families', 'int_family_members', 'address_key'],
    ['trademarks', 'int_trademarks', 'address_key'],
    ['penalties', 'int_penalties', 'place_key'],
    ['case_ledger', 'int_cases', 'place_key'],
    ['pledges', 'int_pledges', 'place_key'],
    ['ip_finance', 'int_ip_finance', 'place_key'],
    ['deals', 'int_deals', 'place_key'],
    ['designations', 'int_designations', 'place_key'],
    ['activities', 'int_activities', 'place_key'],
    ['task_evidence', 'int_task_evidence', 'place_key'],
  ]) }}
{%- endmacro %}
