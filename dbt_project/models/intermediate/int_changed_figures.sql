-- One population figure or published value that is in one of two releases and not in the other, for one indicator and
-- region view whose values rest on it; with the line that caused it.
with comparison as (
  select * from {{ ref('release_comparison') }}
),

views as (
  select
    region_code,
    max(region_view) as region_view  -- statutory sorts after management
  from {{ ref('dim_region') }}
  group by region_code
),

old_population as (
  select population.*
  from {{ ref('stg_previous__population') }} as population
  cross join comparison
),

new_population as (
  select population.*
  from {{ ref('fct_population') }} as population
  cross join comparison
),

changed_population as (
  select
    'entered' as change,
    new_population.region_code,
    new_population.reference_date,
    new_population.persons,
    new_population.population_vintage,
    {{ provenance('new_population.') }}
  from new_population
  where
    not exists (
      select 1 from old_population
      where
        new_population.region_code = old_population.region_code
        and new_population.reference_date = old_population.reference_date
        and new_population.persons = old_population.persons
        and new_population.population_vintage = old_population.population_vintage
    )

  union all

  select
    'left' as change,
    old_population.region_code,
    old_population.reference_date,
    old_population.persons,
    old_population.population_vintage,
    {{ provenance('old_population.') }}
  from old_population
  where
    not exists (
      select 1 from new_population
      where
        old_population.region_code = new_population.region_code
        and old_population.reference_date = new_population.reference_date
        and old_population.persons = new_population.persons
        and old_population.population_vintage = new_population.population_vintage
    )
),

-- A figure matters where values are divided by it: as its release wrote beside them.
divided as (
  select distinct
    'entered' as change,
    facts.indicator_id,
    facts.region_view,
    facts.region_code,
    facts.population_vintage
  from {{ ref('fct_indicator_value') }} as facts
  cross join comparison
  where facts.population_vintage is not null

  union all

  select distinct
    'left' as change,
    indicator_id,
    region_view,
    region_code,
    population_vintage
  from {{ ref('stg_previous__indicator_value') }}
  where population_vintage is not null
),

old_published as (
  select published.*
  from {{ ref('stg_previous__published_value') }} as published
  cross join comparison
),

new_published as (
  select published.*
  from {{ ref('fct_published_value') }} as published
  cross join comparison
),

changed_published as (
  select
    'entered' as change,
    new_published.indicator_id,
    new_published.region_code,
    new_published.period_type,
    new_published.period_end,
    new_published.value,
    {{ provenance('new_published.') }}
  from new_published
  where
    not exists (
      select 1 from old_published
      where
        new_published.indicator_id = old_published.indicator_id
        and new_published.region_code = old_published.region_code
        and new_published.period_type = old_published.period_type
        and new_published.period_end = old_published.period_end
        and new_published.value is not distinct from old_published.value
    )

  union all

  select
    'left' as change,
    old_published.indicator_id,
    old_published.region_code,
    old_published.period_type,
    old_published.period_end,
    old_published.value,
    {{ provenance('old_published.') }}
  from old_published
  where
    not exists (
      select 1 from new_published
      where
        old_published.indicator_id = new_published.indicator_id
        and old_published.region_code = new_published.region_code
        and old_published.period_type = new_published.period_type
        and old_published.period_end = new_published.period_end
        and old_published.value is not distinct from new_published.value
    )
),

figures as (
  select
    changed_population.change,
    divided.indicator_id,
    divided.region_view,
    divided.region_code,
    'population' as record_type,
    changed_population.region_code || ' ' || cast(changed_population.reference_date as {{ dbt.type_string() }})
      as record_id,
    changed_population.reference_date as effective_date,
    cast(changed_population.persons as double) as amount,
    'new_population_vintage' as reason,
    changed_population.delivered_on > comparison.old_population_known_at as is_delivered_since,
    {{ provenance('changed_population.') }}
  from changed_population
  cross join comparison
  inner join divided
    on
      changed_population.change = divided.change
      and changed_population.region_code = divided.region_code
      and changed_population.population_vintage = divided.population_vintage

  union all

  select
    changed_published.change,
    changed_published.indicator_id,
    coalesce(views.region_view, 'statutory') as region_view,
    changed_published.region_code,
    'published_value' as record_type,
    changed_published.region_code || ' ' || changed_published.period_type || ' '
    || cast(changed_published.period_end as {{ dbt.type_string() }}) as record_id,
    changed_published.period_end as effective_date,
    changed_published.value as amount,
    'new_published_figure' as reason,
    changed_published.delivered_on > comparison.old_known_at as is_delivered_since,
    {{ provenance('changed_published.') }}
  from changed_published
  cross join comparison
  left join views on changed_published.region_code = views.region_code
),

delivered as (
  select *
  from {{ ref('int_delivered_keys') }}
  where source in ('population', 'official_figures', 'surveys')
),

-- A figure that left was delivered anew or withdrawn.
lines as (
  select
    figures.source_path as cited_path,
    figures.source_row as cited_row,
    figures.source_file_sha256 as cited_file_sha256,
    {{ provenance('later.') }},
    row_number() over (
      partition by figures.source_path, figures.source_row, figures.source_file_sha256
      order by later.delivered_on desc, later.source_path desc, later.source_row desc, later.source_file_sha256 desc
    ) as recency
  from figures
  cross join comparison
  inner join delivered as earlier on {{ same_line('figures', 'earlier') }}
  inner join delivered as later on earlier.source = later.source and earlier.business_key = later.business_key
  where
    figures.change = 'left'
    and case figures.record_type
      when 'population' then later.delivered_on > comparison.old_population_known_at
      else later.delivered_on > comparison.old_known_at
    end
),

successors as (
  select * from figures where change = 'entered'
)

select
  figures.change,
  figures.indicator_id,
  figures.region_view,
  figures.region_code,
  figures.record_type,
  figures.record_id,
  figures.effective_date,
  figures.amount,
  figures.reason,
  {{ provenance('figures.') }},
  {{ cause_of([
    ["figures.change = 'entered' and figures.is_delivered_since", 'figures.'],
    ["figures.change = 'left' and successors.record_id is not null", 'successors.'],
    ["figures.change = 'left'", 'lines.'],
  ]) }}
from figures
left join successors
  on
    figures.indicator_id = successors.indicator_id
    and figures.region_view = successors.region_view
    and figures.record_type = successors.record_type
    and figures.record_id = successors.record_id
left join lines
  on
    figures.source_path = lines.cited_path and figures.source_row = lines.cited_row
    and figures.source_file_sha256 = lines.cited_file_sha256
    and lines.recency = 1
