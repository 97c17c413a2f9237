-- One part of one sum that a plan says must hold, with its sign.
with identities as (
  select * from {{ ref('stg_plan__identities') }}
),

-- [{"id": "a", "sign": 1}, {"id": "b", "sign": -1}] as a,sign:1|b,sign:-1.
written as (
  select
    plan_id,
    identity_id,
    level,
    {{ split_to_rows("replace(substr(translate(parts, '[]{}\" ', ''), 4), ',id:', '|')", '|') }} as part
  from identities
)

select
  plan_id,
  identity_id,
  level,
  split_part(part, ',sign:', 1) as part_id,
  cast(split_part(part, ',sign:', 2) as int) as sign
from written
