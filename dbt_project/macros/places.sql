{#- Where a record of protection, finance and programmes belongs: its district as delivered, else its address, each as
    (division code, rest, text) in order of preference. Null where it names none of them. -#}
{% macro place_of(groups) -%}
  case
    {%- for division_code, rest, words in groups %}
    when coalesce({{ division_code }}, {{ rest }}, {{ words }}) is not null
      then {{ address_key(division_code, rest, words) }}
    {%- endfor %}
  end
{%- endmacro %}

{% macro district_columns() -%}
  {{ return(['district_division_code', 'district_rest', 'district']) }}
{%- endmacro %}

{% macro address_columns() -%}
  {{ return(['division_code', 'address_rest', 'address']) }}
{%- endmacro %}
