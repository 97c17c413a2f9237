{#- What one record contributes once, on one day, wherever it lies. `records` names a CTE with place_key, record_id,
    effective_date, the provenance columns and what the list of indicators asks for: each is (indicator, condition,
    amount), where the amount is a column or none for a plain count. A record without a place or outside the plans' areas
    adds nothing; an amount that is not known adds nothing. -#}
{% macro dated_contributions(records, record_type, indicators) %}
  {% for indicator_id, condition, amount in indicators %}
  select
    '{{ indicator_id }}' as indicator_id,
    address_regions.region_view,
    address_regions.region_code,
    '{{ record_type }}' as record_type,
    counted.record_id,
    counted.effective_date,
    cast(1 as bigint) as delta,
    cast({{ 'counted.' ~ amount if amount else 'null' }} as double) as amount,
    {{ provenance('counted.') }}
  from (
    select * from {{ records }} where {{ condition }} and effective_date is not null
  ) as counted
  inner join {{ ref('int_address_regions') }} as address_regions on counted.place_key = address_regions.address_key
  where address_regions.region_code is not null{% if amount %} and counted.{{ amount }} is not null{% endif %}

  {{ 'union all' if not loop.last }}
  {% endfor %}
{% endmacro %}
