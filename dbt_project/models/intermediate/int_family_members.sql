-- One foreign member of a patent family: an application at another office or a PCT application, with its publications.
-- Says what it counts as, or why it does not count.
with publications as (
  select * from {{ ref('int_family_publications') }}
),

ranked as (
  select
    publications.*,
    row_number() over (
      partition by member_key order by (filing_date is null) asc, filing_date asc, recency desc
    ) as filing_rank,
    row_number() over (
      partition by member_key order by (grant_date is null) asc, grant_date asc, recency desc
    ) as grant_rank,
    row_number() over (partition by member_key order by (applicant is null) asc, recency desc) as applicant_rank,
    row_number() over (partition by member_key order by (not has_address) asc, recency desc) as address_rank
  from publications
),

merged as (
  select
    member_key,
    member_office,
    min(application_no) as application_no,
    max(member_application_no) as member_application_no,
    {{ sorted_list("member_number || coalesce(kind, '')", ';') }} as publications,
    max_by(family_id, recency) filter (where family_id is not null) as family_id,
    max_by(status, recency) filter (where status is not null) as status,
    min(publication_date) as publication_date,
    max(case when applicant_rank = 1 then applicant end) as applicant,
    max(case when applicant_rank = 1 then applicant_key end) as applicant_key,
    max(case when applicant_rank = 1 then applicant_kind end) as applicant_kind,
    max(case when address_rank = 1 and has_address then address_key end) as address_key,
    bool_or(has_address) as has_address,
    bool_or(is_synthetic) as is_synthetic,
    max(case when filing_rank = 1 then filing_date end) as filing_date,
    {{ provenance_picked('filing_rank = 1', 'filing_') }},
    max(case when grant_rank = 1 then grant_date end) as grant_date,
    -- The kind of the document that decides: the grant, else the latest.
    max(case when grant_rank = 1 then kind end) as kind,
    {{ provenance_picked('grant_rank = 1', 'grant_') }}
  from ranked
  group by member_key, member_office
),

judged as (
  select
    merged.*,
    member_office not in ('CN', 'WO') as is_foreign,
    case
      when member_office = 'CN' then 'domestic'
      when member_office = 'WO' then case when filing_date is null then 'filing_date_missing' end
      when grant_date is null and status = 'granted' then 'grant_date_missing'
      when grant_date is null then 'not_granted'
      when kind is null then 'kind_missing'
      when left(kind, 1) in ('D', 'P', 'S', 'U', 'Y', 'Z') then 'not_an_invention'
    end as uncounted_reason
  from merged
)

select
  judged.*,
  case
    when uncounted_reason is not null then null
    when member_office = 'WO' then 'pct_applications'
    else 'overseas_inv_grants'
  end as counted_as
from judged
