-- One target version and one year of its plan: what documents show by the end of that year.
with targets as (
  select * from {{ ref('stg_plan__targets') }}
),

years as (
  select * from {{ ref('int_plan_years') }}
),

evidence as (
  select * from {{ ref('int_evidence_terms') }}
)

select
  targets.plan_id,
  targets.target_id,
  targets.target_version,
  years.plan_year,
  cast(count(*) as bigint) as evidence_count,
  min(evidence.valid_from) as first_evidence_on,
  max(evidence.valid_from) as last_evidence_on,
  min(case when {{ is_in_list('evidence.stage', 'targets.done_stages') }} then evidence.valid_from end) as done_on,
  cast(count(case when {{ is_in_list('evidence.stage', 'targets.under_way_stages') }} then 1 end) as bigint)
    as n_under_way
from targets
inner join years on targets.plan_id = years.plan_id
inner join evidence
  on
    targets.plan_id = evidence.plan_id
    and targets.target_id = evidence.subject_id
    and years.year_end >= evidence.valid_from
    and years.year_end < evidence.valid_to
group by targets.plan_id, targets.target_id, targets.target_version, years.plan_year
