-- One contribution that counts in one of two releases and not in the other. The same rows delivered again change
-- nothing. Nothing to compare with: no row.
with comparison as (
  select * from {{ ref('int_has_previous_release') }}
)

select
  'entered' as change,
  this_release.indicator_id,
  this_release.region_view,
  this_release.region_code,
  this_release.record_type,
  this_release.record_id,
  this_release.effective_date,
  this_release.delta,
  this_release.amount,
  {{ provenance('this_release.') }}
from {{ ref('fct_contribution') }} as this_release
cross join comparison
where
  not exists (
    select 1 from {{ ref('stg_previous__contribution') }} as before
    where {{ same_contribution('before', 'this_release') }}
  )

union all

select
  'left' as change,
  before.indicator_id,
  before.region_view,
  before.region_code,
  before.record_type,
  before.record_id,
  before.effective_date,
  before.delta,
  before.amount,
  {{ provenance('before.') }}
from {{ ref('stg_previous__contribution') }} as before
cross join comparison
where
  not exists (
    select 1 from {{ ref('fct_contribution') }} as this_release
    where {{ same_contribution('before', 'this_release') }}
  )
