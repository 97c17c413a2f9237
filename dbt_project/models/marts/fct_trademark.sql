-- One registration of a mark in one class, as known, with its region and whether it is valid at the reference date.
with marks as (
  select * from {{ ref('int_trademarks') }}
),

terms as (
  select * from {{ ref('int_trademark_terms') }}
),

run as (
  select * from {{ ref('stg_plan__run_parameters') }}
),

regions as (
  select * from {{ ref('int_place_regions') }}
)

select
  marks.mark_key,
  marks.registration_no,
  marks.nice_class,
  marks.mark_name,
  marks.category,
  marks.is_gi,
  marks.mark_application_no as application_no,
  marks.application_date,
  marks.registration_date,
  marks.exclusive_from,
  marks.exclusive_until,
  marks.status,
  marks.status_date,
  marks.international_registration_no,
  marks.international_registration_date,
  marks.owner,
  marks.owner_kind,
  coalesce(party_by_code.party_id, party_by_name.party_id) as party_id,
  marks.agency,
  regions.region_code,
  regions.management_region_code,
  terms.valid_from,
  terms.valid_to,
  terms.end_reason,
  coalesce(terms.valid_from <= run.as_of and run.as_of < terms.valid_to, false) as is_valid,
  terms.uncounted_reason,
  marks.is_synthetic,
  marks.source_path,
  marks.source_row,
  marks.source_file_sha256,
  marks.delivered_on
from marks
cross join run
inner join terms on marks.mark_key = terms.mark_key
left join regions on marks.address_key = regions.address_key
{{ party_joins('marks.credit_code', 'marks.owner_key') }}
