-- One normalised name that changes of name connect with others, and the group they form, called by its smallest name.
-- Each round every name takes the smallest label among its neighbours; a test shows that the rounds are enough.
with renames as (
  select * from {{ ref('int_party_renames') }}
),

edges as (
  select
    name_key_before as name_key,
    name_key_after as neighbour
  from renames
  union
  select
    name_key_after as name_key,
    name_key_before as neighbour
  from renames
  union
  select
    name_key_before as name_key,
    name_key_before as neighbour
  from renames
  union
  select
    name_key_after as name_key,
    name_key_after as neighbour
  from renames
),

round_0 as (
  select distinct
    name_key,
    name_key as label
  from edges
)

{% for n in range(1, 17) -%}
, round_{{ n }} as (
  select
    edges.name_key,
    min(labels.label) as label
  from edges
  inner join round_{{ n - 1 }} as labels on edges.neighbour = labels.name_key
  group by edges.name_key
)

{% endfor -%}
select
  name_key,
  label as group_key
from round_16
