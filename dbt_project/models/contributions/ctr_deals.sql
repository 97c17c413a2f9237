-- One transfer or licence concluded on the platform in one indicator and region view, by the day of the deal:
-- deal_transfers, deal_licences and deal_amount, once per deal however many patents it lists.
with records as (
  select
    deals.*,
    deal_id as record_id,
    deal_date as effective_date
  from {{ ref('int_deals') }} as deals
)

{{ dated_contributions('records', 'deal', [
  ('deal_transfers', "deal_type = 'transfer'", none),
  ('deal_licences', "deal_type = 'licence'", none),
  ('deal_amount', "deal_type in ('transfer', 'licence')", 'amount_yuan'),
]) }}
