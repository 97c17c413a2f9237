{#- Every source as a view over its Parquet files, made anew at the start of each run: the paths belong to a warehouse, so
    they are no part of the parsed project. `IPW_BRONZE`, `IPW_QUARANTINE` and `IPW_INPUTS` say where the files lie. -#}
{% macro open_delivered_files() %}{{ return(adapter.dispatch('open_delivered_files')()) }}{% endmacro %}

{% macro default__open_delivered_files() -%}
  {%- if execute and flags.WHICH != 'seed' -%}{#- seeds are loaded without a warehouse -#}
    {%- for schema in ['bronze', 'quarantine', 'inputs'] %}
      create schema if not exists {{ schema }};
    {%- endfor %}
    {%- for table in graph.sources.values() %}
      create or replace view {{ table.schema }}.{{ table.name }} as
      select * from read_parquet('{{ delivered_path(table) }}', union_by_name = true);
    {%- endfor %}
  {%- endif -%}
{%- endmacro %}

{% macro spark__open_delivered_files() -%}
  {%- if execute -%}
    {%- for table in graph.sources.values() %}
      create or replace temporary view {{ table.name }} using parquet options (path '{{ delivered_path(table) }}');
    {%- endfor %}
  {%- endif -%}
{%- endmacro %}

{#- A source's `meta.files` is what follows its name in the folder named by `IPW_<SCHEMA>`. -#}
{% macro delivered_path(table) -%}
  {{ return((env_var('IPW_' ~ table.schema | upper) ~ '/' ~ table.name ~ table.config.meta.files) | replace("'", "''")) }}
{%- endmacro %}
