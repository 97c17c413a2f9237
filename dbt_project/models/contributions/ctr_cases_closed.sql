-- One case of the ledger closed, in one indicator and region view: enf_patent_disputes (with enf_patent_cases),
-- administrative_rulings, mediations and court_cases.
with records as (
  select
    cases.*,
    case_id as record_id,
    closed_on as effective_date
  from {{ ref('int_cases') }} as cases
)

{{ dated_contributions('records', 'case', [
  ('enf_patent_disputes', "case_type = 'patent_dispute'", none),
  ('enf_patent_cases', "case_type = 'patent_dispute'", none),
  ('administrative_rulings', "case_type = 'administrative_ruling'", none),
  ('mediations', "case_type = 'mediation'", none),
  ('court_cases', "case_type = 'court_case'", none),
]) }}
