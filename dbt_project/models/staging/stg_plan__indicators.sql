-- One indicator of the catalogue.
with delivered as (
  select * from {{ source('inputs', 'indicators') }}
),

renamed as (
  select
    indicator_id,
    family,
    title_zh,
    title_en,
    definition_zh,
    definition_en,
    formula,
    unit_zh,
    unit_en,
    cast(unit_multiplier as double) as unit_multiplier,
    kind,
    direction,
    attributing_date,
    sources,
    partial_sources,
    source_ready,
    numerator_id,
    denominator,
    cast(ratio_multiplier as double) as ratio_multiplier,
    cast(decimals as int) as decimals,
    plan_section,
    cast(sort_order as int) as sort_order
  from delivered
)

select * from renamed
