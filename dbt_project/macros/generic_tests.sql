{#- Generic tests beside dbt's own four; written here because nothing is fetched from outside. -#}

{#- The grain: no two rows share these columns, and none of them is null where a key needs all of them. -#}
{% test unique_combination(model, columns) %}
select
  {{ columns | join(', ') }},
  count(*) as n_rows
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1
{% endtest %}

{#- A condition every row satisfies; null counts as a failure unless the condition allows it. -#}
{% test expression_is_true(model, expression) %}
select *
from {{ model }}
where not coalesce({{ expression }}, false)
{% endtest %}
