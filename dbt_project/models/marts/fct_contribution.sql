-- One dated contribution of one record to one indicator in one region view; every value is a sum of these.
select
  indicator_id,
  region_view,
  region_code,
  record_type,
  record_id,
  effective_date,
  delta,
  amount,
  source_path,
  source_row,
  source_file_sha256,
  delivered_on
from {{ ref('int_contributions') }}
