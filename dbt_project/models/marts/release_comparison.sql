-- One row: this release and the one before that it is compared with. None where there is none before.
with before as (
  select * from {{ ref('stg_previous__release') }}
),

this_release as (
  select * from {{ ref('release') }}
)

select
  before.release_id as old_release_id,
  this_release.release_id as new_release_id,
  before.as_of as old_as_of,
  this_release.as_of as new_as_of,
  before.known_at as old_known_at,
  this_release.known_at as new_known_at,
  before.targets_known_at as old_targets_known_at,
  this_release.targets_known_at as new_targets_known_at,
  before.population_known_at as old_population_known_at,
  this_release.population_known_at as new_population_known_at,
  {{ differs('before.code_version', 'this_release.code_version') }} as is_code_changed,
  {{ differs('before.rules_fingerprint', 'this_release.rules_fingerprint') }} as are_rules_changed
from before
cross join this_release
