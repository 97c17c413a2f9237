-- One member of a patent family at another office, or one PCT application, as known.
with members as (
  select * from {{ ref('int_family_members') }}
),

contributions as (
  select
    record_id,
    max(case when region_view = 'statutory' then region_code end) as region_code,
    max(case when region_view = 'management' then region_code end) as management_region_code
  from {{ ref('ctr_patent_families') }}
  group by record_id
),

addresses as (
  select * from {{ ref('int_place_regions') }}
)

select
  members.member_key,
  members.member_office,
  members.member_application_no,
  members.publications,
  members.kind,
  members.application_no,
  members.family_id,
  members.filing_date,
  members.publication_date,
  members.grant_date,
  members.status,
  members.applicant,
  members.applicant_kind,
  party_by_name.party_id,
  coalesce(contributions.region_code, addresses.region_code) as region_code,
  coalesce(contributions.management_region_code, addresses.management_region_code) as management_region_code,
  members.counted_as,
  members.uncounted_reason,
  members.is_synthetic,
  members.grant_source_path as source_path,
  members.grant_source_row as source_row,
  members.grant_source_file_sha256 as source_file_sha256,
  members.grant_delivered_on as delivered_on
from members
left join contributions on members.member_key = contributions.record_id
left join addresses on members.address_key = addresses.address_key
left join {{ ref('int_party_identifiers') }} as party_by_name
  on party_by_name.identifier_type = 'name_key' and members.applicant_key = party_by_name.identifier
