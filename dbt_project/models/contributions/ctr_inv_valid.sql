-- One day on which a valid invention enters (+1) or leaves (-1) a region of a view: inv_valid.
with intervals as (
  select
    'inv_valid' as indicator_id,
    patent_key as record_id,
    region_view,
    region_code,
    present_from,
    present_to,
    {{ provenance('from_', 'from_') }},
    {{ provenance('to_', 'to_') }}
  from {{ ref('int_inv_presence') }}
)

{{ presence_contributions('intervals', 'patent') }}
