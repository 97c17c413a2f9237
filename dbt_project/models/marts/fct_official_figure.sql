-- One officially published value of an indicator, region and period, per document: every vintage, in the order of
-- publication, with the value it replaced.
with figures as (
  select * from {{ ref('int_official_figures') }}
),

ordered as (
  select
    figures.*,
    row_number() over (
      partition by indicator_id, region_code, period_type, period_end
      order by published_on asc nulls first, delivered_on asc, source_path asc, source_row asc
    ) as revision_no,
    count(*) over (partition by indicator_id, region_code, period_type, period_end) as n_revisions,
    lag(value) over (
      partition by indicator_id, region_code, period_type, period_end
      order by published_on asc nulls first, delivered_on asc, source_path asc, source_row asc
    ) as previous_value
  from figures
)

select
  indicator_id,
  region_code,
  period_type,
  period_start,
  period_end,
  document,
  value,
  unit,
  decimals,
  published_on,
  publisher,
  note,
  cast(revision_no as bigint) as revision_no,
  previous_value,
  value - previous_value as revised_by,
  revision_no = n_revisions as is_in_force,
  source_path,
  source_row,
  source_file_sha256,
  delivered_on
from ordered
