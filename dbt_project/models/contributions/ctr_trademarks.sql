-- One day on which a valid mark of a class enters (+1) or leaves (-1) a region of a view: tm_valid; and one mark of a
-- class whose registration was announced there: tm_registrations (it stays counted whatever becomes of the mark).
with marks as (
  select * from {{ ref('int_trademarks') }}
),

terms as (
  select * from {{ ref('int_trademark_terms') }}
),

regions as (
  select * from {{ ref('int_address_regions') }}
),

intervals as (
  select
    'tm_valid' as indicator_id,
    regions.region_view,
    regions.region_code,
    marks.mark_key as record_id,
    terms.valid_from as present_from,
    terms.valid_to as present_to,
    {{ provenance('terms.from_', 'from_') }},
    {{ provenance('terms.to_', 'to_') }}
  from marks
  inner join terms on marks.mark_key = terms.mark_key
  inner join regions on marks.address_key = regions.address_key
  where terms.uncounted_reason is null
)

{{ presence_contributions('intervals', 'trademark') }}

union all

select
  'tm_registrations' as indicator_id,
  regions.region_view,
  regions.region_code,
  'trademark' as record_type,
  marks.mark_key as record_id,
  marks.registration_date as effective_date,
  cast(1 as bigint) as delta,
  cast(null as double) as amount,
  {{ provenance('marks.registration_') }}
from marks
inner join regions on marks.address_key = regions.address_key
where marks.registration_date is not null and coalesce(marks.status, 'registered') not in ('pending', 'refused')
