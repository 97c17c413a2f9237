{#- Time as half-open intervals [from, to). Open ends are far dates inside the models and null in the marts. -#}

{% macro open_start() -%} date '1000-01-01' {%- endmacro %}
{% macro open_end() -%} date '9999-12-31' {%- endmacro %}

{#- The regional attribution of patents changes with grants of this day (design 6, domain B.4). -#}
{% macro attribution_break() -%} date '2021-01-01' {%- endmacro %}

{#- What a record adds to a stock: +1 on the day it becomes present, -1 on the day it stops.
    `intervals` names a CTE with indicator_id, region_view, region_code, record_id, present_from, present_to and the
    provenance of both ends (`from_…`, `to_…`). -#}
{% macro presence_contributions(intervals, record_type) %}
  select
    indicator_id,
    region_view,
    region_code,
    '{{ record_type }}' as record_type,
    record_id,
    present_from as effective_date,
    cast(1 as bigint) as delta,
    cast(null as double) as amount,
    {{ provenance('from_') }}
  from {{ intervals }}
  where region_code is not null and present_from < present_to

  union all

  select
    indicator_id,
    region_view,
    region_code,
    '{{ record_type }}' as record_type,
    record_id,
    present_to as effective_date,
    cast(-1 as bigint) as delta,
    cast(null as double) as amount,
    {{ provenance('to_') }}
  from {{ intervals }}
  where region_code is not null and present_from < present_to and present_to < {{ open_end() }}
{% endmacro %}
