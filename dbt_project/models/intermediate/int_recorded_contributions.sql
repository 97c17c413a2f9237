-- One dated contribution of one record to one indicator in one region view, whatever its sources cover.
{{ config(materialized='view') }}

{% for model in contribution_models() %}
select
  indicator_id,
  region_view,
  region_code,
  record_type,
  record_id,
  effective_date,
  delta,
  amount,
  {{ provenance() }}
from {{ ref(model) }}
{{ 'union all' if not loop.last }}
{% endfor %}
