-- One training, publicity or service event, as delivered (every delivery kept).
with delivered as (
  select * from {{ source('bronze', 'activities') }}
),

renamed as (
  select
    activity_type,
    title,
    cast(held_on as date) as held_on,
    cast(participants as bigint) as participants,
    organiser,
    district,
    district_division_code,
    district_rest,
    source_path,
    cast(source_row as bigint) as source_row,
    source_file_sha256,
    cast(delivered_on as date) as delivered_on,
    is_synthetic,
    coalesce(is_withdrawn, false) as is_withdrawn
  from delivered
)

select * from renamed
