-- One legal event of a patent as known: patent, kind of event, day of its notice and contract.
select
  patent_key,
  event_code,
  effect,
  is_void,
  event_date,
  takes_effect_on,
  contract_no,
  origin,
  is_synthetic,
  {{ provenance() }}
from {{ ref('int_patent_events') }}
