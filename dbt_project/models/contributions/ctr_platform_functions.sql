-- One day on which a function of the protection platform goes into operation (+1) or is taken back (-1), in one region
-- view: platform_functions. The task it belongs to is the one whose proxy it is; its done stages say what counts.
with tasks as (
  select * from {{ ref('stg_plan__tasks') }} where instr(proxy_indicators, '"platform_functions"') > 0
),

plans as (
  select * from {{ ref('stg_plan__plans') }} where actuals = 'records'
),

regions as (
  select * from {{ ref('int_regions') }}
),

address_regions as (
  select * from {{ ref('int_address_regions') }}
),

evidence as (
  select
    evidence.*,
    plans.city_code,
    instr(tasks.done_stages, '"' || evidence.stage || '"') > 0 as is_done
  from {{ ref('int_task_evidence') }} as evidence
  inner join tasks on evidence.plan_id = tasks.plan_id and evidence.subject_id = tasks.task_id
  inner join plans on evidence.plan_id = plans.plan_id
  where evidence.item is not null
),

begun as (
  select
    evidence.*,
    row_number() over (partition by city_code, item order by event_date, {{ earliest_first() }}) as step
  from evidence
  where is_done
),

ended as (
  select
    evidence.*,
    row_number() over (
      partition by evidence.city_code, evidence.item
      order by
        evidence.event_date,
        evidence.delivered_on,
        evidence.source_path,
        evidence.source_row,
        evidence.source_file_sha256
    ) as step
  from evidence
  inner join begun
    on
      evidence.city_code = begun.city_code and evidence.item = begun.item
      and begun.step = 1 and evidence.event_date > begun.event_date
  where evidence.stage = 'withdrawn'
),

intervals as (
  select
    'platform_functions' as indicator_id,
    unallocated.region_view,
    -- The platform is the city's, unless the document names a district.
    coalesce(address_regions.region_code, unallocated.region_code) as region_code,
    begun.item as record_id,
    begun.event_date as present_from,
    coalesce(ended.event_date, {{ open_end() }}) as present_to,
    {{ provenance('begun.', 'from_') }},
    {{ provenance('ended.', 'to_') }}
  from begun
  inner join regions as unallocated on begun.city_code = unallocated.city_code and unallocated.level = 'unallocated'
  left join ended on begun.city_code = ended.city_code and begun.item = ended.item and ended.step = 1
  left join address_regions
    on begun.place_key = address_regions.address_key and unallocated.region_view = address_regions.region_view
  where begun.step = 1
)

{{ presence_contributions('intervals', 'platform_function') }}
