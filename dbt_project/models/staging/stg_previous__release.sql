-- The release this one is compared with: one row, or none.
with delivered as (
  select * from {{ source('inputs', 'previous_release') }}
),

renamed as (
  select
    release_id,
    cast(as_of as date) as as_of,
    cast(known_at as date) as known_at,
    cast(targets_known_at as date) as targets_known_at,
    cast(population_known_at as date) as population_known_at,
    plans,
    code_version,
    rules_fingerprint,
    input_fingerprint,
    is_synthetic
  from delivered
)

select * from renamed
