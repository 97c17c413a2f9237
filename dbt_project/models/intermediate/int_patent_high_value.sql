-- One invention and one high-value category it falls into, with the day from which it does (no category is ever lost)
-- and, where another source's record decides that day, that record.
with inventions as (
  select * from {{ ref('int_patents') }} where patent_type = 'invention'
),

sei as (
  select distinct patent_key from {{ ref('int_patent_sei') }}
),

family_publications as (
  select * from {{ ref('int_family_publications') }}
),

family_members as (
  select * from {{ ref('int_family_members') }}
),

pledges as (
  select * from {{ ref('int_pledges') }}
),

designations as (
  select * from {{ ref('int_designations') }}
),

cities as (
  select * from {{ ref('int_cities') }}
),

regions as (
  select * from {{ ref('int_regions') }}
),

patent_regions as (
  select * from {{ ref('int_patent_regions') }}
),

placed as (
  select
    patent_regions.patent_key,
    cities.high_pledge_amount,
    row_number() over (partition by patent_regions.patent_key order by patent_regions.valid_from desc) as recency
  from patent_regions
  inner join regions
    on patent_regions.region_code = regions.region_code and patent_regions.region_view = regions.region_view
  inner join cities on regions.city_code = cities.city_code
  where patent_regions.region_view = 'statutory'
),

-- A granted right of any kind at another office; PCT applications and Chinese members are none.
in_family as (
  select
    family_publications.application_no as patent_key,
    'family' as category,
    family_members.grant_date as high_value_from,
    family_members.member_key as record_id,
    {{ provenance('family_members.grant_') }}
  from family_publications
  inner join family_members on family_publications.member_key = family_members.member_key
  where
    family_publications.application_no is not null
    and family_members.is_foreign and family_members.grant_date is not null
),

pledged as (
  select
    pledges.application_no as patent_key,
    'pledged' as category,
    pledges.registration_date as high_value_from,
    pledges.registration_no as record_id,
    {{ provenance('pledges.') }}
  from pledges
  inner join placed on pledges.application_no = placed.patent_key and placed.recency = 1
  where pledges.right_type = 'patent' and pledges.amount_yuan >= placed.high_pledge_amount
),

awarded as (
  select
    application_no as patent_key,
    'awarded' as category,
    approved_on as high_value_from,
    list_type as record_id,
    {{ provenance() }}
  from designations
  where list_type in ('national_patent_award', 'national_science_award') and application_no is not null
),

recorded as (
  select * from in_family
  union all
  select * from pledged
  union all
  select * from awarded
),

ranked as (
  select
    recorded.*,
    row_number() over (
      partition by recorded.patent_key, recorded.category
      order by recorded.high_value_from, recorded.record_id, recorded.source_path, recorded.source_row
    ) as preference
  from recorded
  inner join inventions on recorded.patent_key = inventions.patent_key
)

select
  patent_key,
  'sei' as category,
  {{ open_start() }} as high_value_from,
  {{ no_provenance() }}
from sei

union all

-- A day counts when it is later than filing + 10 years, so the first one is the day after.
select
  patent_key,
  'ten_years' as category,
  {{ add_days(add_months('filing_date', 120), 1) }} as high_value_from,
  {{ no_provenance() }}
from inventions
where filing_date is not null

union all

select
  patent_key,
  category,
  high_value_from,
  {{ provenance() }}
from ranked
where preference = 1
