-- One region of a view and one day on which a period ends: the resident population that divides ratios of that period,
-- by the rule of the city's plan. No figure: no row.
with regions as (
  select * from {{ ref('int_regions') }}
),

cities as (
  select * from {{ ref('int_cities') }}
),

population as (
  select * from {{ ref('int_population') }}
),

period_ends as (
  select distinct period_end from {{ ref('int_calendar') }}
),

-- In the management view a district that gives area to a zone is smaller than the district people are counted in, and
-- no one publishes how many live in the rest.
shrunk as (
  select statutory_parent as region_code from {{ ref('int_regions') }} where level = 'zone'
  union
  select within_division as region_code from {{ ref('stg_plan__region_patterns') }} where kind = 'zone'
),

countable as (
  select regions.*
  from regions
  left join shrunk on regions.region_code = shrunk.region_code
  where not (regions.region_view = 'management' and regions.level = 'district' and shrunk.region_code is not null)
),

ranked as (
  select
    countable.region_view,
    countable.region_code,
    period_ends.period_end,
    population.persons,
    population.population_vintage,
    row_number() over (
      partition by countable.region_view, countable.region_code, period_ends.period_end
      order by population.reference_date desc
    ) as recency
  from countable
  inner join cities on countable.city_code = cities.city_code
  inner join population on countable.region_code = population.region_code
  inner join period_ends
    on
      case cities.population_rule
        when 'latest_reference' then population.reference_date <= period_ends.period_end
        when 'previous_year_end'
          then population.reference_date < make_date(cast(extract(year from period_ends.period_end) as int), 1, 1)
        when 'fixed' then cities.population_fixed_reference = population.reference_date
      end
)

select
  region_view,
  region_code,
  period_end,
  persons,
  population_vintage
from ranked
where recency = 1
