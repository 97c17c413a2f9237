-- One registered right that is no patent and no mark, as known: a copyright, a plant variety, a layout design, a
-- geographical indication, or a unit's right to use the special sign of one.
with copyrights as (
  {{ records_in_force(ref('stg_copyrights__registrations'), ['registration_no']) }}
),

plant_varieties as (
  {{ records_in_force(ref('stg_plant_varieties__applications'), ['register', 'application_no']) }}
),

ic_layouts as (
  {{ records_in_force(ref('stg_ic_layouts__registrations'), ['registration_no']) }}
),

geographical_indications as (
  {{ records_in_force(
    ref('stg_geographical_indications__records'), ['register', 'record_type', 'gi_no', 'user_key']
  ) }}
)

select
  'copyright ' || registration_no as right_key,
  'copyright_' || work_kind as right_type,
  cast(null as {{ dbt.type_string() }}) as register,
  registration_no as right_no,
  certificate_no,
  title,
  owner as holder,
  owner_key as holder_key,
  owner_kind as holder_kind,
  credit_code,
  {{ place_of([district_columns(), address_columns()]) }} as place_key,
  cast(null as date) as applied_on,
  registration_date as registered_on,
  cast(null as date) as ended_on,
  is_synthetic,
  {{ provenance() }}
from copyrights

union all

select
  'plant_variety ' || register || ' ' || application_no as right_key,
  'plant_variety' as right_type,
  register,
  application_no as right_no,
  grant_no as certificate_no,
  variety_name as title,
  applicant as holder,
  applicant_key as holder_key,
  applicant_kind as holder_kind,
  cast(null as {{ dbt.type_string() }}) as credit_code,
  {{ place_of([district_columns(), address_columns()]) }} as place_key,
  application_date as applied_on,
  grant_date as registered_on,
  ended_on,
  is_synthetic,
  {{ provenance() }}
from plant_varieties

union all

select
  'ic_layout ' || registration_no as right_key,
  'ic_layout' as right_type,
  cast(null as {{ dbt.type_string() }}) as register,
  registration_no as right_no,
  cast(null as {{ dbt.type_string() }}) as certificate_no,
  layout_name as title,
  owner as holder,
  owner_key as holder_key,
  owner_kind as holder_kind,
  cast(null as {{ dbt.type_string() }}) as credit_code,
  {{ place_of([district_columns(), address_columns()]) }} as place_key,
  application_date as applied_on,
  certificate_date as registered_on,
  cast(null as date) as ended_on,
  is_synthetic,
  {{ provenance() }}
from ic_layouts

union all

select
  case record_type when 'gi' then 'gi ' when 'authorised_user' then 'gi_user ' end
  || register || ' ' || gi_no
  || case when record_type = 'authorised_user' then ' ' || coalesce(user_key, user_kind, '') else '' end as right_key,
  case record_type when 'gi' then 'gi_' || register when 'authorised_user' then 'gi_authorised_user' end as right_type,
  register,
  gi_no as right_no,
  cast(null as {{ dbt.type_string() }}) as certificate_no,
  gi_name as title,
  case record_type when 'gi' then holder when 'authorised_user' then user_name end as holder,
  case when record_type = 'authorised_user' then user_key end as holder_key,
  case when record_type = 'authorised_user' then user_kind end as holder_kind,
  case when record_type = 'authorised_user' then credit_code end as credit_code,
  {{ place_of([district_columns(), address_columns()]) }} as place_key,
  cast(null as date) as applied_on,
  registered_on,
  ended_on,
  is_synthetic,
  {{ provenance() }}
from geographical_indications
