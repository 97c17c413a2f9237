-- One stretch of time in which a valid invention belongs to one region of a view; the ends say what record set them.
with terms as (
  select * from {{ ref('int_patent_terms') }}
),

regions as (
  select * from {{ ref('int_patent_regions') }}
)

select
  terms.patent_key,
  regions.region_view,
  regions.region_code,
  greatest(terms.valid_from, regions.valid_from) as present_from,
  least(terms.valid_to, regions.valid_to) as present_to,
  {{ provenance_choice('regions.valid_from > terms.valid_from', 'regions.', 'terms.', 'from_') }},
  {{ provenance_choice('regions.valid_to < terms.valid_to', 'regions.end_', 'terms.end_', 'to_') }}
from terms
inner join regions
  on
    terms.patent_key = regions.patent_key
    and terms.valid_from < regions.valid_to and terms.valid_to > regions.valid_from
where regions.region_code is not null and terms.valid_from < terms.valid_to
