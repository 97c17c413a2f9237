-- One indicator made of records: how far the deliveries of all its sources reach, and where its values stop.
with indicators as (
  select * from {{ ref('stg_plan__indicators') }}
),

run as (
  select * from {{ ref('stg_plan__run_parameters') }}
),

coverage as (
  select * from {{ ref('int_source_coverage') }}
),

needed as (
  select
    indicator_id,
    {{ split_to_rows("translate(sources, '[]\" ', '')", ',') }} as source
  from indicators
  where kind in ('flow', 'stock', 'distribution')
),

covered as (
  select
    needed.indicator_id,
    -- One source never delivered leaves the whole indicator without values: half an answer is not an answer.
    case when count(coverage.coverage_to) = count(*) then min(coverage.coverage_to) end as coverage_to
  from needed
  left join coverage on needed.source = coverage.source
  group by needed.indicator_id
)

select
  covered.indicator_id,
  covered.coverage_to,
  case
    when covered.coverage_to is not null then least(run.as_of, covered.coverage_to)
  end as observed_until
from covered
cross join run
