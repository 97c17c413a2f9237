{#- Bitemporal reading of append-only bronze: what a row says (its dates) and when it was delivered (`delivered_on`). -#}

{#- Rows delivered up to the run's knowledge date; population has one of its own. -#}
{% macro known_rows(relation, knowledge_date='known_at') -%}
  select delivered.*
  from {{ relation }} as delivered
  cross join {{ ref('stg_plan__run_parameters') }} as run
  where delivered.delivered_on <= run.{{ knowledge_date }}
{%- endmacro %}

{#- The same of a relation over all sources: each up to its own knowledge date. -#}
{% macro known_rows_of_sources(relation) -%}
  select delivered.*
  from {{ relation }} as delivered
  cross join {{ ref('stg_plan__run_parameters') }} as run
  where
    delivered.delivered_on <= case when delivered.source = 'population' then run.population_known_at else run.known_at end
{%- endmacro %}

{#- Order that puts the record in force first: the later delivery wins; inside one delivery the place in the files, and
    of a file delivered twice in a day with other contents always the same one. -#}
{% macro latest_first() -%}
  delivered_on desc, source_path desc, source_row desc, source_file_sha256 desc
{%- endmacro %}

{#- The order of delivery; the reverse of the one above. -#}
{% macro earliest_first() -%}
  delivered_on, source_path, source_row, source_file_sha256
{%- endmacro %}

{#- The four columns that lead from a row back to the delivered file and line. -#}
{% macro provenance_columns() -%}
  {{ return(['source_path', 'source_row', 'source_file_sha256', 'delivered_on']) }}
{%- endmacro %}

{% macro provenance(from_prefix='', to_prefix='') -%}
  {%- for column in provenance_columns() %}
    {{ from_prefix }}{{ column }} as {{ to_prefix }}{{ column }}{{ ',' if not loop.last }}
  {%- endfor %}
{%- endmacro %}

{#- The same four, from one record where the condition holds and from another where it does not. -#}
{% macro provenance_choice(condition, then_prefix, else_prefix, to_prefix) -%}
  {%- for column in provenance_columns() %}
    case when {{ condition }} then {{ then_prefix }}{{ column }} else {{ else_prefix }}{{ column }} end
      as {{ to_prefix }}{{ column }}{{ ',' if not loop.last }}
  {%- endfor %}
{%- endmacro %}

{#- The same four, from the one row of a group that the condition picks. -#}
{% macro provenance_picked(condition, to_prefix) -%}
  {%- for column in provenance_columns() %}
    max(case when {{ condition }} then {{ column }} end) as {{ to_prefix }}{{ column }}{{ ',' if not loop.last }}
  {%- endfor %}
{%- endmacro %}

{#- The same four, of the row for which an order is least. -#}
{% macro provenance_least(order, to_prefix) -%}
  {%- for column in provenance_columns() %}
    min_by({{ column }}, {{ order }}) as {{ to_prefix }}{{ column }}{{ ',' if not loop.last }}
  {%- endfor %}
{%- endmacro %}

{#- The same four, from the next row of a window. -#}
{% macro provenance_of_next(window, to_prefix) -%}
  {%- for column in provenance_columns() %}
    lead({{ column }}) over ({{ window }}) as {{ to_prefix }}{{ column }}{{ ',' if not loop.last }}
  {%- endfor %}
{%- endmacro %}
