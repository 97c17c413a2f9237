-- One value that others publish, as it enters the indicator values: the latest known of an indicator, region and period.
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
