-- One publication number: the patent it belongs to. A spoiled or absent application number is recovered only where the
-- known deliveries give exactly one candidate; otherwise the publication number itself stands for the patent.
with publications as (
  {{ known_rows(ref('stg_patents__publications')) }}
),

events as (
  {{ known_rows(ref('stg_patent_events__events')) }}
),

mentions as (
  select
    publication_no,
    application_no
  from publications where not is_withdrawn
  union all
  select
    grant_publication_no,
    application_no
  from publications where not is_withdrawn
  union all
  select
    publication_no,
    application_no
  from events where not is_withdrawn
),

candidates as (
  select
    publication_no,
    min(application_no) as application_no,
    count(distinct application_no) as n_candidates
  from mentions
  where publication_no is not null
  group by publication_no
)

select
  publication_no,
  case when n_candidates = 1 then application_no else publication_no end as patent_key,
  case when n_candidates = 1 then 'application_no' else 'publication_no' end as identified_by,
  n_candidates
from candidates
