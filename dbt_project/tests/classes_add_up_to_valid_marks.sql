-- The classes of a region and year add up to tm_valid of that year, and no year of tm_valid is missing from them.
{{ config(meta={'dagster': {'ref': {'name': 'trademark_classes'}}}) }}

with classes as (
  select
    region_code,
    region_view,
    year,
    sum(valid_marks) as valid_marks
  from {{ ref('trademark_classes') }}
  group by region_code, region_view, year
),

yearly as (
  select
    region_code,
    region_view,
    extract(year from period_end) as year,
    value
  from {{ ref('fct_indicator_value') }}
  where indicator_id = 'tm_valid' and period_type = 'year' and n_records is not null
)

select
  coalesce(classes.region_code, yearly.region_code) as region_code,
  coalesce(classes.region_view, yearly.region_view) as region_view,
  coalesce(classes.year, yearly.year) as year,
  classes.valid_marks,
  yearly.value
from classes
full outer join yearly
  on
    classes.region_code = yearly.region_code
    and classes.region_view = yearly.region_view
    and classes.year = yearly.year
where coalesce(classes.valid_marks, 0) != coalesce(yearly.value, 0)
