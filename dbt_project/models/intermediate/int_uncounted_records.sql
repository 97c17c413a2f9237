-- One record that belongs to an indicator but says too little to be counted there, in one region view: an amount that
-- is missing or contradicts itself, participants not stated, a publication that the calendar of working days does not
-- cover.
with registrations as (
  select * from {{ ref('int_pledge_registrations') }}
),

deals as (
  select * from {{ ref('int_deals') }}
),

contracts as (
  select * from {{ ref('int_ip_finance') }}
),

activities as (
  select * from {{ ref('int_activities') }}
),

cases as (
  select * from {{ ref('int_cases') }}
),

decisions as (
  select * from {{ ref('int_penalty_decisions') }}
),

address_regions as (
  select * from {{ ref('int_address_regions') }}
),

run as (
  select * from {{ ref('stg_plan__run_parameters') }}
),

uncounted as (
  select
    'pledge_amount' as indicator_id,
    'pledge' as record_type,
    registration_no as record_id,
    registration_date as dated_on,
    'amount_' || amount_status as reason,
    place_key,
    {{ provenance() }}
  from registrations
  where amount_status != 'known'

  union all

  select
    'pledge_amount_' || right_kind as indicator_id,
    'pledge' as record_type,
    registration_no as record_id,
    registration_date as dated_on,
    'amount_' || amount_status as reason,
    place_key,
    {{ provenance() }}
  from registrations
  where amount_status != 'known'

  union all

  select
    'deal_amount' as indicator_id,
    'deal' as record_type,
    deal_id as record_id,
    deal_date as dated_on,
    'amount_' || amount_status as reason,
    place_key,
    {{ provenance() }}
  from deals
  where amount_status != 'known' and deal_type in ('transfer', 'licence')

  union all

  select
    case product_type
      when 'insurance' then 'insured_amount'
      when 'investment' then 'investment_amount'
      else 'securitisation_amount'
    end as indicator_id,
    'finance_contract' as record_type,
    contract_id as record_id,
    issued_on as dated_on,
    'amount_missing' as reason,
    place_key,
    {{ provenance() }}
  from contracts
  where amount_yuan is null

  union all

  select
    'insurance_premium' as indicator_id,
    'finance_contract' as record_type,
    contract_id as record_id,
    issued_on as dated_on,
    'amount_missing' as reason,
    place_key,
    {{ provenance() }}
  from contracts
  where product_type = 'insurance' and premium_yuan is null

  union all

  select
    'training_people' as indicator_id,
    'activity' as record_type,
    activity_id as record_id,
    held_on as dated_on,
    'participants_missing' as reason,
    place_key,
    {{ provenance() }}
  from activities
  where activity_type in ('training', 'seminar') and participants is null

  union all

  select
    'customs_seized_items' as indicator_id,
    'case' as record_type,
    case_id as record_id,
    opened_on as dated_on,
    'items_missing' as reason,
    place_key,
    {{ provenance() }}
  from cases
  where case_type = 'customs_seizure' and items is null

  union all

  select
    'customs_seized_amount' as indicator_id,
    'case' as record_type,
    case_id as record_id,
    opened_on as dated_on,
    'amount_missing' as reason,
    place_key,
    {{ provenance() }}
  from cases
  where case_type = 'customs_seizure' and value_yuan is null

  union all

  select
    'enf_published_7wd' as indicator_id,
    'penalty_decision' as record_type,
    decision_id as record_id,
    decision_date as dated_on,
    'working_days_not_computable' as reason,
    place_key,
    {{ provenance() }}
  from decisions
  where ip_kind != 'none' and published_on is not null and working_days_to_publication is null

  union all

  select
    'enf_criminal_transfers' as indicator_id,
    'penalty_decision' as record_type,
    decision_id as record_id,
    decision_date as dated_on,
    'transfer_date_missing' as reason,
    place_key,
    {{ provenance() }}
  from decisions
  where ip_kind != 'none' and is_transferred and transferred_on is null
)

select
  uncounted.indicator_id,
  address_regions.region_view,
  address_regions.region_code,
  uncounted.record_type,
  uncounted.record_id,
  uncounted.dated_on,
  uncounted.reason,
  {{ provenance('uncounted.') }}
from uncounted
inner join address_regions on uncounted.place_key = address_regions.address_key
cross join run
where address_regions.region_code is not null and uncounted.dated_on <= run.as_of
