-- One international registration (Madrid) of a mark whose owner is in the area, in one region view, however many
-- classes and national registrations it rests on: tm_madrid.
with marks as (
  select * from {{ ref('int_trademarks') }}
),

regions as (
  select * from {{ ref('int_address_regions') }}
),

ranked as (
  select
    regions.city_code,
    regions.region_view,
    regions.region_code,
    marks.international_registration_no,
    marks.international_registration_date,
    {{ provenance('marks.international_', 'international_') }},
    row_number() over (
      partition by marks.international_registration_no, regions.city_code, regions.region_view
      order by marks.international_registration_date, marks.registration_no, marks.nice_class
    ) as preference
  from marks
  inner join regions on marks.address_key = regions.address_key
  where marks.international_registration_no is not null and marks.international_registration_date is not null
)

select
  'tm_madrid' as indicator_id,
  region_view,
  region_code,
  'international_registration' as record_type,
  international_registration_no as record_id,
  international_registration_date as effective_date,
  cast(1 as bigint) as delta,
  cast(null as double) as amount,
  {{ provenance('international_') }}
from ranked
where preference = 1
