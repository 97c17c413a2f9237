-- One sum that a plan says must hold, in one region of a view and period: among the plan's own figures, or among
-- values.
with identities as (
  select * from {{ ref('stg_plan__identities') }}
),

parts as (
  select * from {{ ref('int_identity_parts') }}
),

plans as (
  select * from {{ ref('stg_plan__plans') }}
),

regions as (
  select * from {{ ref('int_regions') }}
),

baselines as (
  select * from {{ ref('stg_plan__baselines') }}
),

facts as (
  select * from {{ ref('fct_indicator_value') }}
),

preferred_views as (
  select * from {{ ref('int_preferred_views') }}
),

members as (
  select
    plan_id,
    identity_id,
    level,
    total as term_id
  from identities
  union
  select
    plan_id,
    identity_id,
    level,
    part_id as term_id
  from parts
),

-- What an identity's total and parts are made of, in the same shape on both levels.
terms as (
  select
    members.plan_id,
    members.identity_id,
    facts.region_code,
    facts.region_view,
    facts.period_type,
    facts.period_end,
    members.term_id,
    facts.observed_until,
    facts.value
  from members
  inner join plans on members.plan_id = plans.plan_id
  inner join regions on plans.city_code = regions.city_code
  inner join facts
    on
      members.term_id = facts.indicator_id
      and regions.region_code = facts.region_code
      and regions.region_view = facts.region_view
  where members.level = 'indicator'

  union all

  select
    members.plan_id,
    members.identity_id,
    plans.city_code as region_code,
    preferred_views.region_view,
    baselines.period_type,
    baselines.period_end,
    members.term_id,
    baselines.period_end as observed_until,
    baselines.value
  from members
  inner join plans on members.plan_id = plans.plan_id
  inner join preferred_views on plans.city_code = preferred_views.region_code
  inner join baselines on members.plan_id = baselines.plan_id and members.term_id = baselines.baseline_id
  where members.level = 'baseline'
),

needed as (
  select
    plan_id,
    identity_id,
    count(*) as n_parts
  from parts
  group by plan_id, identity_id
),

totals as (
  select
    terms.plan_id,
    terms.identity_id,
    terms.region_code,
    terms.region_view,
    terms.period_type,
    terms.period_end,
    terms.observed_until,
    terms.value
  from terms
  inner join identities
    on
      terms.plan_id = identities.plan_id
      and terms.identity_id = identities.identity_id
      and terms.term_id = identities.total
  where terms.value is not null
),

sums as (
  select
    terms.plan_id,
    terms.identity_id,
    terms.region_code,
    terms.region_view,
    terms.period_type,
    terms.period_end,
    cast(sum(cast(parts.sign * terms.value as decimal(28, 8))) as double) as parts_sum,
    min(terms.observed_until) as parts_observed_from,
    max(terms.observed_until) as parts_observed_until,
    count(*) as n_parts
  from terms
  inner join parts
    on
      terms.plan_id = parts.plan_id
      and terms.identity_id = parts.identity_id
      and terms.term_id = parts.part_id
  where terms.value is not null
  group by
    terms.plan_id, terms.identity_id, terms.region_code, terms.region_view, terms.period_type, terms.period_end
),

compared as (
  select
    totals.plan_id,
    totals.identity_id,
    totals.region_code,
    totals.region_view,
    totals.period_type,
    totals.period_end,
    totals.value as total_value,
    sums.parts_sum,
    coalesce(sums.n_parts, 0) as n_parts_known,
    -- In a running period another source may have been delivered further than those of the total.
    sums.parts_observed_from != totals.observed_until or sums.parts_observed_until != totals.observed_until
      as is_observed_apart,
    needed.n_parts as n_parts_needed
  from totals
  inner join needed on totals.plan_id = needed.plan_id and totals.identity_id = needed.identity_id
  left join sums
    on
      totals.plan_id = sums.plan_id
      and totals.identity_id = sums.identity_id
      and totals.region_code = sums.region_code
      and totals.region_view = sums.region_view
      and totals.period_type = sums.period_type
      and totals.period_end = sums.period_end
)

select
  compared.plan_id,
  compared.identity_id,
  identities.title_zh,
  identities.title_en,
  identities.level,
  identities.total as total_id,
  identities.parts,
  compared.region_code,
  compared.region_view,
  compared.period_type,
  compared.period_end,
  compared.total_value,
  compared.parts_sum,
  compared.total_value - compared.parts_sum as gap,
  identities.tolerance,
  cast(compared.n_parts_known as bigint) as n_parts_known,
  cast(compared.n_parts_needed as bigint) as n_parts_needed,
  -- A part without any value is unknown, not zero: it can still fill what the others leave, and never take from them.
  case
    when abs(compared.total_value - compared.parts_sum) <= identities.tolerance + 1e-9 then true
    when compared.is_observed_apart then null
    when compared.n_parts_known = compared.n_parts_needed then false
    when compared.parts_sum > compared.total_value and identities.parts not like '%-1%' then false
  end as holds
from compared
inner join identities on compared.plan_id = identities.plan_id and compared.identity_id = identities.identity_id
