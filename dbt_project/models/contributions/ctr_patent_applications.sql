-- One application filed by an applicant of the area, in one region view: inv_, um_ and design_applications.
with patents as (
  select * from {{ ref('int_patents') }} where filing_date is not null
),

regions as (
  select * from {{ ref('int_patent_regions') }}
)

select
  case patents.patent_type
    when 'invention' then 'inv_applications'
    when 'utility_model' then 'um_applications'
    when 'design' then 'design_applications'
  end as indicator_id,
  regions.region_view,
  regions.region_code,
  'patent' as record_type,
  patents.patent_key as record_id,
  patents.filing_date as effective_date,
  cast(1 as bigint) as delta,
  cast(null as double) as amount,
  {{ provenance('patents.filing_') }}
from patents
inner join regions on patents.patent_key = regions.patent_key and regions.valid_from = {{ open_start() }}
where regions.region_code is not null
