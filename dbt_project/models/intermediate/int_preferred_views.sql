-- One region: the view its figures are quoted in. Statutory wherever the region is statutory; zones exist in the other.
select
  region_code,
  max(region_view) as region_view  -- statutory sorts after management
from {{ ref('int_regions') }}
group by region_code
