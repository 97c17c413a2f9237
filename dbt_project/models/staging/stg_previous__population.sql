-- One population figure in force in the release before.
with delivered as (
  select * from {{ source('inputs', 'previous_population') }}
),

renamed as (
  select
    region_code,
    cast(reference_date as date) as reference_date,
    cast(persons as bigint) as persons,
    population_vintage,
    source_path,
    cast(source_row as bigint) as source_row,
    source_file_sha256,
    cast(delivered_on as date) as delivered_on
  from delivered
)

select * from renamed
