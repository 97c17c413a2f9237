-- One patent granted to an applicant of the area, in one region view: inv_, um_ and design_grants.
with patents as (
  select * from {{ ref('int_patents') }} where grant_date is not null
),

regions as (
  select * from {{ ref('int_patent_regions') }}
)

select
  case patents.patent_type
    when 'invention' then 'inv_grants'
    when 'utility_model' then 'um_grants'
    when 'design' then 'design_grants'
  end as indicator_id,
  regions.region_view,
  regions.region_code,
  'patent' as record_type,
  patents.patent_key as record_id,
  patents.grant_date as effective_date,
  cast(1 as bigint) as delta,
  cast(null as double) as amount,
  {{ provenance('patents.grant_') }}
from patents
inner join regions
  on
    patents.patent_key = regions.patent_key
    and patents.grant_date >= regions.valid_from and patents.grant_date < regions.valid_to
where regions.region_code is not null
