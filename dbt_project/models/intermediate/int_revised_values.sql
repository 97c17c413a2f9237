-- One value that differs between two releases, of a period that had begun in the older one. The zeros that come and go
-- with an indicator's first record, or with its first delivery, are none.
with comparison as (
  select * from {{ ref('release_comparison') }}
),

before as (
  select facts.*
  from {{ ref('stg_previous__indicator_value') }} as facts
  cross join comparison
  where facts.period_start <= comparison.old_as_of
),

this_release as (
  select facts.*
  from {{ ref('fct_indicator_value') }} as facts
  cross join comparison
  where facts.period_start <= comparison.old_as_of
)

select
  coalesce(this_release.indicator_id, before.indicator_id) as indicator_id,
  coalesce(this_release.region_view, before.region_view) as region_view,
  coalesce(this_release.region_code, before.region_code) as region_code,
  coalesce(this_release.period_type, before.period_type) as period_type,
  coalesce(this_release.period_start, before.period_start) as period_start,
  coalesce(this_release.period_end, before.period_end) as period_end,
  before.value as old_value,
  this_release.value as new_value,
  coalesce(this_release.unit, before.unit) as unit,
  case
    when before.value is null then 'appeared'
    when this_release.value is null then 'gone'
    when this_release.observed_until > before.observed_until then 'extended'
    when this_release.observed_until < before.observed_until then 'shortened'
    else 'revised'
  end as change,
  before.obs_status as old_obs_status,
  this_release.obs_status as new_obs_status,
  before.population_vintage as old_population_vintage,
  this_release.population_vintage as new_population_vintage,
  {{ differs('before.denominator', 'this_release.denominator') }} as is_denominator_changed
from this_release
full outer join before
  on
    this_release.indicator_id = before.indicator_id
    and this_release.region_view = before.region_view
    and this_release.region_code = before.region_code
    and this_release.period_type = before.period_type
    and this_release.period_end = before.period_end
where
  before.value is distinct from this_release.value
  and not (before.indicator_id is null and this_release.value = 0)
  and not (this_release.indicator_id is null and before.value = 0)
