-- One indicator whose values are lower bounds: a source that would only widen its count was never delivered.
with indicators as (
  select * from {{ ref('stg_plan__indicators') }}
),

coverage as (
  select * from {{ ref('int_source_coverage') }}
),

widened as (
  select
    indicator_id,
    {{ words_of_list('partial_sources') }} as source
  from indicators
)

select
  widened.indicator_id,
  {{ sorted_list('widened.source') }} as missing_sources
from widened
left join coverage on widened.source = coverage.source
where coverage.coverage_to is null and widened.source is not null
group by widened.indicator_id
