-- One measure of one object of a plan's stage assessment: how many targets or tasks have a status, or an indicator's
-- value in its latest full year, with what it was before.
with objects as (
  select * from {{ ref('stg_plan__assessment') }}
),

targets as (
  select * from {{ ref('target_vs_actual') }}
),

versions as (
  select * from {{ ref('dim_plan_target') }} where is_version_in_force
),

tasks as (
  select * from {{ ref('task_status') }}
),

full_years as (
  select * from {{ ref('int_full_years') }}
),

statuses as (
  select * from {{ ref('target_statuses') }}
),

indicators as (
  select * from {{ ref('stg_plan__indicators') }}
),

run as (
  select * from {{ ref('stg_plan__run_parameters') }}
),

target_states as (
  select
    targets.plan_id,
    targets.year,
    targets.status,
    dense_rank() over (partition by targets.plan_id order by targets.year desc) as recency
  from targets
  inner join versions
    on
      targets.plan_id = versions.plan_id
      and targets.target_id = versions.target_id
      and targets.target_version = versions.target_version
  cross join run
  where targets.year <= extract(year from run.as_of)
),

target_counts as (
  select
    plan_id,
    status,
    count(case when recency = 1 then 1 end) as value,
    count(case when recency = 2 then 1 end) as previous_value
  from target_states
  where recency <= 2
  group by plan_id, status
),

target_years as (
  select
    plan_id,
    max(case when recency = 1 then year end) as value_year,
    max(case when recency = 2 then year end) as previous_year
  from target_states
  group by plan_id
),

measures as (
  select
    objects.plan_id,
    objects.object_id,
    target_counts.status as measure_id,
    statuses.title_zh as measure_zh,
    statuses.title_en as measure_en,
    '项' as unit,
    target_years.value_year,
    cast(target_counts.value as double) as value,
    case when target_years.previous_year is not null then cast(target_counts.previous_value as double) end
      as previous_value,
    statuses.sort_order
  from objects
  inner join target_counts on objects.plan_id = target_counts.plan_id
  inner join target_years on objects.plan_id = target_years.plan_id
  left join statuses on target_counts.status = statuses.status
  where objects.measure_kind = 'targets'

  union all

  -- The state of tasks is known for the reference date alone.
  select
    objects.plan_id,
    objects.object_id,
    tasks.status as measure_id,
    max(tasks.status_zh) as measure_zh,
    max(tasks.status_en) as measure_en,
    '项' as unit,
    cast(max(extract(year from run.as_of)) as int) as value_year,
    cast(count(*) as double) as value,
    cast(null as double) as previous_value,
    max(statuses.sort_order) as sort_order
  from objects
  inner join tasks on objects.plan_id = tasks.plan_id
  left join statuses on tasks.status = statuses.status
  cross join run
  where objects.measure_kind = 'tasks'
  group by objects.plan_id, objects.object_id, tasks.status

  union all

  -- An indicator without a value stands there with none.
  select
    objects.plan_id,
    objects.object_id,
    objects.indicator_id as measure_id,
    indicators.title_zh as measure_zh,
    indicators.title_en as measure_en,
    indicators.unit_zh as unit,
    full_years.value_year,
    full_years.value,
    full_years.previous_value,
    objects.sort_order
  from objects
  left join indicators on objects.indicator_id = indicators.indicator_id
  left join full_years on objects.plan_id = full_years.plan_id and objects.indicator_id = full_years.indicator_id
  where objects.measure_kind = 'indicator'
),

titled as (
  select distinct
    plan_id,
    object_id,
    title_zh,
    title_en,
    min(sort_order) over (partition by plan_id, object_id) as object_order
  from objects
)

select
  measures.plan_id,
  measures.object_id,
  titled.title_zh as object_zh,
  titled.title_en as object_en,
  measures.measure_id,
  measures.measure_zh,
  measures.measure_en,
  measures.unit,
  measures.value_year,
  measures.value,
  measures.previous_value,
  cast(titled.object_order as int) as object_order,
  cast(measures.sort_order as int) as sort_order
from measures
inner join titled on measures.plan_id = titled.plan_id and measures.object_id = titled.object_id
