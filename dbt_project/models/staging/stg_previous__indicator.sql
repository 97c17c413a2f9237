-- One indicator of the release before, and how far it was observed.
with delivered as (
  select * from {{ source('inputs', 'previous_indicator') }}
),

renamed as (
  select
    indicator_id,
    cast(coverage_to as date) as coverage_to,
    cast(observed_until as date) as observed_until
  from delivered
)

select * from renamed
