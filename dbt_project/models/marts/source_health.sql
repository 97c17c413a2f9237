-- One source: what was delivered, what became of its rows, and how fresh it is at the reference date.
with coverage as (
  select * from {{ ref('int_source_coverage') }}
),

files as (
  {{ known_rows_of_sources(ref('stg_deliveries__files')) }}
),

rejected_rows as (
  {{ known_rows_of_sources(ref('stg_quarantine__rows')) }}
),

run as (
  select * from {{ ref('stg_plan__run_parameters') }}
),

counted_files as (
  select
    source,
    count(*) as files,
    count(*) filter (where status = 'duplicate_content') as files_duplicate,
    count(*) filter (where status = 'no_data') as files_no_data,
    sum(rows_in) as rows_in,
    sum(rows_out) as rows_out,
    sum(rows_quarantined) as rows_quarantined,
    sum(rows_duplicate) as rows_duplicate,
    bool_or(is_synthetic) as is_synthetic
  from files
  group by source
),

counted_reasons as (
  select
    source,
    reason,
    count(*) as n_rows
  from rejected_rows
  group by source, reason
),

reasons as (
  select
    source,
    '{' || {{ sorted_list("'\"' || reason || '\": ' || cast(n_rows as " ~ dbt.type_string() ~ ")") }} || '}'
      as rejects_by_reason
  from counted_reasons
  group by source
),

planned_addresses as (
  select distinct address_key
  from {{ ref('int_address_regions') }}
),

outside as (
  select
    'patents' as source,
    count(*) filter (where patents.region_code is null and patents.has_address) as outside_area_rows,
    count(*) filter (where not patents.has_address) as without_address_rows
  from (
    select
      int_patents.patent_key,
      int_patents.has_address,
      max(regions.region_code) as region_code
    from {{ ref('int_patents') }} as int_patents
    inner join {{ ref('int_patent_regions') }} as regions on int_patents.patent_key = regions.patent_key
    group by int_patents.patent_key, int_patents.has_address
  ) as patents

  union all

  select
    'patent_events' as source,
    count(*) filter (where events.region_code is null) as outside_area_rows,
    cast(null as bigint) as without_address_rows
  from (
    select
      events.patent_key,
      events.source_file_sha256,
      events.source_row,
      max(coalesce(regions.region_code, addresses.region_code)) as region_code
    from {{ ref('int_patent_events') }} as events
    left join {{ ref('int_patent_regions') }} as regions on events.patent_key = regions.patent_key
    left join {{ ref('int_address_regions') }} as addresses on events.address_key_after = addresses.address_key
    where events.origin = 'patent_events'
    group by events.patent_key, events.source_file_sha256, events.source_row
  ) as events

  union all

  select
    'population' as source,
    count(*) filter (where preferred_views.region_code is null) as outside_area_rows,
    cast(null as bigint) as without_address_rows
  from {{ ref('int_population') }} as population
  left join {{ ref('int_preferred_views') }} as preferred_views
    on population.region_code = preferred_views.region_code

  union all

  select
    'official_figures' as source,
    count(*) filter (where preferred_views.region_code is null) as outside_area_rows,
    cast(null as bigint) as without_address_rows
  from {{ ref('int_official_figures') }} as figures
  left join {{ ref('int_preferred_views') }} as preferred_views on figures.region_code = preferred_views.region_code

  union all

  select
    'surveys' as source,
    count(*) filter (where preferred_views.region_code is null) as outside_area_rows,
    cast(null as bigint) as without_address_rows
  from {{ ref('int_surveys') }} as surveys
  left join {{ ref('int_preferred_views') }} as preferred_views on surveys.region_code = preferred_views.region_code

  union all

  select
    placed.source,
    count(*) filter (where placed.place_key is not null and planned_addresses.address_key is null)
      as outside_area_rows,
    count(*) filter (where placed.place_key is null) as without_address_rows
  from {{ ref('int_placed_records') }} as placed
  left join planned_addresses on placed.place_key = planned_addresses.address_key
  group by placed.source
)

select
  coverage.source,
  coverage.coverage_to as last_delivery,
  cast(coalesce(counted_files.files, 0) as bigint) as files,
  cast(coalesce(counted_files.rows_in, 0) as bigint) as rows_in,
  cast(coalesce(counted_files.rows_out, 0) as bigint) as rows_out,
  cast(coalesce(counted_files.rows_quarantined, 0) as bigint) as rows_quarantined,
  cast(coalesce(counted_files.rows_duplicate, 0) as bigint) as rows_duplicate,
  coalesce(reasons.rejects_by_reason, '{}') as rejects_by_reason,
  cast(coalesce(outside.outside_area_rows, 0) as bigint) as outside_area_rows,
  -- Delivered after the reference date counts as fresh on that date.
  case
    when coverage.coverage_to is not null
      then cast(greatest(0, {{ dbt.datediff('coverage.coverage_to', 'run.as_of', 'day') }}) as bigint)
  end as freshness_days,
  case
    when coverage.coverage_to is null then 'never_delivered'
    when counted_files.rows_quarantined > 0 then 'rows_quarantined'
    else 'ok'
  end as status,
  cast(coalesce(counted_files.files_duplicate, 0) as bigint) as files_duplicate,
  cast(outside.without_address_rows as bigint) as without_address_rows,
  coalesce(counted_files.is_synthetic, false) as is_synthetic,
  cast(coalesce(counted_files.files_no_data, 0) as bigint) as files_no_data
from coverage
cross join run
left join counted_files on coverage.source = counted_files.source
left join reasons on coverage.source = reasons.source
left join outside on coverage.source = outside.source
