-- One city or area whose values come from records: the division codes in it and the rules its plan in force sets.
-- A plan whose values others publish places no record.
with plans as (
  select * from {{ ref('stg_plan__plans') }} where actuals = 'records'
),

ranked as (
  select
    plan_id,
    city_code,
    population_rule,
    population_fixed_reference,
    high_pledge_amount,
    province_zh,
    row_number() over (
      partition by city_code order by is_current desc, issued_on desc, plan_id asc
    ) as preference
  from plans
)

select
  city_code,
  plan_id as deciding_plan_id,
  population_rule,
  population_fixed_reference,
  high_pledge_amount,
  province_zh,
  -- GB/T 2260: a province ends in 0000, a prefecture in 00; what lies inside shares the digits before.
  case
    when right(city_code, 4) = '0000' then left(city_code, 2)
    when right(city_code, 2) = '00' then left(city_code, 4)
    else city_code
  end as division_prefix
from ranked
where preference = 1
