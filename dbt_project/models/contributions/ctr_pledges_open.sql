-- One day on which a pledge registration enters (+1) or leaves (-1) those open in a region of a view: pledge_open.
with registrations as (
  select * from {{ ref('int_pledge_registrations') }}
),

address_regions as (
  select * from {{ ref('int_address_regions') }}
),

intervals as (
  select
    'pledge_open' as indicator_id,
    address_regions.region_view,
    address_regions.region_code,
    registrations.registration_no as record_id,
    registrations.registration_date as present_from,
    coalesce(registrations.released_on, {{ open_end() }}) as present_to,
    {{ provenance('registrations.', 'from_') }},
    {{ provenance('registrations.end_', 'to_') }}
  from registrations
  inner join address_regions on registrations.place_key = address_regions.address_key
)

{{ presence_contributions('intervals', 'pledge') }}
