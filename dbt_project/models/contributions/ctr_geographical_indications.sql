-- One day on which a geographical indication enters (+1) or leaves (-1) one of the three registers in a region of a
-- view (gi_marks, gi_products, gi_agricultural: side by side, never added), or a unit begins or ceases to be authorised
-- to use the special sign (gi_authorised_users: a unit counts once, however many indications it may use).
with rights as (
  select * from {{ ref('int_other_rights') }}
  where right_type in ('gi_mark', 'gi_product', 'gi_agricultural', 'gi_authorised_user')
),

regions as (
  select * from {{ ref('int_address_regions') }}
),

placed as (
  select
    rights.right_type,
    rights.right_key as record_id,
    regions.city_code,
    regions.region_view,
    regions.region_code,
    coalesce(party_by_code.party_id, party_by_name.party_id) as party_id,
    rights.registered_on as present_from,
    coalesce(rights.ended_on, {{ open_end() }}) as present_to,
    {{ provenance('rights.', 'from_') }},
    {{ provenance('rights.', 'to_') }}
  from rights
  inner join regions on rights.place_key = regions.address_key
  {{ party_joins('rights.credit_code', 'rights.holder_key') }}
),

units as (
  select * from placed where right_type = 'gi_authorised_user' and party_id is not null
),

united as (
  {{ united_intervals('units', ['party_id', 'city_code', 'region_view'], ['region_code']) }}
),

intervals as (
  select
    case right_type
      when 'gi_mark' then 'gi_marks' when 'gi_product' then 'gi_products' when 'gi_agricultural' then 'gi_agricultural'
    end as indicator_id,
    region_view,
    region_code,
    record_id,
    present_from,
    present_to,
    {{ provenance('from_', 'from_') }},
    {{ provenance('to_', 'to_') }}
  from placed
  where right_type != 'gi_authorised_user'

  union all

  select
    'gi_authorised_users' as indicator_id,
    region_view,
    region_code,
    record_id,
    present_from,
    present_to,
    {{ provenance('from_', 'from_') }},
    {{ provenance('to_', 'to_') }}
  from united
)

{{ presence_contributions('intervals', 'other_right') }}
