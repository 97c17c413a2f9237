-- One stretch of time in which one counted thing holds one designation in one region of a view. Entries that overlap or
-- follow without a gap, as when a unit is approved again before its time is over, are one stretch.
with terms as (
  select * from {{ ref('int_designation_terms') }} where kind = 'stock' and valid_from < valid_to
),

address_regions as (
  select * from {{ ref('int_address_regions') }}
),

placed as (
  select
    terms.indicator_id,
    terms.entity,
    terms.designation_id,
    terms.valid_from,
    terms.valid_to,
    address_regions.region_view,
    address_regions.region_code,
    {{ provenance('terms.') }}
  from terms
  inner join address_regions on terms.place_key = address_regions.address_key
  where terms.entity is not null and address_regions.region_code is not null
),

boundaries as (
  select
    indicator_id,
    region_view,
    entity,
    valid_from as day
  from placed
  union
  select
    indicator_id,
    region_view,
    entity,
    valid_to as day
  from placed
),

segments as (
  select
    indicator_id,
    region_view,
    entity,
    day as segment_from,
    lead(day) over (partition by indicator_id, region_view, entity order by day) as segment_to
  from boundaries
),

-- Between two boundaries the entry approved last says where the thing is.
covered as (
  select
    segments.indicator_id,
    segments.region_view,
    segments.entity,
    segments.segment_from,
    segments.segment_to,
    placed.region_code,
    {{ provenance('placed.') }},
    row_number() over (
      partition by segments.indicator_id, segments.region_view, segments.entity, segments.segment_from
      order by
        placed.valid_from desc,
        placed.delivered_on desc,
        placed.source_path desc,
        placed.source_row desc,
        placed.source_file_sha256 desc
    ) as preference
  from segments
  inner join placed
    on
      segments.indicator_id = placed.indicator_id
      and segments.region_view = placed.region_view
      and segments.entity = placed.entity
      and segments.segment_from >= placed.valid_from
      and segments.segment_to <= placed.valid_to
),

compared as (
  select
    covered.*,
    lag(segment_to) over (partition by indicator_id, region_view, entity order by segment_from) as before_to,
    lag(region_code) over (partition by indicator_id, region_view, entity order by segment_from) as before_region
  from covered
  where preference = 1
),

numbered as (
  select
    compared.*,
    sum(case when before_to = segment_from and before_region = region_code then 0 else 1 end) over (
      partition by indicator_id, region_view, entity order by segment_from
      rows between unbounded preceding and current row
    ) as stretch
  from compared
),

ordered as (
  select
    numbered.*,
    row_number() over (partition by indicator_id, region_view, entity, stretch order by segment_from) as step,
    row_number() over (partition by indicator_id, region_view, entity, stretch order by segment_from desc) as steps_left
  from numbered
)

select
  indicator_id,
  region_view,
  entity,
  region_code,
  min(segment_from) as present_from,
  max(segment_to) as present_to,
  {{ provenance_picked('step = 1', 'from_') }},
  {{ provenance_picked('steps_left = 1', 'to_') }}
from ordered
group by indicator_id, region_view, entity, stretch, region_code
