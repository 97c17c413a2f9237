-- One granted invention: the interval [valid_from, valid_to) in which its right is in force, and what ends it.
with inventions as (
  select *
  from {{ ref('int_patents') }}
  where patent_type = 'invention' and grant_date is not null
),

events as (
  select * from {{ ref('int_patent_events') }}
),

endings as (
  select
    patent_key,
    {{ add_months('filing_date', 240) }} as ends_on,
    'term' as end_reason,
    {{ provenance('filing_') }}
  from inventions
  where filing_date is not null

  union all

  select
    patent_key,
    takes_effect_on as ends_on,
    effect as end_reason,
    {{ provenance() }}
  from events
  where effect in ('lapse', 'termination', 'surrender') and not is_void

  union all

  -- Invalidated in full: the right is deemed never to have existed, so the interval is empty.
  select
    patent_key,
    {{ open_start() }} as ends_on,
    effect as end_reason,
    {{ provenance() }}
  from events
  where effect = 'full_invalidation'
),

ranked as (
  select
    endings.*,
    row_number() over (
      partition by patent_key order by ends_on, end_reason, {{ latest_first() }}
    ) as preference
  from endings
)

select
  inventions.patent_key,
  inventions.grant_date as valid_from,
  greatest(inventions.grant_date, coalesce(ranked.ends_on, {{ open_end() }})) as valid_to,
  ranked.end_reason,
  {{ provenance('inventions.grant_') }},
  {{ provenance('ranked.', 'end_') }}
from inventions
left join ranked on inventions.patent_key = ranked.patent_key and ranked.preference = 1
