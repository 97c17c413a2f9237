-- Run once in the published file, beside the tables. Parameters are named unlike any column, which DuckDB would otherwise
-- take them for; tables and macros are unqualified, because a file's name is its catalog's name.

-- One row: the period that a text means (2020, 2020-S1, 2020-Q2, 2020-06, or 2016-2020, the five years of a plan), or a day:
-- its year as far as that day, so that a year may also be named by its last one. Raises an error for anything else.
create or replace macro evidence_period(in_period) as table
with written as (
  select
    cast(in_period as varchar) as as_text,
    left(cast(in_period as varchar), 4) as from_year
),

read_as as (
  select
    *,
    case
      when regexp_full_match(as_text, '[0-9]{4}') then 'year'
      when regexp_full_match(as_text, '[0-9]{4}-S[12]') then 'half'
      when regexp_full_match(as_text, '[0-9]{4}-Q[1-4]') then 'quarter'
      when regexp_full_match(as_text, '[0-9]{4}-(0[1-9]|1[0-2])') then 'month'
      when
        regexp_full_match(as_text, '[0-9]{4}-[0-9]{3}[05]')
        and cast(right(as_text, 4) as integer) - cast(from_year as integer) = 4
        then 'plan'
      when regexp_full_match(as_text, '[0-9]{4}-[0-9]{2}-[0-9]{2}') and try_cast(as_text as date) is not null then 'day'
      else error(
        'no period: ' || coalesce(as_text, 'null')
        || '; write 2020, 2020-S1, 2020-Q2, 2020-06, 2016-2020 or the last day of a year'
      )
    end as form
  from written
),

measured as (
  select
    *,
    case form when 'half' then 6 when 'quarter' then 3 when 'month' then 1 when 'plan' then 60 else 12 end as n_months,
    case
      when form in ('half', 'quarter', 'month') then cast(regexp_extract(as_text, '[0-9]+$') as integer)
      else 1
    end as nth
  from read_as
),

begun as (
  select
    *,
    make_date(cast(from_year as integer), (nth - 1) * n_months + 1, 1) as period_start
  from measured
)

select
  case form when 'day' then 'year' else form end as period_type,
  period_start,
  case form
    when 'day' then cast(as_text as date)
    else cast(period_start + to_months(n_months) - interval 1 day as date)
  end as period_end
from begun;

-- One contribution, population figure, district or published figure behind one value, on its side of it: `value`, or of a
-- ratio `numerator` and `denominator`. A stock: all up to the period's end; a flow or a distribution: those inside the
-- period. Without a view it is the statutory one, or of a zone, which only the management view has, that one.
-- Amounts are in the unit of the facts, a published figure in the unit of its indicator.
create or replace macro evidence(of_indicator, in_region, in_period, in_view := null) as table
with asked as (
  select
    indicators.*,
    periods.*,
    coalesce(
      in_view, (select max(d.region_view) from dim_region as d where d.region_code = in_region), 'statutory'
    ) as region_view
  from dim_indicator as indicators
  cross join evidence_period(in_period) as periods
  where indicators.indicator_id = of_indicator
),

-- The value's own row: what others published, and which population divides, is a matter of one period exactly.
valued as (
  select facts.*
  from fct_indicator_value as facts
  inner join asked on
    facts.region_view = asked.region_view
    and facts.period_type = asked.period_type
    and facts.period_end = asked.period_end
  where facts.indicator_id = of_indicator and facts.region_code = in_region
),

regions as (
  select
    r.region_code,
    r.region_view,
    r.level
  from dim_region as r
  inner join asked on r.region_view = asked.region_view
  where in_region in (r.region_code, r.city_code)
),

sides as (
  select
    coalesce(numerator_id, indicator_id) as counted_id,
    case when numerator_id is null then 'value' else 'numerator' end as side
  from asked
  union all
  select
    denominator as counted_id,
    'denominator' as side
  from asked
  where denominator is not null
),

counted as (
  select
    sides.counted_id,
    sides.side,
    parts.kind,
    asked.period_start,
    asked.period_end
  from sides
  inner join dim_indicator as parts on sides.counted_id = parts.indicator_id
  cross join asked
)

select
  c.record_type,
  c.record_id,
  c.region_code,
  c.effective_date,
  c.delta,
  c.amount,
  c.source_path,
  c.source_row,
  c.source_file_sha256,
  c.delivered_on,
  counted.side,
  c.indicator_id
from fct_contribution as c
inner join counted on c.indicator_id = counted.counted_id
inner join regions on c.region_code = regions.region_code and c.region_view = regions.region_view
where
  c.effective_date <= counted.period_end
  and (counted.kind = 'stock' or c.effective_date >= counted.period_start)
  -- A median is one of amounts; a record without is none of its records.
  and (counted.kind != 'distribution' or c.amount is not null)

union all

select
  'population' as record_type,
  p.region_code || ' ' || cast(p.reference_date as varchar) as record_id,
  p.region_code,
  p.reference_date as effective_date,
  1 as delta,
  cast(p.persons as double) as amount,
  p.source_path,
  p.source_row,
  p.source_file_sha256,
  p.delivered_on,
  'denominator' as side,
  'population' as indicator_id
from fct_population as p
inner join valued on p.region_code = valued.region_code and p.population_vintage = valued.population_vintage

union all

select
  'region' as record_type,
  regions.region_code as record_id,
  regions.region_code,
  cast(null as date) as effective_date,
  1 as delta,
  cast(null as double) as amount,
  cast(null as varchar) as source_path,
  cast(null as bigint) as source_row,
  cast(null as varchar) as source_file_sha256,
  cast(null as date) as delivered_on,
  sides.side,
  sides.counted_id as indicator_id
from regions
inner join sides on sides.counted_id = 'regions'
where regions.level in ('district', 'zone')

union all

select
  'published_value' as record_type,
  p.document as record_id,
  p.region_code,
  p.period_end as effective_date,
  1 as delta,
  p.value as amount,
  p.source_path,
  p.source_row,
  p.source_file_sha256,
  p.delivered_on,
  'value' as side,
  p.indicator_id
from fct_published_value as p
inner join valued on
  p.indicator_id = valued.indicator_id
  and p.region_code = valued.region_code
  and p.period_type = valued.period_type
  and p.period_end = valued.period_end
-- A value made of records has their number; one that others publish has none.
where valued.n_records is null;
