{#- What two releases are compared by. -#}

{#- Is it the same contribution? Where it was delivered is no part of what it says: a list sent again revises nothing. -#}
{% macro same_contribution(left, right) -%}
  {{ left }}.indicator_id = {{ right }}.indicator_id
    and {{ left }}.region_view = {{ right }}.region_view
    and {{ left }}.region_code = {{ right }}.region_code
    and {{ left }}.record_type = {{ right }}.record_type
    and {{ left }}.record_id = {{ right }}.record_id
    and {{ left }}.effective_date = {{ right }}.effective_date
    and {{ left }}.delta = {{ right }}.delta
    and {{ left }}.amount is not distinct from {{ right }}.amount
{%- endmacro %}

{#- Do two rows come from the same delivered line? -#}
{% macro same_line(left, right) -%}
  {{ left }}.source_file_sha256 = {{ right }}.source_file_sha256
    and {{ left }}.source_path = {{ right }}.source_path
    and {{ left }}.source_row = {{ right }}.source_row
{%- endmacro %}

{#- The source a delivered file belongs to: the first folder of its path in landing. -#}
{% macro source_of(path) -%}
  split_part({{ path }}, '/', 1)
{%- endmacro %}

{#- The kinds of period, with the first day of the one a day lies in. -#}
{% macro period_starts(day) -%}
  {%- set in_year = 'cast(extract(year from ' ~ day ~ ') as int)' -%}
  {%- set in_month = 'cast(extract(month from ' ~ day ~ ') as int)' -%}
  {{ return([
    ['month', 'make_date(' ~ in_year ~ ', ' ~ in_month ~ ', 1)'],
    ['quarter', 'make_date(' ~ in_year ~ ', ' ~ in_month ~ ' - (' ~ in_month ~ ' - 1) % 3, 1)'],
    ['half', 'make_date(' ~ in_year ~ ', ' ~ in_month ~ ' - (' ~ in_month ~ ' - 1) % 6, 1)'],
    ['year', 'make_date(' ~ in_year ~ ', 1, 1)'],
    ['plan', 'make_date(' ~ in_year ~ ' - (' ~ in_year ~ ' - 1) % 5, 1, 1)'],
  ]) }}
{%- endmacro %}

{#- The first day of the period of one kind that a day lies in. -#}
{% macro period_start_of(period_type, day) -%}
  case {{ period_type }}
    {%- for kind, first_day in period_starts(day) %}
    when '{{ kind }}' then {{ first_day }}
    {%- endfor %}
  end
{%- endmacro %}

{#- Why two releases differ where no record says so: what else changed between them. -#}
{% macro reason_without_record(comparison) -%}
  case
    when {{ comparison }}.are_rules_changed then 'rule_change'
    when {{ comparison }}.is_code_changed then 'code_version'
    else 'related_delivery'
  end
{%- endmacro %}

{#- Do two values differ, where a missing one differs from every other? (`is distinct from` for select lists.) -#}
{% macro differs(left, right) -%}
  coalesce({{ left }} != {{ right }} or ({{ left }} is null) != ({{ right }} is null), false)
{%- endmacro %}

{#- The line that caused a change: of the first (condition, prefix of its columns) that holds. -#}
{% macro cause_of(choices) -%}
  {%- for column in provenance_columns() %}
    case{% for condition, prefix in choices %} when {{ condition }} then {{ prefix }}{{ column }}{% endfor %} end
      as cause_{{ column }}{{ ',' if not loop.last }}
  {%- endfor %}
{%- endmacro %}
