-- One way a party is named: a name, its normalised form and the credit code delivered with it.
with names as (
  select * from {{ ref('int_party_names') }}
),

given_up as (
  select
    name_key_before as name_key,
    max(renamed_on) as last_on
  from {{ ref('int_party_renames') }}
  group by name_key_before
),

taken as (
  select
    name_key_after as name_key,
    max(renamed_on) as last_on
  from {{ ref('int_party_renames') }}
  group by name_key_after
)

select
  coalesce(party_by_code.party_id, party_by_name.party_id) as party_id,
  names.name,
  names.name_key,
  names.credit_code,
  -- A name that was taken again after it was given up is in use.
  given_up.name_key is not null and (taken.name_key is null or given_up.last_on >= taken.last_on) as is_former,
  coalesce(party_by_name.is_shared, false) as is_shared,
  names.sources,
  names.n_records,
  names.first_delivered_on,
  names.last_delivered_on
from names
{{ party_joins('names.credit_code', 'names.name_key') }}
left join given_up on names.name_key = given_up.name_key
left join taken on names.name_key = taken.name_key
