-- One registered right that is no patent and no mark, as known, with its region.
with rights as (
  select * from {{ ref('int_other_rights') }}
),

run as (
  select * from {{ ref('stg_plan__run_parameters') }}
),

regions as (
  select * from {{ ref('int_place_regions') }}
)

select
  rights.right_key,
  rights.right_type,
  rights.register,
  rights.right_no,
  rights.certificate_no,
  rights.title,
  rights.holder,
  rights.holder_kind,
  coalesce(party_by_code.party_id, party_by_name.party_id) as party_id,
  regions.region_code,
  regions.management_region_code,
  rights.applied_on,
  rights.registered_on,
  rights.ended_on,
  coalesce(
    rights.registered_on <= run.as_of and run.as_of < coalesce(rights.ended_on, {{ open_end() }}), false
  ) as is_registered,
  rights.is_synthetic,
  rights.source_path,
  rights.source_row,
  rights.source_file_sha256,
  rights.delivered_on
from rights
cross join run
left join regions on rights.place_key = regions.address_key
{{ party_joins('rights.credit_code', 'rights.holder_key') }}
