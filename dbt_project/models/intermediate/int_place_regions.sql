-- One address of the plans' areas: its region in both views, side by side.
select
  address_key,
  max(case when region_view = 'statutory' then region_code end) as region_code,
  max(case when region_view = 'management' then region_code end) as management_region_code
from {{ ref('int_address_regions') }}
group by address_key
