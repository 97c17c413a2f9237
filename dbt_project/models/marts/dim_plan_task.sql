-- One written task of a plan.
select
  plan_id,
  task_id,
  section,
  title_zh,
  title_en,
  strength,
  evidence,
  evidence_en,
  data_kind,
  same_as,
  proxy_indicators,
  needed_items,
  item_names,
  done_stages
from {{ ref('stg_plan__tasks') }}
