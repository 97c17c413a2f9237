-- One version of one target series of a plan.
with targets as (
  select * from {{ ref('stg_plan__targets') }}
),

run as (
  select * from {{ ref('stg_plan__run_parameters') }}
),

ranked as (
  select
    targets.*,
    row_number() over (
      partition by targets.plan_id, targets.target_id
      order by (targets.valid_from > run.as_of), targets.valid_from desc, targets.target_version desc
    ) as recency
  from targets
  cross join run
)

select
  plan_id,
  target_id,
  target_version,
  valid_from,
  decided_on,
  decided_by,
  title_zh,
  title_en,
  section,
  indicator_id,
  region_code,
  method,
  comparator,
  direction,
  unit,
  baseline_value,
  baseline_period,
  baseline_note,
  baseline_note_en,
  target_value,
  target_year,
  kind,
  precision_flag,
  binding,
  no_target_thresholds_are_ours,
  wording,
  proxy_indicators,
  note,
  note_en,
  needs_indicators,
  done_stages,
  under_way_stages,
  recency = 1 as is_version_in_force
from ranked
