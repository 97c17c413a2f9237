-- One pledge registration, that is one project, as known: its rights together, its amount once, and how long it is
-- open.
with pledges as (
  select * from {{ ref('int_pledges') }}
),

events as (
  select * from {{ ref('int_patent_events') }}
),

ordered as (
  select
    pledges.*,
    row_number() over (
      partition by registration_no order by delivered_on desc, source_path asc, source_row asc, source_file_sha256 asc
    ) as position_no
  from pledges
),

merged as (
  select
    registration_no,
    -- A mark and a patent in one registration, or a right of a third kind, is neither a patent nor a trademark project.
    case
      when count(distinct right_type) = 1 and max(right_type) in ('patent', 'trademark') then max(right_type)
      else 'mixed'
    end as right_kind,
    cast(count(*) as bigint) as n_rights,
    cast(count(*) filter (where right_type = 'patent') as bigint) as n_patents,
    cast(count(*) filter (where right_type = 'trademark') as bigint) as n_trademarks,
    max(registration_date) as registration_date,
    bool_or(is_date_contradictory) as is_date_contradictory,
    max(amount_yuan) as amount_yuan,
    max(amount_status) as amount_status,
    min(stated_amount_yuan) as lowest_stated_amount_yuan,
    max(stated_amount_yuan) as highest_stated_amount_yuan,
    min_by(pledgor, position_no) filter (where pledgor is not null) as pledgor,
    min_by(pledgor_key, position_no) filter (where pledgor_key is not null) as pledgor_key,
    min_by(pledgor_credit_code, position_no) filter (where pledgor_credit_code is not null) as pledgor_credit_code,
    min_by(pledgee, position_no) filter (where pledgee is not null) as pledgee,
    bool_or(is_rollover) as is_rollover,
    -- Two sizes for one enterprise are no size.
    case when count(distinct enterprise_size) = 1 then max(enterprise_size) end as enterprise_size,
    min_by(place_key, position_no) filter (where place_key is not null) as place_key,
    bool_or(is_synthetic) as is_synthetic,
    {{ provenance_picked('position_no = 1', '') }}
  from ordered
  group by registration_no
),

endings as (
  select
    registration_no,
    released_on,
    'ledger' as released_by,
    {{ provenance() }}
  from ordered
  where released_on is not null

  union all

  -- 质押合同登记的注销, printed per patent under the registration's number.
  select
    contract_no as registration_no,
    takes_effect_on as released_on,
    'gazette' as released_by,
    {{ provenance() }}
  from events
  where event_code = 'PC01' and contract_no is not null and takes_effect_on is not null
),

ranked as (
  select
    endings.*,
    -- A package is open until the last of its rights is released.
    row_number() over (
      partition by registration_no order by released_on desc, released_by asc, {{ latest_first() }}
    ) as preference
  from endings
)

select
  merged.registration_no,
  merged.right_kind,
  merged.n_rights,
  merged.n_patents,
  merged.n_trademarks,
  merged.registration_date,
  merged.is_date_contradictory,
  merged.amount_yuan,
  merged.amount_status,
  merged.lowest_stated_amount_yuan,
  merged.highest_stated_amount_yuan,
  merged.pledgor,
  merged.pledgor_key,
  merged.pledgor_credit_code,
  coalesce(party_by_code.party_id, party_by_name.party_id) as party_id,
  merged.pledgee,
  merged.is_rollover,
  merged.enterprise_size,
  merged.place_key,
  ranked.released_on,
  ranked.released_by,
  merged.is_synthetic,
  {{ provenance('merged.') }},
  {{ provenance('ranked.', 'end_') }}
from merged
left join ranked on merged.registration_no = ranked.registration_no and ranked.preference = 1
{{ party_joins('merged.pledgor_credit_code', 'merged.pledgor_key') }}
