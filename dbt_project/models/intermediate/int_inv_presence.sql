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
  {% for column in ['source_path', 'source_row', 'source_file_sha256', 'delivered_on'] %}
  case when regions.valid_from > terms.valid_from then regions.{{ column }} else terms.{{ column }} end
    as from_{{ column }},
  case when regions.valid_to < terms.valid_to then regions.end_{{ column }} else terms.end_{{ column }} end
    as to_{{ column }}{{ ',' if not loop.last }}
  {% endfor %}
from terms
inner join regions
  on
    terms.patent_key = regions.patent_key
    and terms.valid_from < regions.valid_to and regions.valid_from < terms.valid_to
where regions.region_code is not null and terms.valid_from < terms.valid_to
