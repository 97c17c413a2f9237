-- One version of one target series of a plan.
with delivered as (
  select * from {{ source('inputs', 'plan_targets') }}
),

renamed as (
  select
    plan_id,
    target_id,
    cast(target_version as int) as target_version,
    cast(valid_from as date) as valid_from,
    cast(decided_on as date) as decided_on,
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
    cast(baseline_value as double) as baseline_value,
    baseline_period,
    baseline_note,
    baseline_note_en,
    cast(target_value as double) as target_value,
    cast(target_year as int) as target_year,
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
    under_way_stages
  from delivered
)

select * from renamed
