-- One contribution, population figure or published value that is in one of two releases and not in the other, and why.
with comparison as (
  select * from {{ ref('release_comparison') }}
),

changed as (
  select
    change,
    indicator_id,
    region_view,
    region_code,
    record_type,
    record_id,
    effective_date,
    delta,
    amount,
    reason,
    {{ provenance() }},
    {{ provenance('cause_', 'cause_') }}
  from {{ ref('int_change_causes') }}

  union all

  select
    change,
    indicator_id,
    region_view,
    region_code,
    record_type,
    record_id,
    effective_date,
    cast(null as bigint) as delta,
    amount,
    reason,
    {{ provenance() }},
    {{ provenance('cause_', 'cause_') }}
  from {{ ref('int_changed_figures') }}
)

select
  changed.indicator_id,
  changed.region_view,
  changed.region_code,
  changed.record_type,
  changed.record_id,
  changed.change,
  changed.effective_date,
  changed.delta,
  changed.amount,
  changed.reason,
  {{ provenance('changed.') }},
  {{ provenance('changed.cause_', 'cause_') }},
  comparison.old_release_id,
  comparison.new_release_id
from changed
cross join comparison
