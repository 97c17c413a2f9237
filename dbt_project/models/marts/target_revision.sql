-- One target version, region and year whose target, actual value or status differs from the release before, or that one
-- of the two releases does not have.
with comparison as (
  select * from {{ ref('release_comparison') }}
),

before as (
  select targets.*
  from {{ ref('stg_previous__target_vs_actual') }} as targets
  cross join comparison
),

this_release as (
  select targets.*
  from {{ ref('target_vs_actual') }} as targets
  cross join comparison
),

decisions as (
  select * from {{ ref('dim_plan_target') }}
),

revisions as (
  select * from {{ ref('indicator_revision') }} where period_type = 'year'
),

compared as (
  select
    coalesce(this_release.plan_id, before.plan_id) as plan_id,
    coalesce(this_release.target_id, before.target_id) as target_id,
    coalesce(this_release.target_version, before.target_version) as target_version,
    coalesce(this_release.indicator_id, before.indicator_id) as indicator_id,
    coalesce(this_release.region_code, before.region_code) as region_code,
    coalesce(this_release.region_view, before.region_view) as region_view,
    coalesce(this_release.year, before.year) as year,
    before.target_value as old_target_value,
    this_release.target_value as new_target_value,
    before.actual_value as old_actual_value,
    this_release.actual_value as new_actual_value,
    before.status as old_status,
    this_release.status as new_status,
    this_release.reason as new_reason,
    case
      when before.plan_id is null then 'version_added'
      when this_release.plan_id is null then 'version_removed'
      when
        {{ differs('before.target_value', 'this_release.target_value') }}
        or {{ differs('before.target_year', 'this_release.target_year') }}
        or {{ differs('before.comparator', 'this_release.comparator') }}
        then 'target_changed'
      when {{ differs('before.actual_value', 'this_release.actual_value') }} then 'actual_changed'
      when {{ differs('before.status', 'this_release.status') }} then 'status_changed'
    end as change
  from this_release
  full outer join before
    on
      this_release.plan_id = before.plan_id
      and this_release.target_id = before.target_id
      and this_release.target_version = before.target_version
      and this_release.indicator_id is not distinct from before.indicator_id
      and this_release.region_code = before.region_code
      and this_release.year = before.year
)

select
  compared.plan_id,
  compared.target_id,
  compared.target_version,
  compared.indicator_id,
  compared.region_code,
  compared.year,
  compared.change,
  compared.old_target_value,
  compared.new_target_value,
  compared.old_actual_value,
  compared.new_actual_value,
  compared.old_status,
  compared.new_status,
  decisions.decided_by,
  case
    when compared.change in ('version_added', 'version_removed', 'target_changed') then 'target_change'
    when compared.change = 'actual_changed' and revisions.reasons is not null then revisions.reasons
    -- Documents show a milestone; the calendar ends a year.
    when compared.new_reason in ('shown_done', 'shown_under_way', 'documents_reported') then 'related_delivery'
    when comparison.old_as_of != comparison.new_as_of then 'source_coverage'
    else {{ reason_without_record('comparison') }}
  end as reasons,
  comparison.old_release_id,
  comparison.new_release_id
from compared
cross join comparison
left join decisions
  on
    compared.plan_id = decisions.plan_id
    and compared.target_id = decisions.target_id
    and compared.target_version = decisions.target_version
    and compared.indicator_id is not distinct from decisions.indicator_id
left join revisions
  on
    compared.indicator_id = revisions.indicator_id
    and compared.region_code = revisions.region_code
    and compared.region_view = revisions.region_view
    and compared.year = extract(year from revisions.period_end)
where
  compared.change is not null
  -- A year that began after the older release is new, not revised.
  and (
    compared.change not in ('actual_changed', 'status_changed')
    or compared.year <= extract(year from comparison.old_as_of)
  )
