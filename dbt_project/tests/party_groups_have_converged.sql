-- Names that a change of name joins are in one group: the rounds of int_party_groups were enough.
{{ config(meta={'dagster': {'ref': {'name': 'int_party_groups'}}}) }}

select
  renames.name_key_before,
  renames.name_key_after,
  before.group_key as group_before,
  after.group_key as group_after
from {{ ref('int_party_renames') }} as renames
left join {{ ref('int_party_groups') }} as before on renames.name_key_before = before.name_key
left join {{ ref('int_party_groups') }} as after on renames.name_key_after = after.name_key
where before.group_key is distinct from after.group_key or before.group_key is null
