-- No party has two credit codes, and no identifier means two parties.
{{ config(meta={'dagster': {'ref': {'name': 'int_party_identifiers'}}}) }}

select
  identifiers.party_id,
  names.credit_code
from {{ ref('int_party_identifiers') }} as identifiers
inner join {{ ref('int_party_names') }} as names
  on identifiers.identifier_type = 'name_key' and identifiers.identifier = names.name_key
where
  names.credit_code is not null and not identifiers.is_shared
  and identifiers.party_id != names.credit_code
