-- One invention and one high-value category it falls into, with the day from which it does (no category is ever lost).
with inventions as (
  select * from {{ ref('int_patents') }} where patent_type = 'invention'
),

sei as (
  select * from {{ ref('int_patent_sei') }}
)

select distinct
  patent_key,
  'sei' as category,
  {{ open_start() }} as high_value_from
from sei

union all

-- A day counts when it is later than filing + 10 years, so the first one is the day after.
select
  patent_key,
  'ten_years' as category,
  {{ add_days(add_months('filing_date', 120), 1) }} as high_value_from
from inventions
where filing_date is not null
