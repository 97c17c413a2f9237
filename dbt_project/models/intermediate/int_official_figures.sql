-- One officially published value as known: indicator, region, period and document.
with figures as (
  {{ known_rows(ref('stg_official_figures__values')) }}
),

ranked as (
  select
    figures.*,
    row_number() over (
      partition by indicator_id, region_code, period_type, period_end, document order by {{ latest_first() }}
    ) as lateness
  from figures
)

select
  indicator_id,
  region_code,
  period_type,
  period_start,
  period_end,
  value,
  unit,
  decimals,
  published_on,
  publisher,
  document,
  note,
  {{ provenance() }}
from ranked
where lateness = 1 and not is_withdrawn
