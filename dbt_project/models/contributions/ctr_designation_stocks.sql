-- One day on which a unit or area enters (+1) or leaves (-1) those that hold a designation in a region of a view: the
-- stocks of the rule table, and mediation_districts, which counts regions with at least one mediation body.
with presence as (
  select * from {{ ref('int_designation_presence') }}
),

regions as (
  select * from {{ ref('int_regions') }} where level in ('district', 'zone')
),

held as (
  select
    'mediation_districts' as indicator_id,
    presence.region_view,
    presence.region_code,
    presence.entity as record_id,
    presence.present_from,
    presence.present_to,
    {{ provenance('presence.from_', 'from_') }},
    {{ provenance('presence.to_', 'to_') }}
  from presence
  inner join regions
    on presence.region_code = regions.region_code and presence.region_view = regions.region_view
  where presence.indicator_id = 'mediation_bodies'
),

united as (
  {{ united_intervals('held', ['indicator_id', 'region_view', 'region_code']) }}
),

units as (
  select
    indicator_id,
    region_view,
    entity as record_id,
    region_code,
    present_from,
    present_to,
    {{ provenance('from_', 'from_') }},
    {{ provenance('to_', 'to_') }}
  from presence
),

districts as (
  select
    indicator_id,
    region_view,
    region_code as record_id,
    region_code,
    present_from,
    present_to,
    {{ provenance('from_', 'from_') }},
    {{ provenance('to_', 'to_') }}
  from united
),

intervals as (
  select * from units
  union all
  select * from districts
)

{{ presence_contributions('intervals', 'designation') }}
