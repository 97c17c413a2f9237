-- One change of name recorded for a patent (CP01, CP03) between two normalised names of one party. A name that several
-- credit codes share says nothing about who bears it, so its changes join nobody.
with events as (
  select * from {{ ref('int_patent_events') }}
),

shared_names as (
  select name_key
  from {{ ref('int_party_names') }}
  where name_key is not null
  group by name_key
  having count(distinct credit_code) > 1
)

select
  events.party_before_key as name_key_before,
  events.party_after_key as name_key_after,
  max(events.takes_effect_on) as renamed_on
from events
where
  events.event_code in ('CP01', 'CP03')
  and events.party_before_key != events.party_after_key
  and events.party_before_key not in (select shared_names.name_key from shared_names)
  and events.party_after_key not in (select shared_names.name_key from shared_names)
group by events.party_before_key, events.party_after_key
