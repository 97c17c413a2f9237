-- One dated contribution of one record to one indicator in one region view, as far as its sources are covered.
{{ config(materialized='view') }}

with contributions as (
  select * from {{ ref('int_recorded_contributions') }}
),

coverage as (
  select * from {{ ref('int_indicator_coverage') }}
)

select
  contributions.indicator_id,
  contributions.region_view,
  contributions.region_code,
  contributions.record_type,
  contributions.record_id,
  contributions.effective_date,
  contributions.delta,
  contributions.amount,
  {{ provenance('contributions.') }}
from contributions
inner join coverage on contributions.indicator_id = coverage.indicator_id
-- What takes effect later (the end of a term, say) is known but has not happened yet.
where contributions.effective_date <= coverage.observed_until
