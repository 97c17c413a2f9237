-- One patent and one effect that undoes what counted before (full invalidation, restoration) of an event that was
-- delivered since the older release: the latest of them.
with events as (
  select events.*
  from {{ ref('fct_patent_event') }} as events
  cross join {{ ref('release_comparison') }} as comparison
  where events.effect in ('full_invalidation', 'restoration') and events.delivered_on > comparison.old_known_at
),

ranked as (
  select
    events.*,
    row_number() over (partition by patent_key, effect order by event_date desc, {{ latest_first() }}) as recency
  from events
)

select
  patent_key,
  effect,
  {{ provenance() }}
from ranked
where recency = 1
