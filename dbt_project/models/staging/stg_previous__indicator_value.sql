-- One value of the release before.
with delivered as (
  select * from {{ source('inputs', 'previous_indicator_value') }}
),

renamed as (
  select
    indicator_id,
    region_code,
    region_view,
    period_type,
    cast(period_end as date) as period_end,
    cast(value as double) as value,
    cast(numerator as double) as numerator,
    cast(denominator as double) as denominator,
    unit,
    obs_status,
    population_vintage,
    cast(n_records as bigint) as n_records,
    cast(period_start as date) as period_start,
    cast(observed_until as date) as observed_until
  from delivered
)

select * from renamed
