{#- Records of a source as known: what nearly every source needs before its own rules begin. -#}

{#- The latest known delivery of each business key; a key whose latest delivery withdraws it is gone. -#}
{% macro records_in_force(relation, business_key) -%}
  select ranked.*
  from (
    select
      known.*,
      row_number() over (partition by {{ business_key | join(', ') }} order by {{ latest_first() }}) as lateness
    from ({{ known_rows(relation) }}) as known
  ) as ranked
  where ranked.lateness = 1 and not ranked.is_withdrawn
{%- endmacro %}

{#- Intervals of one owner that overlap or touch, as one: `relation` has the owner's columns, record_id, present_from,
    present_to and the provenance of both ends (`from_…`, `to_…`); `carried` are columns taken from the record that opens. -#}
{% macro united_intervals(relation, owner, carried=[]) %}
  select
    {{ owner | join(', ') }},
    {%- for column in carried + ['record_id'] %}
    max(case when opening_rank = 1 then {{ column }} end) as {{ column }},
    {%- endfor %}
    min(present_from) as present_from,
    max(present_to) as present_to,
    {%- for side, rank in [('from_', 'opening_rank'), ('to_', 'closing_rank')] %}
    {%- for column in provenance_columns() %}
    max(case when {{ rank }} = 1 then {{ side }}{{ column }} end) as {{ side }}{{ column }}{{ ',' if not loop.last }}
    {%- endfor %}{{ ',' if not loop.last }}
    {%- endfor %}
  from (
    select
      grouped.*,
      row_number() over (
        partition by {{ owner | join(', ') }}, island order by present_from, record_id
      ) as opening_rank,
      row_number() over (
        partition by {{ owner | join(', ') }}, island order by present_to desc, record_id
      ) as closing_rank
    from (
      select
        reached.*,
        sum(case when reached_before >= present_from then 0 else 1 end) over (
          partition by {{ owner | join(', ') }} order by present_from, record_id
          rows between unbounded preceding and current row
        ) as island
      from (
        select
          intervals.*,
          max(present_to) over (
            partition by {{ owner | join(', ') }} order by present_from, record_id
            rows between unbounded preceding and 1 preceding
          ) as reached_before
        from {{ relation }} as intervals
        where present_from < present_to
      ) as reached
    ) as grouped
  ) as ranked
  group by {{ owner | join(', ') }}, island
{% endmacro %}

{#- The four columns where no record of another source decides. -#}
{% macro no_provenance() -%}
  cast(null as {{ dbt.type_string() }}) as source_path,
    cast(null as bigint) as source_row,
    cast(null as {{ dbt.type_string() }}) as source_file_sha256,
    cast(null as date) as delivered_on
{%- endmacro %}

{#- A text beside a printed field, of the latest record that prints that field: null where that record leaves the text
    empty (max_by alone would take an earlier one). -#}
{% macro latest_printed(column, printed) -%}
  nullif(max_by(coalesce({{ column }}, ''), recency) filter (where {{ printed }}), '')
{%- endmacro %}

{#- Where the latest record that prints a field stands. -#}
{% macro latest_provenance(printed, to_prefix) -%}
  {%- for column in provenance_columns() %}
  max_by({{ column }}, recency) filter (where {{ printed }}) as {{ to_prefix }}{{ column }}{{ ',' if not loop.last }}
  {%- endfor %}
{%- endmacro %}
