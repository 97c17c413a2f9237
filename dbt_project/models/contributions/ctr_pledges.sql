-- One pledge registration in one indicator and region view, by the day of registration: projects and amounts, in all
-- and by kind of right, roll-overs, and those whose enterprise's size is known. An amount that is unknown or
-- contradicts itself adds nothing.
with records as (
  select
    registrations.*,
    registration_no as record_id,
    registration_date as effective_date
  from {{ ref('int_pledge_registrations') }} as registrations
)

{{ dated_contributions('records', 'pledge', [
  ('pledge_projects', 'true', none),
  ('pledge_projects_patent', "right_kind = 'patent'", none),
  ('pledge_projects_trademark', "right_kind = 'trademark'", none),
  ('pledge_amount', 'true', 'amount_yuan'),
  ('pledge_amount_patent', "right_kind = 'patent'", 'amount_yuan'),
  ('pledge_amount_trademark', "right_kind = 'trademark'", 'amount_yuan'),
  ('pledge_amount_mixed', "right_kind = 'mixed'", 'amount_yuan'),
  ('pledge_rollovers', 'is_rollover', none),
  ('pledge_projects_sized', 'enterprise_size is not null', none),
  ('pledge_projects_sme', "enterprise_size in ('medium', 'small', 'micro')", none),
]) }}
