-- One month and one kind of period it lies in, from the first year of contributions to the year of the reference date.
-- Whole years, so that a later month alone changes nothing here; values stop where their indicator is observed.
with bounds as (
  select
    make_date(cast(extract(year from min(contributions.effective_date)) as int), 1, 1) as first_month,
    max(make_date(cast(extract(year from run.as_of) as int), 12, 1)) as last_month
  from {{ ref('int_contributions') }} as contributions
  cross join {{ ref('stg_plan__run_parameters') }} as run
),

months as (
  select
    {{ add_months('bounds.first_month', 'cast(spine.n as int)') }} as month_start,
    bounds.last_month
  from bounds
  cross join range(0, 2400) as spine (n)  -- 200 years
),

dated as (
  select
    month_start,
    cast(extract(year from month_start) as int) as in_year,
    cast(extract(month from month_start) as int) as in_month
  from months
  where month_start <= last_month
),

periods as (
  select
    month_start,
    'month' as period_type,
    month_start as period_start,
    1 as n_months
  from dated
  union all
  select
    month_start,
    'quarter' as period_type,
    make_date(in_year, in_month - (in_month - 1) % 3, 1) as period_start,
    3 as n_months
  from dated
  union all
  select
    month_start,
    'half' as period_type,
    make_date(in_year, in_month - (in_month - 1) % 6, 1) as period_start,
    6 as n_months
  from dated
  union all
  select
    month_start,
    'year' as period_type,
    make_date(in_year, 1, 1) as period_start,
    12 as n_months
  from dated
  union all
  -- Plans cover the five years that end in 0 or 5.
  select
    month_start,
    'plan' as period_type,
    make_date(in_year - (in_year - 1) % 5, 1, 1) as period_start,
    60 as n_months
  from dated
)

select
  month_start,
  period_type,
  period_start,
  {{ add_days(add_months('period_start', 'n_months'), -1) }} as period_end
from periods
