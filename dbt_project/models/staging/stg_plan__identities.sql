-- One sum that has to hold among a plan's figures or among values.
with delivered as (
  select * from {{ source('inputs', 'plan_identities') }}
),

renamed as (
  select
    plan_id,
    identity_id,
    title_zh,
    title_en,
    total,
    parts,
    level,
    cast(tolerance as double) as tolerance
  from delivered
)

select * from renamed
