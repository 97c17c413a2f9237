-- One task: what documents show of it at the reference date, and how many of its parts are done.
with tasks as (
  select * from {{ ref('stg_plan__tasks') }}
),

evidence as (
  select evidence.*
  from {{ ref('int_evidence_terms') }} as evidence
  cross join {{ ref('stg_plan__run_parameters') }} as run
  where evidence.valid_to > run.as_of
),

-- The last year that documents are known for to its end.
full_year as (
  select
    cast(
      extract(year from {{ add_days('least(coverage.coverage_to, run.as_of)', 1) }}) as int
    ) - 1 as full_year
  from {{ ref('int_source_coverage') }} as coverage
  cross join {{ ref('stg_plan__run_parameters') }} as run
  where coverage.source = 'task_evidence' and coverage.coverage_to is not null
)

select
  tasks.plan_id,
  tasks.task_id,
  cast(count(evidence.evidence_id) as bigint) as evidence_count,
  min(evidence.valid_from) as first_evidence_on,
  max(evidence.valid_from) as last_evidence_on,
  cast(
    case
      when tasks.needed_items > 1
        then
          count(
            distinct case
              when
                {{ is_in_list('evidence.stage', 'tasks.done_stages') }}
                and (tasks.item_names = '[]' or {{ is_in_list('evidence.item', 'tasks.item_names') }})
                then evidence.item
            end
          )
      else max(case when {{ is_in_list('evidence.stage', 'tasks.done_stages') }} then 1 else 0 end)
    end as bigint
  ) as items_done,
  max(full_year.full_year) as full_year,
  cast(count(case when extract(year from evidence.valid_from) = full_year.full_year then 1 end) as bigint)
    as documents_in_year,
  cast(count(case when extract(year from evidence.valid_from) = full_year.full_year - 1 then 1 end) as bigint)
    as documents_year_before
from tasks
left join full_year on true
left join evidence on tasks.plan_id = evidence.plan_id and tasks.task_id = evidence.subject_id
group by tasks.plan_id, tasks.task_id, tasks.needed_items, tasks.item_names, tasks.done_stages
