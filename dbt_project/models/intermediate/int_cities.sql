-- One planned city: which division codes lie in it, and the rules its plan in force sets.
with plans as (
  select * from {{ ref('stg_plan__plans') }}
),

ranked as (
  select
    plan_id,
    city_code,
    population_rule,
    population_fixed_reference,
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
  -- GB/T 2260: a province ends in 0000, a prefecture in 00; what lies inside shares the digits before.
  case
    when right(city_code, 4) = '0000' then left(city_code, 2)
    when right(city_code, 2) = '00' then left(city_code, 4)
    else city_code
  end as division_prefix
from ranked
where preference = 1
