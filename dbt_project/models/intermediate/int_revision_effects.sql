-- One revised value, one reason and one way its records differ: how many count that did not (in), that did (out), or
-- that count otherwise (changed). What a record does in one place and takes back in the same counts nothing.
with changes as (
  select * from {{ ref('int_revision_changes') }}
),

revised as (
  select * from {{ ref('int_revised_values') }}
),

-- Flows and distributions: what a record changes inside the period.
dated as (
  {% for period_type, period_start in period_starts('changes.effective_date') %}
  select
    changes.*,
    '{{ period_type }}' as period_type,
    {{ period_start }} as period_start
  from changes
  where changes.kind != 'stock'
  {{ 'union all' if not loop.last }}
  {% endfor %}
),

inside as (
  select
    revised.indicator_id,
    revised.region_view,
    revised.region_code,
    revised.period_type,
    revised.period_end,
    dated.counted_id,
    dated.record_type,
    dated.record_id,
    sum(dated.n) as n,
    sum(dated.measure) as measure,
    -- The latest change of a record says why it differs.
    substr(max(cast(dated.effective_date as {{ dbt.type_string() }}) || dated.reason), 11) as reason
  from dated
  inner join revised
    on
      dated.indicator_id = revised.indicator_id
      and dated.region_view = revised.region_view
      and dated.region_code = revised.region_code
      and dated.period_type = revised.period_type
      and dated.period_start = revised.period_start
  group by
    revised.indicator_id,
    revised.region_view,
    revised.region_code,
    revised.period_type,
    revised.period_end,
    dated.counted_id,
    dated.record_type,
    dated.record_id
),

-- A ratio's record can lie on both sides: it is one record.
inside_once as (
  select
    indicator_id,
    region_view,
    region_code,
    period_type,
    period_end,
    record_type,
    record_id,
    case when min(n) >= 0 and max(n) > 0 then 'in' when max(n) <= 0 and min(n) < 0 then 'out' else 'changed' end as way,
    max(reason) as reason
  from inside
  where n != 0 or measure != 0
  group by indicator_id, region_view, region_code, period_type, period_end, record_type, record_id
),

-- Stocks: what a record has changed by a day stays changed until it changes again.
daily as (
  select
    indicator_id,
    counted_id,
    region_view,
    region_code,
    record_type,
    record_id,
    effective_date,
    sum(n) as n,
    sum(measure) as measure,
    min(reason) as reason
  from changes
  where kind = 'stock'
  group by indicator_id, counted_id, region_view, region_code, record_type, record_id, effective_date
  having sum(n) != 0 or sum(measure) != 0
),

stretches as (
  select
    indicator_id,
    region_view,
    region_code,
    effective_date as differs_from,
    lead(effective_date) over of_record as differs_to,
    sum(n) over of_record as n,
    sum(measure) over of_record as measure,
    reason
  from daily
  window
    of_record as (
      partition by indicator_id, counted_id, region_view, region_code, record_type, record_id order by effective_date
    )
),

differing as (
  select
    stretches.*,
    case when n > 0 then 'in' when n < 0 then 'out' else 'changed' end as way
  from stretches
  where n != 0 or measure != 0
),

steps as (
  select
    indicator_id,
    region_view,
    region_code,
    way,
    reason,
    cast({{ dbt.date_trunc('month', 'differs_from') }} as date) as month_start,
    1 as step
  from differing

  union all

  select
    indicator_id,
    region_view,
    region_code,
    way,
    reason,
    cast({{ dbt.date_trunc('month', 'differs_to') }} as date) as month_start,
    -1 as step
  from differing
  where differs_to is not null
),

monthly as (
  select
    indicator_id,
    region_view,
    region_code,
    way,
    reason,
    month_start,
    sum(step) as step
  from steps
  group by indicator_id, region_view, region_code, way, reason, month_start
),

to_date as (
  select
    indicator_id,
    region_view,
    region_code,
    way,
    reason,
    month_start as valid_from,
    lead(month_start) over of_reason as valid_to,
    sum(step) over of_reason as n_records
  from monthly
  window of_reason as (partition by indicator_id, region_view, region_code, way, reason order by month_start)
),

-- Population figures and published values: what the values of both releases say they rest on.
figures as (
  select distinct
    indicator_id,
    region_view,
    region_code,
    record_type,
    record_id,
    reason,
    count(*) over (partition by indicator_id, region_view, region_code, record_type, record_id) as n_sides,
    change
  from {{ ref('revision_record') }}
  where record_type in ('population', 'published_value')
),

figured as (
  select
    revised.indicator_id,
    revised.region_view,
    revised.region_code,
    revised.period_type,
    revised.period_end,
    figures.record_id,
    figures.reason,
    case when figures.n_sides > 1 then 'changed' when figures.change = 'entered' then 'in' else 'out' end as way
  from revised
  inner join figures
    on
      revised.indicator_id = figures.indicator_id
      and revised.region_view = figures.region_view
      and revised.region_code = figures.region_code
      and (
        (
          figures.record_type = 'population'
          and revised.is_denominator_changed
          and figures.record_id in (
            revised.region_code || ' ' || left(revised.old_population_vintage, 10),
            revised.region_code || ' ' || left(revised.new_population_vintage, 10)
          )
        )
        or (
          figures.record_type = 'published_value'
          and figures.record_id
          = revised.region_code || ' ' || revised.period_type || ' '
          || cast(revised.period_end as {{ dbt.type_string() }})
        )
      )
)

select
  indicator_id,
  region_view,
  region_code,
  period_type,
  period_end,
  reason,
  way,
  cast(count(*) as bigint) as n_records
from inside_once
group by indicator_id, region_view, region_code, period_type, period_end, reason, way

union all

select
  revised.indicator_id,
  revised.region_view,
  revised.region_code,
  revised.period_type,
  revised.period_end,
  to_date.reason,
  to_date.way,
  cast(to_date.n_records as bigint) as n_records
from revised
inner join to_date
  on
    revised.indicator_id = to_date.indicator_id
    and revised.region_view = to_date.region_view
    and revised.region_code = to_date.region_code
    and revised.period_end >= to_date.valid_from
    and (revised.period_end < to_date.valid_to or to_date.valid_to is null)
where to_date.n_records > 0

union all

select
  indicator_id,
  region_view,
  region_code,
  period_type,
  period_end,
  reason,
  way,
  cast(count(distinct record_id) as bigint) as n_records
from figured
group by indicator_id, region_view, region_code, period_type, period_end, reason, way
