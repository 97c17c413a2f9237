-- One row of any source, as delivered up to the knowledge date, and the party it names.
{{ config(materialized='view') }}

{% for source, model, name, name_key, kind, credit_code in naming_columns() %}
select
  '{{ source }}' as source,
  {{ name }} as name,
  {{ name_key }} as name_key,
  {{ kind }} as kind,
  cast({{ credit_code }} as {{ dbt.type_string() }}) as credit_code,
  delivered_on
from ({{ known_rows(ref(model)) }}) as mentions
{{ 'union all' if not loop.last }}
{% endfor %}
