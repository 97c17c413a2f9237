-- Plans computed together use one edition of the SEI table, and it is one that is here; otherwise the class of a patent
-- would depend on the plan, or silently be empty.
{{ config(meta={'dagster': {'ref': {'name': 'fct_patent'}}}) }}
-- depends_on: {{ ref('fct_patent') }}

with editions as (
  select
    sei_version,
    count(*) over () as n_editions
  from {{ ref('stg_plan__plans') }}
  where sei_version is not null  -- a plan whose values others publish classifies nothing
  group by sei_version
)

select *
from editions
where
  n_editions > 1
  or sei_version not in (select rules.sei_version from {{ ref('sei_rules') }} as rules)
