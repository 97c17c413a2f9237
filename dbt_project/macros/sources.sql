{#- The sources that have a contract, in the order of the plan's work. A new contract adds its name here; the project's
    tests compare this list with the contracts. -#}
{% macro delivered_sources() -%}
  {{ return(['patents', 'patent_events', 'patent_families', 'trademarks', 'penalties', 'case_ledger', 'pledges',
             'ip_finance', 'deals', 'copyrights', 'plant_varieties', 'ic_layouts', 'geographical_indications',
             'designations', 'activities', 'surveys', 'population', 'official_figures', 'task_evidence']) }}
{%- endmacro %}

{#- The models that turn records into contributions. Adding an indicator is one of these and one catalogue entry. -#}
{% macro contribution_models() -%}
  {{ return(['ctr_patent_applications', 'ctr_patent_grants', 'ctr_inv_valid', 'ctr_inv_high_value',
             'ctr_patent_events',
             'ctr_trademarks', 'ctr_tm_madrid', 'ctr_patent_families', 'ctr_other_rights', 'ctr_geographical_indications',
             'ctr_penalties', 'ctr_criminal_transfers', 'ctr_cases_closed', 'ctr_cases_opened', 'ctr_pledges',
             'ctr_pledges_open', 'ctr_ip_finance', 'ctr_deals', 'ctr_reserve', 'ctr_designation_stocks',
             'ctr_designation_flows', 'ctr_platform_functions', 'ctr_activities']) }}
{%- endmacro %}

{#- By what a source knows the same record again: source, its staging model, and the keys of its contract. Where there are
    two, the first counts for rows that fill its first column. The project's tests compare this list with the contracts. -#}
{% macro business_keys() -%}
  {{ return([
    ['patents', 'stg_patents__publications',
     [['publication_no', 'publication_kind'], ['application_no', 'legal_status_date']]],
    ['patent_events', 'stg_patent_events__events',
     [['application_no', 'event_code', 'event_date', 'contract_no'],
      ['publication_no', 'event_code', 'event_date', 'contract_no']]],
    ['patent_families', 'stg_patent_families__members', [['member_office', 'member_publication_no', 'member_kind']]],
    ['trademarks', 'stg_trademarks__registrations', [['registration_no', 'nice_class']]],
    ['penalties', 'stg_penalties__decisions', [['decision_no', 'offender_key', 'offender_credit_code']]],
    ['case_ledger', 'stg_case_ledger__cases', [['case_type', 'case_no']]],
    ['pledges', 'stg_pledges__rights', [['registration_no', 'right_type', 'right_no']]],
    ['ip_finance', 'stg_ip_finance__contracts', [['product_type', 'contract_no']]],
    ['deals', 'stg_deals__deals', [['deal_type', 'deal_no', 'application_no']]],
    ['copyrights', 'stg_copyrights__registrations', [['registration_no']]],
    ['plant_varieties', 'stg_plant_varieties__applications', [['register', 'application_no']]],
    ['ic_layouts', 'stg_ic_layouts__registrations', [['registration_no']]],
    ['geographical_indications', 'stg_geographical_indications__records',
     [['register', 'record_type', 'gi_no', 'user_key']]],
    ['designations', 'stg_designations__entries',
     [['list_type', 'level', 'list_year', 'batch', 'unit_key', 'item_name', 'item_no']]],
    ['activities', 'stg_activities__events', [['activity_type', 'held_on', 'title', 'district']]],
    ['surveys', 'stg_surveys__scores',
     [['survey_type', 'region_code', 'period_type', 'period_end', 'organiser']]],
    ['population', 'stg_population__figures', [['region_code', 'reference_date', 'kind', 'vintage']]],
    ['official_figures', 'stg_official_figures__values',
     [['indicator_id', 'region_code', 'period_type', 'period_end', 'document']]],
    ['task_evidence', 'stg_task_evidence__items',
     [['plan_id', 'subject_id', 'stage', 'title', 'event_date', 'item']]],
  ]) }}
{%- endmacro %}

{#- A source's key as one text. -#}
{% macro business_key(keys) -%}
  case
    {%- for columns in keys %}
    when {{ 'true' if loop.last else columns[0] ~ ' is not null' }}
      then {% for column in columns -%}
        {{ " || '|' || " if not loop.first }}coalesce(cast({{ column }} as {{ dbt.type_string() }}), '')
      {%- endfor %}
    {%- endfor %}
  end
{%- endmacro %}
