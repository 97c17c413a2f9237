-- Per source: rows in = rows out + quarantined + exact duplicates, and bronze and quarantine hold what the ledger says.
{{ config(meta={'dagster': {'ref': {'name': 'source_health'}}}) }}
-- depends_on: {{ ref('source_health') }}

with files as (
  select known.*
  from ({{ known_rows_of_sources(ref('stg_deliveries__files')) }}) as known
  where known.status = 'loaded'
),

bronze as (
  {% for name in delivered_sources() %}
  select
    '{{ name }}' as source,
    source_path,
    source_file_sha256,
    count(*) as n_rows
  from {{ source('bronze', name) }}
  group by source_path, source_file_sha256
  {{ 'union all' if not loop.last }}
  {% endfor %}
),

quarantined as (
  select
    source,
    source_path,
    source_file_sha256,
    count(distinct source_row) as n_rows
  from {{ ref('stg_quarantine__rows') }}
  group by source, source_path, source_file_sha256
)

select
  files.source,
  files.source_path,
  files.rows_in,
  files.rows_out,
  files.rows_quarantined,
  files.rows_duplicate,
  bronze.n_rows as bronze_rows,
  quarantined.n_rows as quarantine_rows
from files
left join bronze
  on
    files.source = bronze.source
    and files.source_path = bronze.source_path
    and files.source_file_sha256 = bronze.source_file_sha256
left join quarantined
  on
    files.source = quarantined.source
    and files.source_path = quarantined.source_path
    and files.source_file_sha256 = quarantined.source_file_sha256
where
  files.rows_in != files.rows_out + files.rows_quarantined + files.rows_duplicate
  or files.rows_out != coalesce(bronze.n_rows, 0)
  or files.rows_quarantined != coalesce(quarantined.n_rows, 0)
