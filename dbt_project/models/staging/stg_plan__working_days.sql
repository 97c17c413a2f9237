-- One day of the years whose holidays are known.
with delivered as (
  select * from {{ source('inputs', 'working_days') }}
),

renamed as (
  select
    cast(day as date) as day,
    is_working_day,
    cast(working_day_no as int) as working_day_no,
    source
  from delivered
)

select * from renamed
