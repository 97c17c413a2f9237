-- One task whose plan names proxies: the first of them that has a value in its latest full year.
with tasks as (
  select * from {{ ref('stg_plan__tasks') }}
),

full_years as (
  select * from {{ ref('int_full_years') }}
),

indicators as (
  select * from {{ ref('stg_plan__indicators') }}
),

named as (
  select
    plan_id,
    task_id,
    proxy_indicators,
    {{ words_of_list('proxy_indicators') }} as indicator_id
  from tasks
),

ranked as (
  select
    named.plan_id,
    named.task_id,
    full_years.indicator_id,
    full_years.value_year,
    full_years.value,
    full_years.previous_value,
    full_years.unit,
    indicators.direction,
    row_number() over (
      partition by named.plan_id, named.task_id
      -- As the plan lists them.
      order by instr(named.proxy_indicators, '"' || named.indicator_id || '"')
    ) as preference
  from named
  inner join full_years on named.plan_id = full_years.plan_id and named.indicator_id = full_years.indicator_id
  inner join indicators on named.indicator_id = indicators.indicator_id
  where full_years.value is not null
)

select
  plan_id,
  task_id,
  indicator_id,
  value_year,
  value,
  previous_value,
  unit,
  direction
from ranked
where preference = 1
