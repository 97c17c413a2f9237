-- One unit, project or year on one year's list in one region view, by the day of approval: cultivation_centres,
-- navigation_projects and award_advanced_collective. Whoever stands on several lists of one year counts once.
with terms as (
  select * from {{ ref('int_designation_terms') }} where kind = 'flow'
),

address_regions as (
  select * from {{ ref('int_address_regions') }}
),

ranked as (
  select
    terms.*,
    row_number() over (
      partition by indicator_id, list_year, entity order by approved_on, {{ earliest_first() }}
    ) as preference
  from terms
  where entity is not null
)

select
  ranked.indicator_id,
  address_regions.region_view,
  address_regions.region_code,
  'designation' as record_type,
  ranked.designation_id as record_id,
  ranked.approved_on as effective_date,
  cast(1 as bigint) as delta,
  cast(null as double) as amount,
  {{ provenance('ranked.') }}
from ranked
inner join address_regions on ranked.place_key = address_regions.address_key
where ranked.preference = 1 and address_regions.region_code is not null
