-- One region whose values are figures others publish, because every plan for it says so.
select city_code as region_code
from {{ ref('stg_plan__plans') }}
group by city_code
having count(*) filter (where actuals = 'published') = count(*)
