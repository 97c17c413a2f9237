-- One party: an organisation that records name, under all its names.
with identifiers as (
  select * from {{ ref('int_party_identifiers') }}
),

names as (
  select * from {{ ref('party_name') }}
),

best as (
  select
    names.*,
    row_number() over (
      partition by party_id
      order by
        (name is null) asc,
        is_former asc,
        last_delivered_on desc,
        n_records desc,
        name asc,
        name_key asc,
        credit_code asc
    ) as preference
  from names
),

counted as (
  select
    party_id,
    cast(count(distinct name) as bigint) as n_names,
    cast(sum(n_records) as bigint) as n_records
  from names
  group by party_id
),

former as (
  select
    party_id,
    {{ sorted_list('name', ';') }} as former_names
  from (
    select distinct
      party_id,
      name
    from names
    where is_former and name is not null
  ) as formerly
  group by party_id
),

sourced as (
  select
    party_id,
    {{ sorted_list('source', ';') }} as sources
  from (
    select distinct
      party_id,
      {{ split_to_rows('sources', ';') }} as source
    from names
  ) as listed
  group by party_id
),

codes as (
  select
    party_id,
    max(case when identifier_type = 'credit_code' then identifier end) as credit_code,
    bool_or(is_shared) as is_shared_name
  from identifiers
  group by party_id
)

select
  codes.party_id,
  codes.credit_code,
  best.name,
  counted.n_names,
  counted.n_records,
  former.former_names,
  codes.is_shared_name,
  sourced.sources
from codes
inner join counted on codes.party_id = counted.party_id
inner join best on codes.party_id = best.party_id and best.preference = 1
left join former on codes.party_id = former.party_id
left join sourced on codes.party_id = sourced.party_id
