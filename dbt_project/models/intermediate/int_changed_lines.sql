-- One delivered line that a changed contribution cites, for one record: whether what it tells had been delivered before
-- the older release, and the latest line since then that tells it anew, corrects it or withdraws it.
with comparison as (
  select * from {{ ref('release_comparison') }}
),

cited as (
  select distinct
    record_type,
    record_id,
    source_path,
    source_row,
    source_file_sha256
  from {{ ref('int_changed_contributions') }}
),

keyed as (
  select
    cited.*,
    delivered.source,
    delivered.business_key
  from cited
  inner join {{ ref('int_delivered_keys') }} as delivered on {{ same_line('cited', 'delivered') }}
  -- A line can register a mark in several classes; each is a record of its own.
  where cited.record_type != 'trademark' or replace(delivered.business_key, '|', ' ') = cited.record_id
),

told as (
  select
    keyed.record_type,
    keyed.record_id,
    keyed.source_path as cited_path,
    keyed.source_row as cited_row,
    keyed.source_file_sha256 as cited_file_sha256,
    {{ provenance('delivered.') }},
    delivered.delivered_on > comparison.old_known_at as is_since
  from keyed
  inner join {{ ref('int_delivered_keys') }} as delivered
    on keyed.source = delivered.source and keyed.business_key = delivered.business_key
  cross join comparison
),

ranked as (
  select
    told.*,
    row_number() over (
      partition by record_type, record_id, cited_path, cited_row, cited_file_sha256
      order by is_since desc, {{ latest_first() }}
    ) as preference
  from told
)

select
  record_type,
  record_id,
  cited_path as source_path,
  cited_row as source_row,
  cited_file_sha256 as source_file_sha256,
  bool_or(not is_since) as was_delivered_before,
  {{ provenance_picked('preference = 1 and is_since', 'later_') }}
from ranked
group by record_type, record_id, cited_path, cited_row, cited_file_sha256
