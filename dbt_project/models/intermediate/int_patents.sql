-- One patent: an application with all its known publications and its grant.
with publications as (
  select * from {{ ref('int_patent_publications') }}
),

events as (
  select * from {{ ref('int_patent_events') }}
),

ordered as (
  select
    publications.*,
    -- Which record decides, the least first: the printed filing date, the first grant (corrections come later), the two
    -- addresses. Numbers, since sorting all records four times costs more than all else here.
    case when filing_date is null then 2000000000 else 0 end + case when grant_date is null then 0 else 1000000000 end
    - recency as filing_order,
    coalesce(
      1000000 * cast(
        10000 * extract(year from grant_date) + 100 * extract(month from grant_date) + extract(day from grant_date)
        as bigint
      ),
      1000000000000000
    ) - recency as grant_order,
    case when grant_date is null then 0 else 1000000000 end - recency as application_order
  from publications
),

grant_events as (
  select
    events.patent_key,
    events.event_date as grant_date,
    {{ provenance('events.') }},
    row_number() over (partition by patent_key order by event_date asc, {{ latest_first() }}) as grant_rank
  from events
  where effect = 'grant'
),

merged as (
  select
    patent_key,
    max_by(identified_by, recency) as identified_by,
    max_by(patent_type, recency) filter (where patent_type is not null) as patent_type,
    max_by(title, recency) filter (where title is not null) as title,
    max_by(applicant, recency) filter (where applicant is not null) as applicant,
    -- The name and its normalised form are of one record: a natural person has none.
    {{ latest_printed('applicant_key', 'applicant is not null') }} as applicant_key,
    max_by(applicant_kind, recency) filter (where applicant_kind is not null) as applicant_kind,
    max_by(applicant_count, recency) filter (where applicant_count is not null) as applicant_count,
    max_by(main_ipc, recency) filter (where main_ipc is not null) as main_ipc,
    max_by(ipc, recency) filter (where ipc is not null) as ipc,
    max_by(keywords, recency) filter (where keywords is not null) as keywords,
    max_by(abstract, recency) filter (where abstract is not null) as abstract,
    max_by(parent_application_no, recency) filter (where parent_application_no is not null)
      as parent_application_no,
    min(publication_no) as publication_no,
    min(publication_date) as publication_date,
    max_by(grant_publication_no, recency) filter (where grant_publication_no is not null) as grant_publication_no,
    bool_or(is_synthetic) as is_synthetic,
    min_by(filing_date, filing_order) as filing_date,
    {{ provenance_least('filing_order', 'filing_') }},
    min(grant_date) as grant_date,
    {{ provenance_least('grant_order', 'grant_') }},
    nullif(min_by(coalesce(address_key, ''), application_order) filter (where has_address), '')
      as application_address_key,
    nullif(min_by(coalesce(address_key, ''), grant_order) filter (where has_address), '') as grant_address_key,
    bool_or(has_address) as has_address
  from ordered
  group by patent_key
)

select
  merged.patent_key,
  merged.identified_by,
  merged.patent_type,
  merged.title,
  merged.applicant,
  merged.applicant_key,
  merged.applicant_kind,
  merged.applicant_count,
  merged.main_ipc,
  merged.ipc,
  merged.keywords,
  merged.abstract,
  merged.parent_application_no,
  merged.publication_no,
  merged.publication_date,
  merged.grant_publication_no,
  merged.is_synthetic,
  merged.has_address,
  merged.application_address_key,
  merged.grant_address_key,
  merged.filing_date,
  {{ provenance('merged.filing_', 'filing_') }},
  coalesce(merged.grant_date, grant_events.grant_date) as grant_date,
  case
    when merged.grant_date is not null then 'publication'
    when grant_events.grant_date is not null then 'event'
  end as grant_known_from,
  {{ provenance_choice('merged.grant_date is not null', 'merged.grant_', 'grant_events.', 'grant_') }}
from merged
left join grant_events on merged.patent_key = grant_events.patent_key and grant_events.grant_rank = 1
