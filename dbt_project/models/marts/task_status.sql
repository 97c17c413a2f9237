-- One written task of a plan and its state at the reference date. D is done by documents alone and never by a number;
-- S is judged by counts and their trend; E is reported and never scored.
with tasks as (
  select * from {{ ref('stg_plan__tasks') }}
),

documents as (
  select * from {{ ref('int_task_documents') }}
),

proxies as (
  select * from {{ ref('int_task_proxies') }}
),

targets as (
  select * from {{ ref('target_vs_actual') }}
),

versions as (
  select * from {{ ref('dim_plan_target') }} where is_version_in_force
),

run as (
  select * from {{ ref('stg_plan__run_parameters') }}
),

reasons as (
  select * from {{ ref('status_reasons') }}
),

statuses as (
  select * from {{ ref('target_statuses') }}
),

counted as (
  select
    tasks.plan_id,
    tasks.task_id,
    tasks.section,
    tasks.title_zh,
    tasks.title_en,
    tasks.strength,
    tasks.same_as,
    tasks.needed_items,
    tasks.proxy_indicators,
    documents.evidence_count,
    documents.first_evidence_on,
    documents.last_evidence_on,
    documents.items_done,
    instr(tasks.strength, 'D') > 0 as has_d,
    instr(tasks.strength, 'S') > 0 as has_s,
    proxies.indicator_id as proxy_indicator_id,
    proxies.unit as proxy_unit,
    -- The series a standing activity is judged by: its proxy, and where there is none the documents of each year.
    case when proxies.indicator_id is not null then proxies.value_year else documents.full_year end as count_year,
    case
      when proxies.indicator_id is not null then proxies.value
      when documents.evidence_count > 0 then cast(documents.documents_in_year as double)
    end as count_value,
    case
      when proxies.indicator_id is not null then proxies.previous_value
      when documents.evidence_count > 0 then cast(documents.documents_year_before as double)
    end as previous_count_value,
    coalesce(proxies.direction, 'up') as count_direction,
    -- Documents of the running year show that an activity goes on even if the year before had none.
    proxies.indicator_id is null and extract(year from documents.last_evidence_on) > documents.full_year as goes_on
  from tasks
  inner join documents on tasks.plan_id = documents.plan_id and tasks.task_id = documents.task_id
  left join proxies on tasks.plan_id = proxies.plan_id and tasks.task_id = proxies.task_id
),

standing as (
  select
    counted.*,
    case
      when count_value is null then 'no_evidence'
      when count_direction = 'down' and count_value > previous_count_value then 'counts_worsened'
      when count_direction = 'down' then 'counts_held_up'
      when count_value = 0 and goes_on then 'counts_held_up'
      when count_value = 0 and (previous_count_value > 0 or evidence_count > 0) then 'counts_stopped'
      when count_value = 0 then 'no_evidence'
      when count_value < previous_count_value then 'counts_fell'
      else 'counts_held_up'
    end as count_reason
  from counted
),

judged as (
  select
    standing.*,
    case
      when has_d and items_done >= coalesce(needed_items, 1) then 'all_parts_done'
      when has_d and items_done > 0 then 'some_parts_done'
      when has_d and evidence_count > 0 then 'shown_under_way'
      when has_s then count_reason
      when not has_d and evidence_count > 0 then 'encouragement_reported'
      else 'no_evidence'
    end as own_reason
  from standing
),

own as (
  select
    judged.*,
    case
      when own_reason = 'all_parts_done' then 'done'
      when own_reason in ('some_parts_done', 'shown_under_way') then 'in_progress'
      when own_reason = 'counts_held_up' then 'active'
      when own_reason in ('counts_fell', 'counts_stopped', 'counts_worsened') then 'declining'
      when own_reason = 'encouragement_reported' then 'reported'
      else 'no_evidence'
    end as own_status
  from judged
),

-- A task that is a target has the status of that target in the year of the reference date, at latest the plan's last.
target_years as (
  select
    targets.plan_id,
    targets.target_id,
    targets.status,
    row_number() over (partition by targets.plan_id, targets.target_id order by targets.year desc) as recency
  from targets
  inner join versions
    on
      targets.plan_id = versions.plan_id
      and targets.target_id = versions.target_id
      and targets.target_version = versions.target_version
  cross join run
  where targets.year <= extract(year from run.as_of)
),

resolved as (
  select
    own.*,
    case
      when target_years.target_id is not null then target_years.status
      when same_task.task_id is not null then same_task.own_status
      else own.own_status
    end as status,
    case
      when target_years.target_id is not null then 'same_as_target'
      when same_task.task_id is not null then 'same_as_task'
      else own.own_reason
    end as reason
  from own
  left join target_years
    on own.plan_id = target_years.plan_id and own.same_as = target_years.target_id and target_years.recency = 1
  left join own as same_task on own.plan_id = same_task.plan_id and own.same_as = same_task.task_id
)

select
  resolved.plan_id,
  resolved.task_id,
  resolved.section,
  resolved.title_zh,
  resolved.title_en,
  resolved.strength,
  resolved.same_as,
  resolved.evidence_count,
  resolved.first_evidence_on,
  resolved.last_evidence_on,
  resolved.items_done,
  resolved.needed_items as items_needed,
  resolved.proxy_indicators,
  resolved.proxy_indicator_id,
  case when resolved.proxy_indicator_id is not null then resolved.count_year end as proxy_year,
  case when resolved.proxy_indicator_id is not null then resolved.count_value end as proxy_value,
  case when resolved.proxy_indicator_id is not null then resolved.previous_count_value end as proxy_previous_value,
  resolved.proxy_unit,
  case
    when resolved.count_value > resolved.previous_count_value then 'up'
    when resolved.count_value < resolved.previous_count_value then 'down'
    when resolved.count_value = resolved.previous_count_value then 'flat'
  end as trend,
  resolved.status,
  resolved.reason,
  statuses.title_zh as status_zh,
  statuses.title_en as status_en,
  reasons.reason_zh,
  reasons.reason_en
from resolved
left join statuses on resolved.status = statuses.status
left join reasons on resolved.reason = reasons.reason
