-- One delivered row that could not be conformed, with its reason.
with rejected as (
  {% for name in delivered_sources() %}
  select
    source,
    source_path,
    source_file_sha256,
    source_row,
    delivered_on,
    reason,
    field,
    value
  from {{ source('quarantine', name) }}
  {{ 'union all' if not loop.last }}
  {% endfor %}
)

select
  source,
  source_path,
  source_file_sha256,
  cast(source_row as bigint) as source_row,
  cast(delivered_on as date) as delivered_on,
  reason,
  field,
  value
from rejected
