-- One indicator in the city or area of a plan: its value of the latest year that is observed to its end, and of the
-- year before.
with plans as (
  select * from {{ ref('stg_plan__plans') }}
),

preferred_views as (
  select * from {{ ref('int_preferred_views') }}
),

yearly as (
  select
    facts.*,
    cast(extract(year from facts.period_end) as int) as value_year
  from {{ ref('fct_indicator_value') }} as facts
  where facts.period_type = 'year' and facts.observed_until >= facts.period_end
),

ranked as (
  select
    plans.plan_id,
    plans.city_code as region_code,
    preferred_views.region_view,
    yearly.indicator_id,
    yearly.value_year,
    yearly.value,
    yearly.unit,
    yearly.obs_status,
    row_number() over (
      partition by plans.plan_id, yearly.indicator_id order by yearly.value_year desc
    ) as recency
  from plans
  inner join preferred_views on plans.city_code = preferred_views.region_code
  inner join yearly
    on preferred_views.region_code = yearly.region_code and preferred_views.region_view = yearly.region_view
)

select
  latest.plan_id,
  latest.region_code,
  latest.region_view,
  latest.indicator_id,
  latest.value_year,
  latest.value,
  before.value as previous_value,
  latest.unit,
  latest.obs_status
from ranked as latest
left join ranked as before
  on
    latest.plan_id = before.plan_id
    and latest.indicator_id = before.indicator_id
    and latest.value_year - 1 = before.value_year
where latest.recency = 1
