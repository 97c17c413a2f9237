-- One row: what the run is computed for.
with delivered as (
  select * from {{ source('inputs', 'run_parameters') }}
),

renamed as (
  select
    cast(as_of as date) as as_of,
    cast(known_at as date) as known_at,
    cast(targets_known_at as date) as targets_known_at,
    cast(population_known_at as date) as population_known_at,
    code_version,
    rules_fingerprint,
    input_fingerprint,
    is_synthetic
  from delivered
)

select * from renamed
