-- One identifier by which records name a party, a credit code or a normalised name, and the party it means.
-- A credit code is one party. A name seen with exactly one credit code is that party; so are the names that changes of
-- name connect with it, unless they would connect two credit codes. A name seen with several is a party of its own.
with names as (
  select * from {{ ref('int_party_names') }}
),

groups as (
  select * from {{ ref('int_party_groups') }}
),

coded as (
  select
    name_key,
    min(credit_code) as credit_code,
    count(distinct credit_code) as n_codes
  from names
  where name_key is not null
  group by name_key
),

group_codes as (
  select
    groups.group_key,
    min(coded.credit_code) as credit_code,
    count(distinct coded.credit_code) as n_codes
  from groups
  left join coded on groups.name_key = coded.name_key
  group by groups.group_key
),

-- A name that only a change of name mentions has no record of its own and is still a name of its party.
keys as (
  select name_key from coded
  union
  select name_key from groups
),

judged as (
  select
    keys.name_key,
    coalesce(coded.n_codes, 0) > 1 as is_shared,
    case
      when coded.n_codes > 1 then null
      when group_codes.n_codes > 1 then coded.credit_code
      else coalesce(coded.credit_code, group_codes.credit_code)
    end as credit_code,
    case when group_codes.n_codes = 0 then groups.group_key else keys.name_key end as smallest_name_key
  from keys
  left join coded on keys.name_key = coded.name_key
  left join groups on keys.name_key = groups.name_key
  left join group_codes on groups.group_key = group_codes.group_key
)

select
  'name_key' as identifier_type,
  name_key as identifier,
  coalesce(credit_code, 'N-' || left({{ dbt.hash('smallest_name_key') }}, 16)) as party_id,
  is_shared
from judged

union all

select distinct
  'credit_code' as identifier_type,
  credit_code as identifier,
  credit_code as party_id,
  false as is_shared
from names
where credit_code is not null
