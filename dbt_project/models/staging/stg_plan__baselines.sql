-- One figure a plan states about its starting point.
with delivered as (
  select * from {{ source('inputs', 'plan_baselines') }}
),

renamed as (
  select
    plan_id,
    baseline_id,
    title_zh,
    title_en,
    section,
    indicator_id,
    cast(value as double) as value,
    value_text,
    unit,
    precision_flag,
    kind,
    period_type,
    cast(period_start as date) as period_start,
    cast(period_end as date) as period_end,
    cast(previous_value_low as double) as previous_value_low,
    cast(previous_value_high as double) as previous_value_high,
    growth_text,
    growth_kind,
    cast(growth_value as double) as growth_value,
    milestone_state,
    same_as,
    done_stages,
    under_way_stages
  from delivered
)

select * from renamed
