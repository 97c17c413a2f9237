-- One record that no region can be given: it names no place, none of the table of divisions, or nothing smaller than
-- the province of a planned city. What lies in another city or abroad is placed, elsewhere.
with patents as (
  select * from {{ ref('int_patents') }}
),

moves as (
  select *
  from {{ ref('int_patent_events') }}
  where effect in ('transfer', 'address_change') and has_address_after
),

provinces as (
  select distinct left(city_code, 2) as province
  from {{ ref('int_cities') }}
),

unplaced_addresses as (
  select
    addresses.address_key,
    case when addresses.division_code is null then 'place_unknown' else 'place_too_wide' end as reason
  from {{ ref('int_addresses') }} as addresses
  left join {{ ref('int_place_regions') }} as placed on addresses.address_key = placed.address_key
  left join provinces on left(addresses.division_code, 2) = provinces.province
  where
    placed.address_key is null
    and case
      when addresses.division_code is null then not {{ is_abroad('addresses.words') }}
      else right(addresses.division_code, 4) = '0000' and provinces.province is not null
    end
),

patent_places as (
  select
    patent_key,
    1 as preference,
    grant_date as dated_on,
    grant_address_key as place_key,
    {{ provenance('grant_') }}
  from patents
  where has_address and grant_date is not null

  union all

  select
    patent_key,
    2 as preference,
    filing_date as dated_on,
    application_address_key as place_key,
    {{ provenance('filing_') }}
  from patents
  where has_address or application_address_key is null

  union all

  select
    patents.patent_key,
    3 as preference,
    moves.takes_effect_on as dated_on,
    moves.address_key_after as place_key,
    {{ provenance('moves.') }}
  from patents
  inner join moves on patents.patent_key = moves.patent_key
),

records as (
  select
    'patent' as record_type,
    patent_places.patent_key as record_id,
    patent_places.preference,
    patent_places.dated_on,
    patent_places.place_key,
    not patents.has_address as is_without_place,
    {{ provenance('patent_places.') }}
  from patent_places
  inner join patents on patent_places.patent_key = patents.patent_key

  {% for model, record_type, record_id, dated_on, place_key in records_with_one_place() %}
  union all

  select
    '{{ record_type }}' as record_type,
    {{ record_id }} as record_id,
    1 as preference,
    {{ dated_on }} as dated_on,
    {{ place_key }} as place_key,
    {{ place_key }} is null as is_without_place,
    {{ provenance() }}
  from {{ ref(model) }}
  {{ "where ip_kind != 'none'" if record_type == 'penalty_decision' }}
  {% endfor %}
),

judged as (
  select
    records.*,
    coalesce(unplaced_addresses.reason, 'place_missing') as reason,
    row_number() over (
      partition by records.record_type, records.record_id
      order by
        records.preference asc, records.dated_on asc, records.source_path asc, records.source_row asc,
        records.source_file_sha256 asc, records.place_key asc
    ) as choice
  from records
  left join unplaced_addresses on records.place_key = unplaced_addresses.address_key
  where records.is_without_place or unplaced_addresses.address_key is not null
)

select
  record_type,
  record_id,
  dated_on,
  reason,
  {{ provenance() }}
from judged
where choice = 1
