-- One registration of a mark in one class: the interval [valid_from, valid_to) in which it is valid and what ends it,
-- or why it cannot be counted. A date that decides and was not delivered is not guessed.
with marks as (
  select * from {{ ref('int_trademarks') }}
),

judged as (
  select
    marks.*,
    {{ add_days('exclusive_until', 1) }} as term_ends_on,
    case
      -- design 6: not cancelled or invalidated by the day asked about
      when status in ('cancelled', 'surrendered', 'invalidated') then status_date
      when status = 'expired' and exclusive_until is null then status_date
    end as ended_on,
    case
      when status in ('pending', 'refused') then 'not_registered'
      when registration_date is null then 'registration_date_missing'
      when status in ('cancelled', 'surrendered', 'invalidated') and status_date is null then 'end_date_missing'
      when
        exclusive_until is null
        and (status_date is null or status not in ('cancelled', 'surrendered', 'invalidated', 'expired'))
        then 'exclusive_until_missing'
    end as uncounted_reason
  from marks
),

dated as (
  select
    judged.*,
    ended_on is not null and ended_on < coalesce(term_ends_on, {{ open_end() }}) as is_ended_early
  from judged
)

select
  mark_key,
  uncounted_reason,
  case when uncounted_reason is null then registration_date end as valid_from,
  case
    when uncounted_reason is null
      then greatest(registration_date, case when is_ended_early then ended_on else term_ends_on end)
  end as valid_to,
  case
    when uncounted_reason is not null then null
    when is_ended_early and status != 'expired' then status
    else 'expired'
  end as end_reason,
  {{ provenance('registration_', 'from_') }},
  {{ provenance_choice('is_ended_early', 'status_', 'until_', 'to_') }}
from dated
