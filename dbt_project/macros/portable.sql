{#- Constructs that engines write differently or, worse, answer differently. `default__` is DuckDB, `spark__` serves Spark
    and its relatives. Everything else in the models is SQL that both read alike. -#}

{#- Rows of a delimited text, inside a select list: one row per part. -#}
{% macro split_to_rows(expression, separator) %}{{ return(adapter.dispatch('split_to_rows')(expression, separator)) }}{% endmacro %}
{% macro default__split_to_rows(expression, separator) -%}
  unnest(string_split({{ expression }}, '{{ separator }}'))
{%- endmacro %}
{% macro spark__split_to_rows(expression, separator) -%}
  explode(split({{ expression }}, '[{{ separator }}]'))
{%- endmacro %}

{#- One text from the texts of a group, sorted, so that the same rows always give the same text. -#}
{% macro sorted_list(expression, separator=', ') %}{{ return(adapter.dispatch('sorted_list')(expression, separator)) }}{% endmacro %}
{% macro default__sorted_list(expression, separator) -%}
  string_agg({{ expression }}, '{{ separator }}' order by {{ expression }})
{%- endmacro %}
{% macro spark__sorted_list(expression, separator) -%}
  array_join(array_sort(collect_list({{ expression }})), '{{ separator }}')
{%- endmacro %}

{#- A day some months or days later, as a date: date arithmetic gives a timestamp on some engines. -#}
{% macro add_months(day, months) -%}
  cast({{ dbt.dateadd('month', months, day) }} as date)
{%- endmacro %}
{% macro add_days(day, days) -%}
  cast({{ dbt.dateadd('day', days, day) }} as date)
{%- endmacro %}

{#- Whole days from one day to another. -#}
{% macro days_between(first_day, last_day) -%}
  cast({{ dbt.datediff(first_day, last_day, 'day') }} as bigint)
{%- endmacro %}

{#- The middle of a group's numbers; the mean of the two middle ones where their count is even. -#}
{% macro median(expression) %}{{ return(adapter.dispatch('median')(expression)) }}{% endmacro %}
{% macro default__median(expression) -%}
  cast(percentile_cont(0.5) within group (order by {{ expression }}) as double)
{%- endmacro %}

{#- Rows of a JSON list of plain words, inside a select list: one row per word, none for an empty list. -#}
{% macro words_of_list(expression) -%}
  {{ split_to_rows("nullif(translate(" ~ expression ~ ", '[]\" ', ''), '')", ',') }}
{%- endmacro %}

{#- Is a word one of a JSON list of plain words? A missing list has none. -#}
{% macro is_in_list(word, list) -%}
  coalesce(instr({{ list }}, '"' || {{ word }} || '"') > 0, false)
{%- endmacro %}
