-- One region in one view.
select
  region_code,
  region_view,
  city_code,
  level,
  name_zh,
  name_en,
  is_statutory,
  statutory_parent,
  sort_order
from {{ ref('int_regions') }}
