-- One record as known of a source whose records are placed by a district or an address, and the place it names (null
-- where it names none), whether or not that lies in a planned city.
{{ config(materialized='view') }}

{% for source, model, place_key in placed_models() %}
select
  '{{ source }}' as source,
  {{ place_key }} as place_key
from {{ ref(model) }}

union all

{% endfor %}
select
  case
    when right_type in ('copyright_software', 'copyright_works') then 'copyrights'
    when right_type = 'plant_variety' then 'plant_varieties'
    when right_type = 'ic_layout' then 'ic_layouts'
    else 'geographical_indications'
  end as source,
  place_key
from {{ ref('int_other_rights') }}
