-- One copyright, plant variety or layout design of a holder of the area, in one region view, on the day it was applied
-- for or registered: cr_software, cr_works, pv_applications, pv_grants, ic_applications, ic_registrations.
with rights as (
  select * from {{ ref('int_other_rights') }}
),

regions as (
  select * from {{ ref('int_address_regions') }}
),

dated as (
  select
    'pv_applications' as indicator_id,
    rights.*,
    applied_on as effective_date
  from rights
  where right_type = 'plant_variety'

  union all

  select
    'ic_applications' as indicator_id,
    rights.*,
    applied_on as effective_date
  from rights
  where right_type = 'ic_layout'

  union all

  select
    case right_type
      when 'copyright_software' then 'cr_software'
      when 'copyright_works' then 'cr_works'
      when 'plant_variety' then 'pv_grants'
      when 'ic_layout' then 'ic_registrations'
    end as indicator_id,
    rights.*,
    registered_on as effective_date
  from rights
  where right_type in ('copyright_software', 'copyright_works', 'plant_variety', 'ic_layout')
)

select
  dated.indicator_id,
  regions.region_view,
  regions.region_code,
  'other_right' as record_type,
  dated.right_key as record_id,
  dated.effective_date,
  cast(1 as bigint) as delta,
  cast(null as double) as amount,
  {{ provenance('dated.') }}
from dated
inner join regions on dated.place_key = regions.address_key
where dated.effective_date is not null
