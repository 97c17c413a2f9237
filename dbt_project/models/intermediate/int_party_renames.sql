-- One change of name recorded for a patent (CP01, CP03) between two normalised names of one party. A name that several
-- credit codes share says nothing about who bears it, and names of two different codes are two parties whatever the
-- notice says: such changes join nobody.
with events as (
  select * from {{ ref('int_patent_events') }}
),

coded as (
  select
    name_key,
    min(credit_code) as credit_code,
    count(distinct credit_code) as n_codes
  from {{ ref('int_party_names') }}
  where name_key is not null
  group by name_key
)

select
  events.party_before_key as name_key_before,
  events.party_after_key as name_key_after,
  max(events.takes_effect_on) as renamed_on
from events
left join coded as before on events.party_before_key = before.name_key
left join coded as after on events.party_after_key = after.name_key
where
  events.event_code in ('CP01', 'CP03')
  and events.party_before_key != events.party_after_key
  and coalesce(before.n_codes, 0) <= 1
  and coalesce(after.n_codes, 0) <= 1
  and coalesce(before.credit_code, after.credit_code, '') = coalesce(after.credit_code, before.credit_code, '')
group by events.party_before_key, events.party_after_key
