-- One delivered row and one business key it carries, as known: by this a row is found again in a later delivery.
{{ config(materialized='view') }}

with delivered as (
  {% for source, model, keys in business_keys() %}
  select
    '{{ source }}' as source,
    {{ business_key(keys) }} as business_key,
    is_withdrawn,
    {{ provenance() }}
  from {{ ref(model) }}
  {{ 'union all' if not loop.last }}
  {% endfor %}
)

{{ known_rows_of_sources('delivered') }}
