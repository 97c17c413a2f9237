-- One delivered line of a patent that both releases count under different names, with the event, delivered since the
-- older one, that gave the line its application number.
with named as (
  select
    source_path,
    source_row,
    source_file_sha256,
    max(case when change = 'left' then record_id end) as old_patent_key,
    max(case when change = 'entered' then record_id end) as new_patent_key
  from {{ ref('int_changed_contributions') }}
  where record_type = 'patent'
  group by source_path, source_row, source_file_sha256
),

naming as (
  select
    named.source_path as named_path,
    named.source_row as named_row,
    named.source_file_sha256 as named_file_sha256,
    named.old_patent_key,
    named.new_patent_key,
    {{ provenance('events.') }},
    row_number() over (
      partition by named.source_path, named.source_row, named.source_file_sha256
      order by events.delivered_on asc, events.source_path asc, events.source_row asc, events.source_file_sha256 asc
    ) as preference
  from named
  cross join {{ ref('release_comparison') }} as comparison
  inner join {{ ref('fct_patent_event') }} as events on named.new_patent_key = events.patent_key
  where named.old_patent_key != named.new_patent_key and events.delivered_on > comparison.old_known_at
)

select
  named_path as source_path,
  named_row as source_row,
  named_file_sha256 as source_file_sha256,
  old_patent_key,
  new_patent_key,
  {{ provenance('', 'named_by_') }}
from naming
where preference = 1
