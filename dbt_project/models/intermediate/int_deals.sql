-- One deal as known, however many patents it covers; its amount once.
with patents as (
  select * from {{ ref('int_deal_patents') }}
),

ordered as (
  select
    patents.*,
    row_number() over (
      partition by deal_id order by delivered_on desc, source_path asc, source_row asc, source_file_sha256 asc
    ) as position_no
  from patents
)

select
  deal_id,
  max(deal_no) as deal_no,
  max(deal_type) as deal_type,
  min(deal_date) as deal_date,
  cast(count(application_no) as bigint) as n_patents,
  cast(count(case when is_high_value then 1 end) as bigint) as n_high_value,
  -- A package repeats its amount on every row; rows that differ do not say which is right.
  case when count(distinct amount_yuan) = 1 then max(amount_yuan) end as amount_yuan,
  case count(distinct amount_yuan) when 0 then 'missing' when 1 then 'known' else 'contradictory' end as amount_status,
  min_by(seller, position_no) filter (where seller is not null) as seller,
  min_by(seller_key, position_no) filter (where seller_key is not null) as seller_key,
  min_by(buyer, position_no) filter (where buyer is not null) as buyer,
  min_by(buyer_key, position_no) filter (where buyer_key is not null) as buyer_key,
  min_by(platform, position_no) filter (where platform is not null) as platform,
  min_by(place_key, position_no) filter (where place_key is not null) as place_key,
  bool_or(is_synthetic) as is_synthetic,
  {{ provenance_picked('position_no = 1', '') }}
from ordered
group by deal_id
