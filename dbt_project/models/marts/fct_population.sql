-- One resident population of a region at a reference date: the figure that divides, and where it was delivered.
select
  region_code,
  reference_date,
  persons,
  population_vintage,
  published_on,
  publisher,
  {{ provenance() }}
from {{ ref('int_population') }}
