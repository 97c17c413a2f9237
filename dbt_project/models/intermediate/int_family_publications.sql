-- One publication of a foreign member of a patent family as known, and the member it belongs to.
with publications as (
  {{ records_in_force(ref('stg_patent_families__members'), ['member_office', 'member_publication_no', 'member_kind']) }}
),

kinded as (
  select
    publications.*,
    -- Search systems print the kind as part of the number.
    regexp_replace(member_publication_no, '[A-Z][0-9]?$', '') as member_number,
    coalesce(member_kind, nullif(regexp_extract(member_publication_no, '[A-Z][0-9]?$', 0), '')) as kind
  from publications
)

select
  -- Application and grant of one member are one right; without an application number they share their number at most.
  member_office || ' ' || coalesce(member_application_no, member_number) as member_key,
  application_no,
  member_office,
  member_application_no,
  member_number,
  kind,
  filing_date,
  publication_date,
  -- Kinds B and C are granted patents at every office that uses them; the date of such a document is that of the grant.
  coalesce(grant_date, case when left(kind, 1) in ('B', 'C') then publication_date end) as grant_date,
  status,
  applicant,
  applicant_key,
  applicant_kind,
  {{ address_key('division_code', 'address_rest', 'address') }} as address_key,
  (address is not null or division_code is not null) as has_address,
  family_id,
  is_synthetic,
  {{ provenance() }},
  row_number() over (
    partition by member_office || ' ' || coalesce(member_application_no, member_number)
    order by {{ earliest_first() }}
  ) as recency
from kinded
