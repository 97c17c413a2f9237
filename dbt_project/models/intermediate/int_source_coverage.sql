-- One source: the last delivery known, up to which its records can be complete. Never delivered: null.
with sources as (
  {% for name in delivered_sources() %}
  select '{{ name }}' as source {{ 'union all' if not loop.last }}
  {% endfor %}
),

files as (
  {{ known_rows_of_sources(ref('stg_deliveries__files')) }}
),

loaded as (
  select
    source,
    max(delivered_on) as coverage_to
  from files
  where status = 'loaded'
  group by source
)

select
  sources.source,
  loaded.coverage_to
from sources
left join loaded on sources.source = loaded.source
