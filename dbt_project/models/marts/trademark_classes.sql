-- Valid marks of one Nice class in one region of a view at the end of one year (the running year: as far as observed).
-- A class without valid marks has no row.
with contributions as (
  select * from {{ ref('int_contributions') }} where indicator_id = 'tm_valid'
),

marks as (
  select * from {{ ref('int_trademarks') }}
),

regions as (
  select * from {{ ref('int_regions') }}
),

years as (
  select distinct
    cast(extract(year from calendar.period_end) as int) as year,
    least(calendar.period_end, coverage.observed_until) as observed_until
  from {{ ref('int_calendar') }} as calendar
  inner join {{ ref('int_indicator_coverage') }} as coverage
    on coverage.indicator_id = 'tm_valid' and calendar.month_start <= coverage.observed_until
  where calendar.period_type = 'year'
),

-- Contributions end where the observation does, so a year's end and the last day observed need no comparing by day.
yearly as (
  select
    contributions.region_view,
    contributions.region_code,
    regions.city_code,
    marks.nice_class,
    cast(extract(year from contributions.effective_date) as int) as effective_year,
    sum(contributions.delta) as delta
  from contributions
  inner join marks on contributions.record_id = marks.mark_key
  inner join regions
    on contributions.region_code = regions.region_code and contributions.region_view = regions.region_view
  group by
    contributions.region_view,
    contributions.region_code,
    regions.city_code,
    marks.nice_class,
    cast(extract(year from contributions.effective_date) as int)
),

with_city as (
  select
    region_view,
    region_code,
    nice_class,
    effective_year,
    delta
  from yearly
  union all
  select
    region_view,
    city_code as region_code,
    nice_class,
    effective_year,
    delta
  from yearly
)

select
  with_city.region_code,
  with_city.region_view,
  years.year,
  with_city.nice_class,
  cast(sum(with_city.delta) as bigint) as valid_marks,
  years.observed_until
from with_city
inner join years on with_city.effective_year <= years.year
group by with_city.region_code, with_city.region_view, years.year, with_city.nice_class, years.observed_until
having sum(with_city.delta) != 0
