-- One event in one indicator and region view, by the day it was held: training_events and training_people (trainings
-- and seminars), publicity_events, service_events. An event that states no number of participants adds no people.
with records as (
  select
    activities.*,
    activity_id as record_id,
    held_on as effective_date
  from {{ ref('int_activities') }} as activities
)

{{ dated_contributions('records', 'activity', [
  ('training_events', "activity_type in ('training', 'seminar')", none),
  ('training_people', "activity_type in ('training', 'seminar')", 'participants'),
  ('publicity_events', "activity_type = 'publicity'", none),
  ('service_events', "activity_type = 'service'", none),
]) }}
