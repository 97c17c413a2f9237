-- One record that belongs to an indicator but says too little to be counted there, in one region view, and why.
select
  indicator_id,
  region_view,
  region_code,
  record_type,
  record_id,
  dated_on,
  reason,
  source_path,
  source_row,
  source_file_sha256,
  delivered_on
from {{ ref('int_uncounted_records') }}
