-- One population figure: region, reference date, kind and vintage, as delivered (every delivery kept).
with delivered as (
  select * from {{ source('bronze', 'population') }}
),

renamed as (
  select
    region_code,
    cast(reference_date as date) as reference_date,
    kind,
    cast(persons as bigint) as persons,
    vintage,
    cast(published_on as date) as published_on,
    publisher,
    source_path,
    cast(source_row as bigint) as source_row,
    source_file_sha256,
    cast(delivered_on as date) as delivered_on,
    is_synthetic,
    coalesce(is_withdrawn, false) as is_withdrawn
  from delivered
)

select * from renamed
