-- One recorded transfer, licence or lapse of a patent of the area, in one region view: patent_transfers,
-- patent_licences, patent_lapses (a lapse that a later notice restores is left out).
with events as (
  select *
  from {{ ref('int_patent_events') }}
  where effect in ('transfer', 'licence', 'lapse') and not is_void and takes_effect_on is not null
),

patent_regions as (
  select * from {{ ref('int_patent_regions') }}
),

address_regions as (
  select * from {{ ref('int_address_regions') }}
),

views as (
  select distinct region_view from {{ ref('int_regions') }}
),

placed as (
  select
    events.*,
    views.region_view,
    -- A transfer belongs to the region the patent leaves; one that comes from outside belongs to where it arrives.
    coalesce(patent_regions.region_code, address_regions.region_code) as region_code
  from events
  cross join views
  left join patent_regions
    on
      events.patent_key = patent_regions.patent_key and views.region_view = patent_regions.region_view
      and events.takes_effect_on > patent_regions.valid_from
      and events.takes_effect_on <= patent_regions.valid_to
  left join address_regions
    on events.address_key_after = address_regions.address_key and views.region_view = address_regions.region_view
)

select
  case effect
    when 'transfer' then 'patent_transfers'
    when 'licence' then 'patent_licences'
    when 'lapse' then 'patent_lapses'
  end as indicator_id,
  region_view,
  region_code,
  'patent_event' as record_type,
  patent_key || ' ' || event_code || ' ' || cast(coalesce(event_date, takes_effect_on) as {{ dbt.type_string() }})
  || coalesce(' ' || contract_no, '') as record_id,
  takes_effect_on as effective_date,
  cast(1 as bigint) as delta,
  cast(null as double) as amount,
  {{ provenance() }}
from placed
where region_code is not null
