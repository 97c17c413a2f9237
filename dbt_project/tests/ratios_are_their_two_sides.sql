-- Every ratio is there where its numerator is and divides by its denominator: the value of another indicator, the
-- population figure that the row names, or the number of the region's districts.
{{ config(meta={'dagster': {'ref': {'name': 'fct_indicator_value'}}}) }}

with ratios as (
  select * from {{ ref('dim_indicator') }} where kind = 'ratio'
),

-- A figure that others publish has no records; published_values_stand_as_published looks at it.
facts as (
  select
    facts.*,
    facts.value * indicators.unit_multiplier as measure
  from {{ ref('fct_indicator_value') }} as facts
  inner join {{ ref('dim_indicator') }} as indicators on facts.indicator_id = indicators.indicator_id
  where facts.n_records is not null
),

districts as (
  select
    cities.region_view,
    cities.region_code,
    cast(count(*) as double) as n_districts
  from {{ ref('dim_region') }} as cities
  inner join {{ ref('dim_region') }} as parts
    on cities.region_view = parts.region_view and cities.region_code in (parts.region_code, parts.city_code)
  where parts.level in ('district', 'zone')
  group by cities.region_view, cities.region_code
),

divided as (
  select
    ratios.indicator_id,
    numerators.region_view,
    numerators.region_code,
    numerators.period_type,
    numerators.period_end,
    numerators.measure as numerator,
    numerators.n_records,
    ratios.ratio_multiplier / ratios.unit_multiplier as factor,
    case ratios.denominator
      when 'population' then cast(population.persons as double)
      when 'regions' then districts.n_districts
      else denominators.measure
    end as denominator,
    given.indicator_id is not null as has_row,
    given.value,
    given.numerator as given_numerator,
    given.denominator as given_denominator,
    given.n_records as given_records
  from ratios
  inner join facts as numerators on ratios.numerator_id = numerators.indicator_id
  left join facts as given
    on
      ratios.indicator_id = given.indicator_id
      and numerators.region_view = given.region_view
      and numerators.region_code = given.region_code
      and numerators.period_type = given.period_type
      and numerators.period_end = given.period_end
  left join facts as denominators
    on
      ratios.denominator = denominators.indicator_id
      and numerators.region_view = denominators.region_view
      and numerators.region_code = denominators.region_code
      and numerators.period_type = denominators.period_type
      and numerators.period_end = denominators.period_end
  left join {{ ref('fct_population') }} as population
    on given.region_code = population.region_code and given.population_vintage = population.population_vintage
  left join districts
    on numerators.region_view = districts.region_view and numerators.region_code = districts.region_code
)

select *
from divided
where
  not has_row
  or given_records != n_records
  or abs(given_numerator - numerator) > 1e-9 * greatest(1, abs(numerator))
  or coalesce(
    abs(given_denominator - denominator) > 1e-9 * denominator,
    (given_denominator is null) != (denominator is null)
  )
  or coalesce(
    abs(value - numerator * factor / nullif(denominator, 0)) > 1e-9 * greatest(1, abs(value)),
    (value is null) != (nullif(denominator, 0) is null)
  )
