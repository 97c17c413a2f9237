-- One pledge registration, that is one project, with its amount once.
with registrations as (
  select * from {{ ref('int_pledge_registrations') }}
),

places as (
  select * from {{ ref('int_place_regions') }}
),

run as (
  select * from {{ ref('stg_plan__run_parameters') }}
)

select
  registrations.registration_no,
  registrations.right_kind,
  registrations.n_rights,
  registrations.n_patents,
  registrations.n_trademarks,
  registrations.registration_date,
  registrations.is_date_contradictory,
  registrations.amount_yuan,
  registrations.amount_status,
  registrations.lowest_stated_amount_yuan,
  registrations.highest_stated_amount_yuan,
  registrations.pledgor,
  registrations.pledgor_credit_code,
  registrations.party_id,
  registrations.pledgee,
  registrations.is_rollover,
  registrations.enterprise_size,
  registrations.released_on,
  registrations.released_by,
  registrations.registration_date <= run.as_of
  and coalesce(registrations.released_on > run.as_of, true) as is_open,
  places.region_code,
  places.management_region_code,
  registrations.is_synthetic,
  {{ provenance('registrations.') }}
from registrations
cross join run
left join places on registrations.place_key = places.address_key
