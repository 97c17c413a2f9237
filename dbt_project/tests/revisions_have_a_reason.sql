-- Every revision of a value or a target says why, in words of the closed list.
{{ config(meta={'dagster': {'ref': {'name': 'indicator_revision'}}}) }}

with given as (
  select
    'indicator_revision' as listed_in,
    reasons
  from {{ ref('indicator_revision') }}

  union

  select
    'target_revision' as listed_in,
    reasons
  from {{ ref('target_revision') }}
),

each as (
  select
    listed_in,
    reasons,
    {{ split_to_rows('reasons', ',') }} as reason
  from given
)

select
  given.listed_in,
  given.reasons,
  each.reason
from given
left join each on given.listed_in = each.listed_in and given.reasons = each.reasons
left join {{ ref('revision_reasons') }} as listed on each.reason = listed.reason
where listed.reason is null
