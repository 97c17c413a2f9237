-- One plan.
with delivered as (
  select * from {{ source('inputs', 'plans') }}
),

renamed as (
  select
    plan_id,
    title_zh,
    title_en,
    document_no,
    issuer,
    cast(issued_on as date) as issued_on,
    city_code,
    cast(period_start as int) as period_start,
    cast(period_end as int) as period_end,
    population_rule,
    cast(population_fixed_reference as date) as population_fixed_reference,
    sei_version,
    is_current,
    source,
    actuals,
    cast(high_pledge_amount as double) as high_pledge_amount,
    high_pledge_note,
    high_pledge_note_en,
    province_zh,
    province_en
  from delivered
)

select * from renamed
