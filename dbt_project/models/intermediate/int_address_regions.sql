-- One address of the plans' areas in one region view: the region it lies in. Addresses elsewhere have no row.
with publications as (
  select * from {{ ref('int_patent_publications') }}
),

events as (
  select * from {{ ref('int_patent_events') }}
),

cities as (
  select * from {{ ref('int_cities') }}
),

regions as (
  select * from {{ ref('int_regions') }}
),

patterns as (
  select distinct
    plans.city_code,
    patterns.region_code,
    patterns.kind,
    patterns.within_division,
    patterns.pattern,
    patterns.match_rule,
    patterns.priority
  from {{ ref('stg_plan__region_patterns') }} as patterns
  inner join {{ ref('stg_plan__plans') }} as plans on patterns.plan_id = plans.plan_id
),

addresses as (
  select
    address_key,
    division_code,
    address_rest
  from publications where division_code is not null
  union
  select
    address_key_after,
    division_code_after,
    address_rest_after
  from events where division_code_after is not null
),

in_area as (
  select
    addresses.address_key,
    addresses.division_code,
    coalesce(addresses.address_rest, '') as address_rest,
    cities.city_code
  from addresses
  inner join cities on left(addresses.division_code, length(cities.division_prefix)) = cities.division_prefix
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
      and case patterns.match_rule
        when 'starts' then left(in_area.address_rest, length(patterns.pattern)) = patterns.pattern
        when 'contains' then instr(in_area.address_rest, patterns.pattern) > 0
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
