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
),

decided as (
  {%- set mark = ['registration_no', 'nice_class'] %}
  select
    in_force.*,
    -- Which delivery decides: the latest one that prints the field.
    {{ printed_rank(mark, 'registration_date is not null') }} as registration_rank,
    {{ printed_rank(mark, 'exclusive_until is not null') }} as until_rank,
    {{ printed_rank(mark, 'status is not null') }} as status_rank,
    {{ printed_rank(mark, 'international_registration_date is not null') }} as international_rank,
    {{ printed_rank(mark, 'owner is not null') }} as owner_rank,
    {{ printed_rank(mark, 'has_address') }} as address_rank
  from in_force
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
  max(case when owner_rank = 1 then owner end) as owner,
  max(case when owner_rank = 1 then owner_key end) as owner_key,
  max(case when owner_rank = 1 then owner_kind end) as owner_kind,
  max(case when owner_rank = 1 then credit_code end) as credit_code,
  max(case when address_rank = 1 and has_address then address_key end) as address_key,
  bool_or(has_address) as has_address,
  max(case when status_rank = 1 then status end) as status,
  max(case when status_rank = 1 then status_date end) as status_date,
  max(case when registration_rank = 1 then registration_date end) as registration_date,
  max(case when until_rank = 1 then exclusive_until end) as exclusive_until,
  max(case when international_rank = 1 then international_registration_date end) as international_registration_date,
  bool_or(is_synthetic) as is_synthetic,
  {{ provenance_picked('registration_rank = 1', 'registration_') }},
  {{ provenance_picked('until_rank = 1', 'until_') }},
  {{ provenance_picked('status_rank = 1', 'status_') }},
  {{ provenance_picked('international_rank = 1', 'international_') }},
  {{ provenance_picked('recency = -1', '') }}
from decided
group by registration_no, nice_class
