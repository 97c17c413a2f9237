-- One way a party is named: a distinct name, its normalised form and the credit code delivered with it, over all known
-- sources. Natural persons are not here: they are no parties.
with mentions as (
  select * from {{ ref('int_party_mentions') }}
),

counted as (
  select
    name,
    name_key,
    credit_code,
    source,
    count(*) as n_records,
    min(delivered_on) as first_delivered_on,
    max(delivered_on) as last_delivered_on
  from mentions
  where coalesce(name_key, credit_code) is not null and coalesce(kind, '') != 'natural_person'
  group by name, name_key, credit_code, source
)

select
  name,
  name_key,
  credit_code,
  {{ sorted_list('source', ';') }} as sources,
  cast(sum(n_records) as bigint) as n_records,
  min(first_delivered_on) as first_delivered_on,
  max(last_delivered_on) as last_delivered_on
from counted
group by name, name_key, credit_code
