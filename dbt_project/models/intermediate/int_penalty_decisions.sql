-- One penalty decision as known, however many parties it punishes: its kind, its days and what it imposed in all.
with penalties as (
  select * from {{ ref('int_penalties') }}
),

kinds as (
  select * from {{ ref('int_penalty_kinds') }}
),

working_days as (
  select * from {{ ref('stg_plan__working_days') }}
),

ordered as (
  select
    penalties.*,
    row_number() over (partition by decision_id order by {{ latest_first() }}) as recency
  from penalties
),

merged as (
  select
    decision_id,
    max(decision_no) as decision_no,
    max(authority) as authority,
    min_by(place_key, recency) filter (where place_key is not null) as place_key,
    min_by(violation_type, recency) filter (where violation_type is not null) as violation_type,
    min_by(basis, recency) filter (where basis is not null) as basis,
    min_by(penalty_class, recency) filter (where penalty_class is not null) as penalty_class,
    min_by(procedure, recency) filter (where procedure is not null) as procedure,
    min(decision_date) as decision_date,
    min(filed_on) as filed_on,
    -- Published when the last of its parties is.
    max(published_on) as published_on,
    -- Each party is fined on its own; no fine printed is no amount, not zero.
    cast(sum(cast(fine_yuan as decimal(28, 4))) as double) as fine_yuan,
    cast(sum(cast(confiscated_yuan as decimal(28, 4))) as double) as confiscated_yuan,
    coalesce(bool_or(is_transferred), false) or count(transferred_on) > 0 as is_transferred,
    min(transferred_on) as transferred_on,
    cast(count(*) as bigint) as n_parties,
    cast(count(distinct offender_credit_code) as bigint) as n_parties_with_code,
    bool_or(is_synthetic) as is_synthetic,
    {{ provenance_picked('recency = 1', '') }}
  from ordered
  group by decision_id
)

select
  merged.decision_id,
  merged.decision_no,
  merged.authority,
  merged.place_key,
  kinds.ip_kind,
  kinds.rule_id as ip_kind_rule_id,
  merged.violation_type,
  merged.basis,
  merged.penalty_class,
  merged.procedure,
  merged.decision_date,
  merged.filed_on,
  case
    when merged.filed_on <= merged.decision_date
      then {{ days_between('merged.filed_on', 'merged.decision_date') }}
  end as days_to_decision,
  merged.published_on,
  -- Only inside the calendar, and only where publication follows the decision.
  case
    when merged.published_on >= merged.decision_date
      then cast(published.working_day_no - decided.working_day_no as bigint)
  end as working_days_to_publication,
  merged.fine_yuan,
  merged.confiscated_yuan,
  merged.is_transferred,
  merged.transferred_on,
  merged.n_parties,
  merged.n_parties_with_code,
  merged.is_synthetic,
  {{ provenance('merged.') }}
from merged
inner join kinds on merged.decision_id = kinds.decision_id
left join working_days as decided on merged.decision_date = decided.day
left join working_days as published on merged.published_on = published.day
