-- One legal event of a patent as known, from gazette records and, where only a status list was delivered, its texts.
with events as (
  {{ known_rows(ref('stg_patent_events__events')) }}
),

publications as (
  select * from {{ ref('int_patent_publications') }}
),

identities as (
  select * from {{ ref('int_patent_identities') }}
),

event_codes as (
  select * from {{ ref('legal_event_codes') }}
),

status_texts as (
  select * from {{ ref('legal_status_texts') }}
),

delivered as (
  select
    coalesce(events.application_no, identities.patent_key) as patent_key,
    events.event_code,
    events.event_date,
    events.effective_date,
    events.contract_no,
    events.licence_kind,
    events.party_before_key,
    events.party_after_key,
    (events.address_after is not null or events.division_code_after is not null) as has_address_after,
    {{ address_key('events.division_code_after', 'events.address_rest_after', 'events.address_after') }}
      as address_key_after,
    events.division_code_after,
    events.address_rest_after,
    'patent_events' as origin,
    events.is_synthetic,
    events.is_withdrawn,
    {{ provenance('events.') }}
  from events
  left join identities on events.publication_no = identities.publication_no
),

stated as (
  select
    publications.patent_key,
    status_texts.event_code,
    publications.legal_status_date as event_date,
    cast(null as date) as effective_date,
    cast(null as {{ dbt.type_string() }}) as contract_no,
    cast(null as {{ dbt.type_string() }}) as licence_kind,
    cast(null as {{ dbt.type_string() }}) as party_before_key,
    cast(null as {{ dbt.type_string() }}) as party_after_key,
    false as has_address_after,
    cast(null as {{ dbt.type_string() }}) as address_key_after,
    cast(null as {{ dbt.type_string() }}) as division_code_after,
    cast(null as {{ dbt.type_string() }}) as address_rest_after,
    'legal_status' as origin,
    publications.is_synthetic,
    false as is_withdrawn,
    {{ provenance('publications.') }}
  from publications
  inner join status_texts on publications.legal_status = status_texts.legal_status
  where publications.legal_status_date is not null
),

together as (
  select * from delivered
  union all
  select * from stated
),

ranked as (
  select
    together.*,
    row_number() over (
      partition by patent_key, event_code, event_date, coalesce(contract_no, '')
      -- A gazette record prints more than a status text, so it decides when both tell the same event.
      order by origin desc, {{ latest_first() }}
    ) as lateness
  from together
  where patent_key is not null
),

in_force as (
  select
    ranked.*,
    coalesce(event_codes.effect, 'none') as effect,
    max(case when event_codes.effect = 'restoration' then ranked.event_date end) over (
      partition by ranked.patent_key
    ) as last_restored_on
  from ranked
  left join event_codes on ranked.event_code = event_codes.event_code
  where ranked.lateness = 1 and not ranked.is_withdrawn
)

select
  patent_key,
  event_code,
  effect,
  -- A lapse followed by a restoration never happened.
  coalesce(effect in ('lapse', 'termination') and last_restored_on >= event_date, false) as is_void,
  event_date,
  coalesce(effective_date, event_date) as takes_effect_on,
  effective_date is not null as is_effective_date_printed,
  contract_no,
  licence_kind,
  party_before_key,
  party_after_key,
  has_address_after,
  address_key_after,
  division_code_after,
  address_rest_after,
  origin,
  is_synthetic,
  {{ provenance() }}
from in_force
