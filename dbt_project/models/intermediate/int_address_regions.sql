-- One address of the plans' areas in one region view: the region it lies in. Addresses elsewhere have no row.
with addresses as (
  select * from {{ ref('int_addresses') }}
),

cities as (
  select * from {{ ref('int_cities') }}
),

regions as (
  select regions.*
  from {{ ref('int_regions') }} as regions
  inner join cities on regions.city_code = cities.city_code
),

plan_patterns as (
  select distinct
    plans.city_code,
    patterns.region_code,
    patterns.kind,
    patterns.within_division,
    patterns.pattern,
    patterns.match_rule,
    patterns.priority,
    false as is_name
  from {{ ref('stg_plan__region_patterns') }} as patterns
  inner join {{ ref('stg_plan__plans') }} as plans on patterns.plan_id = plans.plan_id
),

-- A zone's own name, for places that no table of divisions knows; after all patterns of the plans.
patterns as (
  select * from plan_patterns
  union all
  select
    city_code,
    region_code,
    'zone' as kind,
    city_code as within_division,
    name_zh as pattern,
    'starts' as match_rule,
    999999 as priority,
    true as is_name
  from regions
  where level = 'zone'
),

-- Words of addresses in which no city was recognised, without postcode and country.
unrecognised as (
  select
    address_key,
    division_code,
    regexp_replace(replace(words, ' ', ''), '^([0-9]{6})?(中华人民共和国|中国)?', '') as words
  from addresses
  where division_code is null or right(division_code, 4) = '0000'
),

city_names as (
  select
    city_code,
    name_zh as opening
  from regions
  where level = 'city' and region_view = 'statutory'
  union
  select
    regions.city_code,
    cities.province_zh || regions.name_zh as opening
  from regions
  inner join cities on regions.city_code = cities.city_code
  where regions.level = 'city' and regions.region_view = 'statutory' and cities.province_zh is not null
),

-- A planned city that the table of divisions lacks.
opening_with_city as (
  select
    unrecognised.address_key,
    city_names.city_code,
    substr(unrecognised.words, length(city_names.opening) + 1) as words,
    row_number() over (
      partition by unrecognised.address_key order by length(city_names.opening) desc, city_names.city_code asc
    ) as preference
  from unrecognised
  inner join city_names
    on
      left(unrecognised.words, length(city_names.opening)) = city_names.opening
      and left(coalesce(unrecognised.division_code, city_names.city_code), 2) = left(city_names.city_code, 2)
),

opening_with_district as (
  select
    cities_named.address_key,
    cities_named.city_code,
    coalesce(districts.region_code, cities_named.city_code) as division_code,
    substr(cities_named.words, coalesce(length(districts.name_zh), 0) + 1) as words,
    row_number() over (
      partition by cities_named.address_key
      order by length(districts.name_zh) desc nulls last, districts.region_code asc
    ) as preference
  from opening_with_city as cities_named
  left join regions as districts
    on
      cities_named.city_code = districts.city_code
      and districts.level = 'district' and districts.region_view = 'statutory'
      and left(cities_named.words, length(districts.name_zh)) = districts.name_zh
  where cities_named.preference = 1
),

-- Nothing but the name of one region, as city ledgers write it: 张店区, 张店, 高新区, or a name the plan gives a zone.
region_names as (
  select
    region_code,
    city_code,
    level,
    name_zh,
    name_zh as written
  from regions
  where (level = 'district' and region_view = 'statutory') or level = 'zone'
  union
  select
    region_code,
    city_code,
    level,
    name_zh,
    regexp_replace(name_zh, '[区县市]$', '') as written
  from regions
  where (level = 'district' and region_view = 'statutory') or level = 'zone'
  union
  select
    region_code,
    city_code,
    'zone' as level,
    pattern as name_zh,
    pattern as written
  from plan_patterns
  where kind = 'zone' and match_rule = 'starts' and within_division = city_code
),

nothing_but_a_region as (
  select
    unrecognised.address_key,
    min(region_names.city_code) as city_code,
    min(case when region_names.level = 'zone' then region_names.city_code else region_names.region_code end)
      as division_code,
    min(case when region_names.level = 'zone' then region_names.name_zh else '' end) as words
  from unrecognised
  inner join region_names on unrecognised.words = region_names.written
  where unrecognised.division_code is null
  group by unrecognised.address_key
  having count(distinct region_names.region_code) = 1
),

-- The city's own offices: no district, and only one city it can be.
nothing_but_the_city as (
  select
    unrecognised.address_key,
    min(cities.city_code) as city_code
  from unrecognised
  cross join cities
  where unrecognised.division_code is null and unrecognised.words in ('市本级', '市级', '市直', '市辖区')
  group by unrecognised.address_key
  having count(*) = 1
),

in_area as (
  select
    addresses.address_key,
    cities.city_code,
    addresses.division_code,
    addresses.words,
    false as is_by_name
  from addresses
  inner join cities on left(addresses.division_code, length(cities.division_prefix)) = cities.division_prefix
  union all
  select
    address_key,
    city_code,
    division_code,
    words,
    true as is_by_name
  from opening_with_district
  where preference = 1
  union all
  select
    address_key,
    city_code,
    division_code,
    words,
    true as is_by_name
  from nothing_but_a_region
  union all
  select
    address_key,
    city_code,
    city_code as division_code,
    '' as words,
    true as is_by_name
  from nothing_but_the_city
),

hits as (
  select
    in_area.address_key,
    in_area.city_code,
    patterns.kind,
    patterns.region_code,
    row_number() over (
      partition by in_area.address_key, in_area.city_code, patterns.kind
      order by patterns.priority, patterns.region_code
    ) as preference
  from in_area
  inner join patterns
    on
      in_area.city_code = patterns.city_code
      and in_area.division_code = patterns.within_division
      and (in_area.is_by_name or not patterns.is_name)
      and case patterns.match_rule
        when 'starts' then left(in_area.words, length(patterns.pattern)) = patterns.pattern
        when 'contains' then instr(in_area.words, patterns.pattern) > 0
      end
),

placed as (
  select
    in_area.address_key,
    in_area.city_code,
    coalesce(
      streets.region_code, districts.region_code, zone_regions.statutory_parent, unallocated.region_code
    ) as statutory_region,
    zones.region_code as zone
  from in_area
  left join hits as zones
    on
      in_area.address_key = zones.address_key and in_area.city_code = zones.city_code
      and zones.kind = 'zone' and zones.preference = 1
  left join hits as streets
    on
      in_area.address_key = streets.address_key and in_area.city_code = streets.city_code
      and streets.kind = 'street' and streets.preference = 1
  left join regions as zone_regions
    on zones.region_code = zone_regions.region_code and zone_regions.region_view = 'management'
  left join regions as districts
    on
      in_area.division_code = districts.region_code and in_area.city_code = districts.city_code
      and districts.region_view = 'statutory' and districts.level = 'district'
  left join regions as unallocated
    on
      in_area.city_code = unallocated.city_code
      and unallocated.region_view = 'statutory' and unallocated.level = 'unallocated'
)

select
  address_key,
  city_code,
  'statutory' as region_view,
  statutory_region as region_code
from placed

union all

select
  address_key,
  city_code,
  'management' as region_view,
  coalesce(zone, statutory_region) as region_code
from placed
