-- One value that differs from the release before: by how much, because of how many records, and why.
with comparison as (
  select * from {{ ref('release_comparison') }}
),

revised as (
  select * from {{ ref('int_revised_values') }}
),

effects as (
  select
    indicator_id,
    region_view,
    region_code,
    period_type,
    period_end,
    reason,
    sum(case when way = 'in' then n_records else 0 end) as records_in,
    sum(case when way = 'out' then n_records else 0 end) as records_out,
    sum(case when way = 'changed' then n_records else 0 end) as records_changed
  from {{ ref('int_revision_effects') }}
  group by indicator_id, region_view, region_code, period_type, period_end, reason
),

explained as (
  select
    indicator_id,
    region_view,
    region_code,
    period_type,
    period_end,
    cast(sum(records_in) as bigint) as records_in,
    cast(sum(records_out) as bigint) as records_out,
    cast(sum(records_changed) as bigint) as records_changed,
    {{ sorted_list('reason', ',') }} as reasons
  from effects
  group by indicator_id, region_view, region_code, period_type, period_end
),

old_reach as (
  select * from {{ ref('stg_previous__indicator') }}
),

new_reach as (
  select * from {{ ref('dim_indicator') }}
)

select
  revised.indicator_id,
  revised.region_code,
  revised.region_view,
  revised.period_type,
  revised.period_end,
  revised.old_value,
  revised.new_value,
  revised.new_value - revised.old_value as difference,
  revised.unit,
  revised.change,
  revised.old_obs_status,
  revised.new_obs_status,
  coalesce(explained.records_in, 0) as records_in,
  coalesce(explained.records_out, 0) as records_out,
  coalesce(explained.records_changed, 0) as records_changed,
  coalesce(
    explained.reasons,
    case
      -- No record at all: its sources are covered further, or no longer as far.
      when
        case revised.change
          when 'appeared' then old_reach.observed_until
          when 'gone' then new_reach.observed_until
        end < revised.period_start
        or revised.change in ('extended', 'shortened')
        then 'source_coverage'
      else {{ reason_without_record('comparison') }}
    end
  ) as reasons,
  revised.old_population_vintage,
  revised.new_population_vintage,
  comparison.old_release_id,
  comparison.new_release_id
from revised
cross join comparison
left join explained
  on
    revised.indicator_id = explained.indicator_id
    and revised.region_view = explained.region_view
    and revised.region_code = explained.region_code
    and revised.period_type = explained.period_type
    and revised.period_end = explained.period_end
left join old_reach on revised.indicator_id = old_reach.indicator_id
left join new_reach on revised.indicator_id = new_reach.indicator_id
