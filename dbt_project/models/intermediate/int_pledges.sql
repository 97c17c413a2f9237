-- One right in one pledge registration as known. The amount is that of the whole registration, on every row of it.
with rights as (
  {{ known_rows(ref('stg_pledges__rights')) }}
),

ranked as (
  select
    rights.*,
    {{ place_of([district_columns(), address_columns()]) }} as place_key,
    row_number() over (
      partition by registration_no, right_type, right_no order by {{ latest_first() }}
    ) as lateness,
    -- A record withdrawn and delivered again starts anew.
    sum(case when is_withdrawn then 1 else 0 end) over (
      partition by registration_no, right_type, right_no order by {{ latest_first() }}
      rows between unbounded preceding and current row
    ) as n_withdrawals_since
  from rights
),

-- The register prints no amount and the ledger no gazette data, so what one delivery leaves open the one before fills.
merged as (
  select
    registration_no,
    right_type,
    right_no,
    min_by(application_no, lateness) filter (where application_no is not null) as application_no,
    min_by(right_name, lateness) filter (where right_name is not null) as right_name,
    min_by(registration_date, lateness) as stated_date,
    min_by(pledgor, lateness) filter (where pledgor is not null) as pledgor,
    min_by(pledgor_key, lateness) filter (where pledgor_key is not null) as pledgor_key,
    min_by(pledgor_kind, lateness) filter (where pledgor_kind is not null) as pledgor_kind,
    min_by(pledgor_credit_code, lateness) filter (where pledgor_credit_code is not null) as pledgor_credit_code,
    min_by(pledgee, lateness) filter (where pledgee is not null) as pledgee,
    min_by(amount_yuan, lateness) filter (where amount_yuan is not null) as stated_amount_yuan,
    min_by(released_on, lateness) filter (where released_on is not null) as released_on,
    min_by(is_rollover, lateness) filter (where is_rollover is not null) as is_rollover,
    min_by(enterprise_size, lateness) filter (where enterprise_size is not null) as enterprise_size,
    min_by(place_key, lateness) filter (where place_key is not null) as place_key,
    bool_or(is_synthetic) as is_synthetic,
    {{ provenance_picked('lateness = 1', '') }}
  from ranked
  where n_withdrawals_since = 0
  group by registration_no, right_type, right_no
),

stated as (
  select
    registration_no,
    min(stated_date) as registration_date,
    count(distinct stated_date) > 1 as is_date_contradictory,
    max(stated_amount_yuan) as amount_yuan,
    count(distinct stated_amount_yuan) as n_amounts
  from merged
  group by registration_no
)

select
  merged.registration_no,
  merged.right_type,
  merged.right_no,
  merged.application_no,
  merged.right_name,
  stated.registration_date,
  stated.is_date_contradictory,
  merged.pledgor,
  merged.pledgor_key,
  merged.pledgor_kind,
  merged.pledgor_credit_code,
  merged.pledgee,
  -- Rows of one registration that name different amounts: which one is right is not for us to say.
  case when stated.n_amounts = 1 then stated.amount_yuan end as amount_yuan,
  case stated.n_amounts when 0 then 'missing' when 1 then 'known' else 'contradictory' end as amount_status,
  merged.stated_amount_yuan,
  merged.released_on,
  merged.is_rollover,
  merged.enterprise_size,
  merged.place_key,
  merged.is_synthetic,
  {{ provenance('merged.') }}
from merged
inner join stated on merged.registration_no = stated.registration_no
