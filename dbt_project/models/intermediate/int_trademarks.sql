-- One registration of a mark in one class as known. A delivery that leaves a field empty does not take away what an
-- earlier one printed there; a withdrawn record begins anew with the next delivery.
with registrations as (
  {{ known_rows(ref('stg_trademarks__registrations')) }}
),

ranked as (
  select
    registrations.*,
    row_number() over (partition by registration_no, nice_class order by {{ latest_first() }}) as lateness
  from registrations
),

limited as (
  select
    ranked.*,
    min(case when is_withdrawn then lateness end) over (partition by registration_no, nice_class) as withdrawn_at
  from ranked
),

in_force as (
  select
    limited.*,
    -lateness as recency,
    (address is not null or division_code is not null) as has_address,
    {{ address_key('division_code', 'address_rest', 'address') }} as address_key
  from limited
  where withdrawn_at is null or lateness < withdrawn_at
)

select
  registration_no || ' ' || cast(nice_class as {{ dbt.type_string() }}) as mark_key,
  registration_no,
  nice_class,
  max_by(mark_name, recency) filter (where mark_name is not null) as mark_name,
  max_by(mark_application_no, recency) filter (where mark_application_no is not null) as mark_application_no,
  max_by(application_date, recency) filter (where application_date is not null) as application_date,
  max_by(exclusive_from, recency) filter (where exclusive_from is not null) as exclusive_from,
  max_by(category, recency) filter (where category is not null) as category,
  max_by(is_gi, recency) filter (where is_gi is not null) as is_gi,
  max_by(agency, recency) filter (where agency is not null) as agency,
  max_by(international_registration_no, recency) filter (where international_registration_no is not null)
    as international_registration_no,
  -- What belongs together is of one delivery.
  max_by(owner, recency) filter (where owner is not null) as owner,
  {{ latest_printed('owner_key', 'owner is not null') }} as owner_key,
  {{ latest_printed('owner_kind', 'owner is not null') }} as owner_kind,
  {{ latest_printed('credit_code', 'owner is not null') }} as credit_code,
  max_by(address_key, recency) filter (where has_address) as address_key,
  bool_or(has_address) as has_address,
  max_by(status, recency) filter (where status is not null) as status,
  nullif(
    max_by(coalesce(status_date, {{ open_end() }}), recency) filter (where status is not null), {{ open_end() }}
  ) as status_date,
  max_by(registration_date, recency) filter (where registration_date is not null) as registration_date,
  max_by(exclusive_until, recency) filter (where exclusive_until is not null) as exclusive_until,
  max_by(international_registration_date, recency) filter (where international_registration_date is not null)
    as international_registration_date,
  bool_or(is_synthetic) as is_synthetic,
  {{ latest_provenance('registration_date is not null', 'registration_') }},
  {{ latest_provenance('exclusive_until is not null', 'until_') }},
  {{ latest_provenance('status is not null', 'status_') }},
  {{ latest_provenance('international_registration_date is not null', 'international_') }},
  {{ latest_provenance('true', '') }}
from in_force
group by registration_no, nice_class
