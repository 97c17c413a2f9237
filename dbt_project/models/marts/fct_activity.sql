-- One training, publicity or service event.
with activities as (
  select * from {{ ref('int_activities') }}
),

places as (
  select * from {{ ref('int_place_regions') }}
)

select
  activities.activity_id,
  activities.activity_type,
  activities.title,
  activities.held_on,
  activities.participants,
  activities.participants is not null as is_participants_known,
  activities.organiser,
  places.region_code,
  places.management_region_code,
  activities.is_synthetic,
  {{ provenance('activities.') }}
from activities
left join places on activities.place_key = places.address_key
