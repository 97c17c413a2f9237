-- One publication or grant of a patent as known: the latest delivery per business key, withdrawn records left out.
with publications as (
  {{ known_rows(ref('stg_patents__publications')) }}
),

identities as (
  select * from {{ ref('int_patent_identities') }}
),

keyed as (
  select
    publications.*,
    coalesce(publications.application_no, identities.patent_key) as patent_key,
    case
      when publications.application_no is not null then 'application_no'
      when identities.identified_by = 'application_no' then 'recovered'
      else 'publication_no'
    end as identified_by
  from publications
  left join identities
    on coalesce(publications.publication_no, publications.grant_publication_no) = identities.publication_no
),

ranked as (
  select
    keyed.*,
    row_number() over (
      partition by
        coalesce(
          publication_no || coalesce(publication_kind, ''),
          patent_key || ' ' || coalesce(cast(legal_status_date as {{ dbt.type_string() }}), '')
        )
      order by {{ latest_first() }}
    ) as lateness
  from keyed
  where patent_key is not null
),

in_force as (
  select
    ranked.*,
    -- Utility models and designs are published once, on grant; an invention's grant carries kind B (C before 2010).
    (
      left(publication_kind, 1) in ('B', 'C', 'U', 'Y', 'S', 'D')
      or (publication_kind is null and patent_type in ('utility_model', 'design'))
    ) as is_grant_publication
  from ranked
  where lateness = 1 and not is_withdrawn
)

select
  patent_key,
  identified_by,
  application_no,
  publication_no,
  publication_kind,
  publication_date,
  coalesce(grant_date, case when is_grant_publication then publication_date end) as grant_date,
  coalesce(grant_publication_no, case when is_grant_publication then publication_no end) as grant_publication_no,
  patent_type,
  title,
  filing_date,
  applicant,
  applicant_key,
  applicant_kind,
  applicant_count,
  {{ address_key('division_code', 'address_rest', 'address') }} as address_key,
  (address is not null or division_code is not null) as has_address,
  division_code,
  address_rest,
  main_ipc,
  ipc,
  parent_application_no,
  legal_status,
  legal_status_date,
  keywords,
  abstract,
  is_synthetic,
  source_path,
  source_row,
  source_file_sha256,
  delivered_on,
  row_number() over (partition by patent_key order by {{ earliest_first() }}) as recency
from in_force
