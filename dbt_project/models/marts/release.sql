-- One row: what this build was made from and is computed for. Publishing adds the gates passed.
with run as (
  select * from {{ ref('stg_plan__run_parameters') }}
),

plans as (
  select {{ sorted_list('plan_id', ',') }} as plans
  from {{ ref('stg_plan__plans') }}
),

versions as (
  select plan_id || '/' || target_id || '/' || cast(target_version as {{ dbt.type_string() }}) as target_version
  from {{ ref('stg_plan__targets') }}
),

target_versions as (
  select {{ sorted_list('target_version', ',') }} as target_versions
  from versions
)

select
  replace(cast(run.as_of as {{ dbt.type_string() }}), '-', '') || '-' || left(run.input_fingerprint, 12) as release_id,
  run.as_of,
  run.known_at,
  run.targets_known_at,
  run.population_known_at,
  plans.plans,
  run.code_version,
  run.rules_fingerprint,
  run.input_fingerprint,
  run.is_synthetic,
  target_versions.target_versions
from run
cross join plans
cross join target_versions
