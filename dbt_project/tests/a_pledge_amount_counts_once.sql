-- The pledge amount of a region and year is the sum over registrations, each once, of the amounts that do not
-- contradict themselves.
{{ config(meta={'dagster': {'ref': {'name': 'fct_pledge'}}}) }}

with registrations as (
  select
    management_region_code as region_code,
    extract(year from registration_date) as in_year,
    sum(cast(amount_yuan as decimal(28, 4))) as amount_yuan
  from {{ ref('fct_pledge') }}
  where amount_status = 'known' and management_region_code is not null
  group by management_region_code, extract(year from registration_date)
),

facts as (
  select
    region_code,
    extract(year from effective_date) as in_year,
    sum(cast(amount as decimal(28, 4))) as amount_yuan
  from {{ ref('fct_contribution') }}
  where indicator_id = 'pledge_amount' and region_view = 'management'
  group by region_code, extract(year from effective_date)
)

select
  facts.region_code,
  facts.in_year,
  facts.amount_yuan,
  registrations.amount_yuan as registered_yuan
from facts
left join registrations on facts.region_code = registrations.region_code and facts.in_year = registrations.in_year
where registrations.amount_yuan is null or facts.amount_yuan != registrations.amount_yuan
