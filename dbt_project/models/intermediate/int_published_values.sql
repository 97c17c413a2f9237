-- One value that others publish: the latest known of an indicator, region and period. Observed indicators have no other
-- values, from official figures and surveys; in the region of a published plan every indicator takes them, in its own
-- unit.
with figures as (
  select * from {{ ref('int_official_figures') }}
),

surveys as (
  select * from {{ ref('int_surveys') }}
),

indicators as (
  select * from {{ ref('stg_plan__indicators') }}
),

published_regions as (
  select * from {{ ref('int_published_regions') }}
),

run as (
  select * from {{ ref('stg_plan__run_parameters') }}
),

published as (
  select
    figures.indicator_id,
    figures.region_code,
    figures.period_type,
    figures.period_start,
    figures.period_end,
    figures.value,
    figures.published_on,
    figures.document,
    {{ provenance('figures.') }}
  from figures
  inner join indicators on figures.indicator_id = indicators.indicator_id
  left join published_regions on figures.region_code = published_regions.region_code
  where
    indicators.kind = 'observed'
    or (published_regions.region_code is not null and figures.unit = indicators.unit_zh)

  union all

  select
    surveys.survey_type as indicator_id,
    surveys.region_code,
    surveys.period_type,
    surveys.period_start,
    surveys.period_end,
    surveys.score as value,
    surveys.published_on,
    surveys.organiser as document,
    {{ provenance('surveys.') }}
  from surveys
  inner join indicators on surveys.survey_type = indicators.indicator_id
  where indicators.kind = 'observed'
),

ranked as (
  select
    published.*,
    row_number() over (
      partition by published.indicator_id, published.region_code, published.period_type, published.period_end
      order by
        published.published_on desc nulls last,
        published.delivered_on desc,
        published.source_path desc,
        published.source_row desc,
        published.source_file_sha256 desc
    ) as recency
  from published
  cross join run
  where published.period_end <= run.as_of
)

select
  indicator_id,
  region_code,
  period_type,
  period_start,
  period_end,
  value,
  published_on,
  document,
  {{ provenance() }}
from ranked
where recency = 1
