-- One invention granted abroad (overseas_inv_grants) or one PCT application (pct_applications) of an applicant of the
-- area, in one region view. A member whose delivery gives no address has the place of its Chinese application.
with members as (
  select
    int_family_members.*,
    case counted_as when 'pct_applications' then filing_date when 'overseas_inv_grants' then grant_date end
      as effective_date,
    {{ provenance_choice("counted_as = 'pct_applications'", 'filing_', 'grant_', '') }}
  from {{ ref('int_family_members') }} as int_family_members
  where counted_as is not null
),

address_regions as (
  select * from {{ ref('int_address_regions') }}
),

patent_regions as (
  select * from {{ ref('int_patent_regions') }}
),

placed as (
  select
    members.*,
    address_regions.region_view,
    address_regions.region_code
  from members
  inner join address_regions on members.address_key = address_regions.address_key

  union all

  select
    members.*,
    patent_regions.region_view,
    patent_regions.region_code
  from members
  inner join patent_regions
    on
      members.application_no = patent_regions.patent_key
      and members.effective_date >= patent_regions.valid_from
      and members.effective_date < patent_regions.valid_to
  where not members.has_address and patent_regions.region_code is not null
)

select
  counted_as as indicator_id,
  region_view,
  region_code,
  'patent_family_member' as record_type,
  member_key as record_id,
  effective_date,
  cast(1 as bigint) as delta,
  cast(null as double) as amount,
  {{ provenance() }}
from placed
