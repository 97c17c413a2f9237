-- One survey result as known: what was asked, region, period and who surveyed.
with in_force as (
  {{ records_in_force(
    ref('stg_surveys__scores'),
    ['survey_type', 'region_code', 'period_type', 'period_end', 'organiser']
  ) }}
)

select
  survey_type,
  region_code,
  period_type,
  period_start,
  period_end,
  score,
  sample_size,
  organiser,
  published_on,
  is_synthetic,
  {{ provenance() }}
from in_force
