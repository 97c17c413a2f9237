-- One patent, as known, with its region and right at the reference date.
with patents as (
  select * from {{ ref('int_patents') }}
),

run as (
  select * from {{ ref('stg_plan__run_parameters') }}
),

terms as (
  select * from {{ ref('int_patent_terms') }}
),

regions as (
  select
    regions.patent_key,
    max(case when regions.region_view = 'statutory' then regions.region_code end) as region_code,
    max(case when regions.region_view = 'management' then regions.region_code end) as management_region_code
  from {{ ref('int_patent_regions') }} as regions
  cross join run
  where regions.valid_from <= run.as_of and run.as_of < regions.valid_to
  group by regions.patent_key
),

categories as (
  select
    patent_key,
    bool_or(category = 'sei') as is_sei,
    max(case when category = 'ten_years' then high_value_from end) as ten_years_from,
    max(case when category = 'family' then high_value_from end) as family_from,
    max(case when category = 'pledged' then high_value_from end) as pledged_from,
    max(case when category = 'awarded' then high_value_from end) as awarded_from,
    min(high_value_from) as high_value_from
  from {{ ref('int_patent_high_value') }}
  group by patent_key
),

sei_codes as (
  select
    patent_key,
    {{ sorted_list('sei_code', ';') }} as sei_codes
  from {{ ref('int_patent_sei') }}
  group by patent_key
),

dated as (
  select
    patents.*,
    regions.region_code,
    regions.management_region_code,
    terms.valid_from,
    terms.valid_to,
    terms.end_reason,
    terms.patent_key is not null and terms.valid_from <= run.as_of and run.as_of < terms.valid_to as is_valid,
    coalesce(categories.is_sei, false) as is_sei,
    coalesce(categories.ten_years_from <= run.as_of, false) as is_ten_years,
    coalesce(categories.family_from <= run.as_of, false) as is_family,
    coalesce(categories.pledged_from <= run.as_of, false) as is_pledged,
    coalesce(categories.awarded_from <= run.as_of, false) as is_awarded,
    coalesce(categories.high_value_from <= run.as_of, false) as is_in_category,
    sei_codes.sei_codes,
    party_by_name.party_id
  from patents
  cross join run
  left join regions on patents.patent_key = regions.patent_key
  left join terms on patents.patent_key = terms.patent_key
  left join categories on patents.patent_key = categories.patent_key
  left join sei_codes on patents.patent_key = sei_codes.patent_key
  left join {{ ref('int_party_identifiers') }} as party_by_name
    on party_by_name.identifier_type = 'name_key' and patents.applicant_key = party_by_name.identifier
)

select
  patent_key,
  patent_type,
  title,
  publication_no,
  grant_publication_no,
  filing_date,
  publication_date,
  grant_date,
  applicant,
  applicant_kind,
  applicant_count,
  party_id,
  main_ipc,
  ipc,
  region_code,
  management_region_code,
  valid_from,
  nullif(valid_to, {{ open_end() }}) as valid_to,
  end_reason,
  is_valid,
  is_valid and is_in_category as is_high_value,
  is_valid and is_sei as is_hv_sei,
  is_valid and is_family as is_hv_family,
  is_valid and is_ten_years as is_hv_ten_years,
  is_valid and is_pledged as is_hv_pledged,
  is_valid and is_awarded as is_hv_awarded,
  sei_codes,
  identified_by,
  is_synthetic,
  coalesce(grant_source_path, filing_source_path) as source_path,
  coalesce(grant_source_row, filing_source_row) as source_row,
  coalesce(grant_source_file_sha256, filing_source_file_sha256) as source_file_sha256,
  coalesce(grant_delivered_on, filing_delivered_on) as delivered_on
from dated
