-- One value that others publish, as it enters the indicator values: the latest known of its indicator and period.
select
  indicator_id,
  region_code,
  period_type,
  period_start,
  period_end,
  value,
  published_on,
  document,
  {{ provenance() }}
from {{ ref('int_published_values') }}
