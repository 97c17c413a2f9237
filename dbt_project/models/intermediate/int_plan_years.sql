-- One plan and one of its years.
with plans as (
  select * from {{ ref('stg_plan__plans') }}
)

select
  plans.plan_id,
  plans.period_start - 1 as base_year,
  plans.period_start + cast(spine.n as int) as plan_year,
  make_date(plans.period_start + cast(spine.n as int), 12, 31) as year_end
from plans
cross join range(0, 100) as spine (n)
where plans.period_start + spine.n <= plans.period_end
