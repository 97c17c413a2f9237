-- One deal of the platform: a transfer, licence, reserve intake or pool, with its amount once.
with deals as (
  select * from {{ ref('int_deals') }}
),

places as (
  select * from {{ ref('int_place_regions') }}
)

select
  deals.deal_id,
  deals.deal_no,
  deals.deal_type,
  deals.deal_date,
  deals.n_patents,
  deals.n_high_value,
  deals.amount_yuan,
  deals.amount_status,
  deals.seller,
  deals.buyer,
  deals.platform,
  places.region_code,
  places.management_region_code,
  deals.is_synthetic,
  {{ provenance('deals.') }}
from deals
left join places on deals.place_key = places.address_key
