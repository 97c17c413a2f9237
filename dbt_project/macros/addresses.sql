{#- One text that identifies an address for look-ups: the most specific division it names, and what follows that name. -#}
{% macro address_key(division_code, address_rest) -%}
  coalesce({{ division_code }}, '') || '|' || coalesce({{ address_rest }}, '')
{%- endmacro %}
