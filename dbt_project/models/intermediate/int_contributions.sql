-- One dated contribution of one record to one indicator in one region view, as far as its sources are covered.
{{ config(materialized='view') }}

with contributions as (
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
),

coverage as (
  select * from {{ ref('int_indicator_coverage') }}
)

select contributions.*
from contributions
inner join coverage on contributions.indicator_id = coverage.indicator_id
-- What takes effect later (the end of a term, say) is known but has not happened yet.
where contributions.effective_date <= coverage.observed_until
