-- One value: indicator x region x view x period type x period end. Unrounded, in the indicator's unit.
with periods as (
  select
    indicator_id,
    region_view,
    region_code,
    period_type,
    period_start,
    period_end,
    covered_until,
    observed_until,
    cast(measure as double) as measure,
    n_records
  from {{ ref('int_indicator_periods') }}

  union all

  select
    indicator_id,
    region_view,
    region_code,
    period_type,
    period_start,
    period_end,
    covered_until,
    observed_until,
    measure,
    n_records
  from {{ ref('int_indicator_medians') }}
),

indicators as (
  select * from {{ ref('stg_plan__indicators') }}
),

population as (
  select * from {{ ref('int_population_periods') }}
),

region_counts as (
  select * from {{ ref('int_region_counts') }}
),

published as (
  select * from {{ ref('int_published_values') }}
),

lower_bounds as (
  select * from {{ ref('int_lower_bounds') }}
),

uncounted_periods as (
  select * from {{ ref('int_uncounted_periods') }}
),

preferred_views as (
  select * from {{ ref('int_preferred_views') }}
),

breaks as (
  select * from {{ ref('series_breaks') }}
),

counted as (
  select
    periods.indicator_id,
    periods.region_code,
    periods.region_view,
    periods.period_type,
    periods.period_start,
    periods.period_end,
    periods.measure / indicators.unit_multiplier as value,
    cast(null as double) as numerator,
    cast(null as double) as denominator,
    cast(null as {{ dbt.type_string() }}) as population_vintage,
    periods.n_records,
    periods.observed_until,
    periods.covered_until
  from periods
  inner join indicators on periods.indicator_id = indicators.indicator_id
),

divided as (
  select
    ratios.indicator_id,
    numerators.region_code,
    numerators.region_view,
    numerators.period_type,
    numerators.period_start,
    numerators.period_end,
    numerators.measure as numerator,
    case ratios.denominator
      when 'population' then cast(population.persons as double)
      when 'regions' then cast(region_counts.n_regions as double)
      else denominators.measure
    end as denominator,
    ratios.ratio_multiplier,
    ratios.unit_multiplier,
    case when ratios.denominator = 'population' then population.population_vintage end as population_vintage,
    numerators.n_records,
    case
      when ratios.denominator in ('population', 'regions') then numerators.observed_until
      else least(numerators.observed_until, denominators.observed_until)
    end as observed_until,
    numerators.covered_until
  from indicators as ratios
  inner join periods as numerators on ratios.numerator_id = numerators.indicator_id
  left join periods as denominators
    on
      ratios.denominator = denominators.indicator_id
      and numerators.region_code = denominators.region_code
      and numerators.region_view = denominators.region_view
      and numerators.period_type = denominators.period_type
      and numerators.period_end = denominators.period_end
  left join population
    on
      numerators.region_code = population.region_code
      and numerators.region_view = population.region_view
      and numerators.period_end = population.period_end
  left join region_counts
    on numerators.region_code = region_counts.region_code and numerators.region_view = region_counts.region_view
  where ratios.kind = 'ratio'
),

computed as (
  select
    indicator_id,
    region_code,
    region_view,
    period_type,
    period_start,
    period_end,
    value,
    numerator,
    denominator,
    population_vintage,
    n_records,
    observed_until,
    covered_until
  from counted

  union all

  select
    indicator_id,
    region_code,
    region_view,
    period_type,
    period_start,
    period_end,
    -- Multiplied before it is divided, so that a ratio that is exactly the target compares as exactly the target.
    numerator * ratio_multiplier / nullif(denominator, 0) / unit_multiplier as value,
    numerator,
    denominator,
    population_vintage,
    n_records,
    observed_until,
    covered_until
  from divided
),

flagged as (
  select
    computed.indicator_id,
    computed.region_code,
    computed.region_view,
    computed.period_type,
    computed.period_end,
    computed.value,
    computed.numerator,
    computed.denominator,
    case
      when computed.value is null then 'L'
      -- A lower bound: something that would widen the count was never delivered, or records could not be counted.
      when lower_bounds.indicator_id is not null or uncounted_periods.n_uncounted > 0 then 'U'
      -- Notices with earlier effect, such as lapses, still arrive for a year after a period's end.
      when computed.period_end > cast({{ dbt.dateadd('year', -1, 'computed.covered_until') }} as date) then 'P'
      when indicator_breaks.name is not null or denominator_breaks.name is not null then 'B'
      else 'A'
    end as obs_status,
    computed.population_vintage,
    computed.n_records,
    computed.period_start,
    computed.observed_until
  from computed
  inner join indicators on computed.indicator_id = indicators.indicator_id
  left join lower_bounds on computed.indicator_id = lower_bounds.indicator_id
  left join uncounted_periods
    on
      computed.indicator_id = uncounted_periods.indicator_id
      and computed.region_code = uncounted_periods.region_code
      and computed.region_view = uncounted_periods.region_view
      and computed.period_type = uncounted_periods.period_type
      and computed.period_end = uncounted_periods.period_end
  left join breaks as indicator_breaks
    on
      indicator_breaks.scope = 'indicator'
      and computed.indicator_id = indicator_breaks.name
      and extract(year from computed.period_end) = indicator_breaks.break_year
      and computed.period_type != 'plan'
  left join breaks as denominator_breaks
    on
      denominator_breaks.scope = 'denominator'
      and indicators.denominator = denominator_breaks.name
      and extract(year from computed.period_end) = denominator_breaks.break_year
      and computed.period_type != 'plan'

  union all

  select
    published.indicator_id,
    published.region_code,
    coalesce(preferred_views.region_view, 'statutory') as region_view,
    published.period_type,
    published.period_end,
    published.value,
    cast(null as double) as numerator,
    cast(null as double) as denominator,
    case when published.value is null then 'L' else 'A' end as obs_status,
    cast(null as {{ dbt.type_string() }}) as population_vintage,
    cast(null as bigint) as n_records,
    published.period_start,
    published.period_end as observed_until
  from published
  left join preferred_views on published.region_code = preferred_views.region_code
)

select
  flagged.indicator_id,
  flagged.region_code,
  flagged.region_view,
  flagged.period_type,
  flagged.period_end,
  flagged.value,
  flagged.numerator,
  flagged.denominator,
  indicators.unit_zh as unit,
  flagged.obs_status,
  flagged.population_vintage,
  flagged.n_records,
  flagged.period_start,
  flagged.observed_until
from flagged
inner join indicators on flagged.indicator_id = indicators.indicator_id
