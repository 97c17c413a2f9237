-- Plans computed together use one edition of the SEI table, and it is one that is here; otherwise the class of a patent
-- would depend on the plan, or silently be empty.
{{ config(meta={'dagster': {'ref': {'name': 'fct_patent'}}}) }}

with editions as (
  select distinct sei_version from {{ ref('stg_plan__plans') }}
)

select sei_version
from editions
where
  sei_version not in (select rules.sei_version from {{ ref('sei_rules') }} as rules)
  or (select count(*) from editions) > 1
