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
