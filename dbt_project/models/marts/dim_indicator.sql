-- One indicator of the catalogue.
with indicators as (
  select * from {{ ref('stg_plan__indicators') }}
),

coverage as (
  select * from {{ ref('int_indicator_coverage') }}
)

select
  indicators.indicator_id,
  indicators.family,
  indicators.title_zh,
  indicators.title_en,
  indicators.definition_zh,
  indicators.definition_en,
  indicators.formula,
  indicators.unit_zh,
  indicators.unit_en,
  indicators.unit_multiplier,
  indicators.kind,
  indicators.direction,
  indicators.attributing_date,
  indicators.sources,
  indicators.source_ready,
  indicators.numerator_id,
  indicators.denominator,
  indicators.ratio_multiplier,
  indicators.decimals,
  indicators.plan_section,
  indicators.sort_order,
  coverage.coverage_to,
  coverage.observed_until
from indicators
left join coverage on coalesce(indicators.numerator_id, indicators.indicator_id) = coverage.indicator_id
