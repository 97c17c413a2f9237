-- One figure a plan states about its starting point.
select
  plan_id,
  baseline_id,
  title_zh,
  title_en,
  section,
  indicator_id,
  value,
  value_text,
  unit,
  precision_flag,
  kind,
  period_type,
  period_start,
  period_end,
  previous_value_low,
  previous_value_high,
  growth_text
from {{ ref('stg_plan__baselines') }}
