-- One party with a credit code in one decision about intellectual property: has it been punished for such a thing
-- within the five years before?
with penalties as (
  select * from {{ ref('int_penalties') }}
),

decisions as (
  select * from {{ ref('int_penalty_decisions') }} where ip_kind != 'none'
),

-- Who is known by name alone may have been punished before, but is not counted itself.
punished as (
  select
    penalties.decision_id,
    coalesce(penalties.party_id, penalties.offender_credit_code) as party,
    decisions.decision_date,
    max(penalties.offender_credit_code) as offender_credit_code
  from penalties
  inner join decisions on penalties.decision_id = decisions.decision_id
  where coalesce(penalties.party_id, penalties.offender_credit_code) is not null
  group by
    penalties.decision_id, coalesce(penalties.party_id, penalties.offender_credit_code), decisions.decision_date
),

punished_days as (
  select distinct
    party,
    decision_date
  from punished
),

days as (
  select
    party,
    decision_date,
    lag(decision_date) over (partition by party order by decision_date) as decided_before
  from punished_days
)

select
  punished.decision_id,
  punished.party,
  punished.offender_credit_code,
  punished.decision_date,
  days.decided_before,
  coalesce(days.decided_before >= {{ add_months('punished.decision_date', -60) }}, false) as is_repeat
from punished
inner join days on punished.party = days.party and punished.decision_date = days.decision_date
where punished.offender_credit_code is not null
