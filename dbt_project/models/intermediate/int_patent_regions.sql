-- One stretch of time in which a patent belongs to one region of a view (null: outside the plans' areas).
-- Before grant: the applicant's address at application. Granted up to 2020: the patentee's address, which transfers and
-- address changes move. Granted from 2021: the first applicant's address at grant, for good.
with patents as (
  select * from {{ ref('int_patents') }}
),

events as (
  select * from {{ ref('int_patent_events') }}
),

address_regions as (
  select * from {{ ref('int_address_regions') }}
),

views as (
  select distinct region_view from {{ ref('int_regions') }}
),

moves as (
  select
    patents.patent_key,
    events.takes_effect_on as valid_from,
    'move' as basis,
    events.address_key_after as address_key,
    {{ provenance('events.') }},
    row_number() over (
      partition by patents.patent_key, events.takes_effect_on
      order by events.event_date desc, events.delivered_on desc, events.source_path desc, events.source_row desc
    ) as preference
  from patents
  inner join events on patents.patent_key = events.patent_key
  where
    events.effect in ('transfer', 'address_change')
    and events.has_address_after
    and patents.grant_date < {{ attribution_break() }}
    and events.takes_effect_on > patents.grant_date
),

stations as (
  select
    patent_key,
    {{ open_start() }} as valid_from,
    'application' as basis,
    application_address_key as address_key,
    {{ provenance('filing_') }}
  from patents

  union all

  select
    patent_key,
    grant_date as valid_from,
    'grant' as basis,
    grant_address_key as address_key,
    {{ provenance('grant_') }}
  from patents
  where grant_date is not null

  union all

  select
    patent_key,
    valid_from,
    basis,
    address_key,
    {{ provenance() }}
  from moves
  where preference = 1
),

placed as (
  select
    stations.*,
    views.region_view,
    address_regions.region_code,
    row_number() over (partition by stations.patent_key, views.region_view order by stations.valid_from) as step,
    lag(address_regions.region_code) over (
      partition by stations.patent_key, views.region_view order by stations.valid_from
    ) as region_before
  from stations
  cross join views
  left join address_regions
    on stations.address_key = address_regions.address_key and views.region_view = address_regions.region_view
),

changes as (
  select *
  from placed
  where step = 1 or region_code is distinct from region_before
)

select
  patent_key,
  region_view,
  region_code,
  basis,
  valid_from,
  coalesce(
    lead(valid_from) over (partition by patent_key, region_view order by valid_from), {{ open_end() }}
  ) as valid_to,
  {{ provenance() }},
  {{ provenance_of_next('partition by patent_key, region_view order by valid_from', 'end_') }}
from changes
