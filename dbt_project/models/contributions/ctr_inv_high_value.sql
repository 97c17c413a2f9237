-- One day on which a valid high-value invention enters (+1) or leaves (-1) a region of a view: the union
-- inv_high_value (a patent counts once however many categories it has) and each category inv_hv_… on its own.
with presence as (
  select * from {{ ref('int_inv_presence') }}
),

categories as (
  select * from {{ ref('int_patent_high_value') }}
),

counted as (
  select
    'inv_high_value' as indicator_id,
    patent_key,
    min(high_value_from) as high_value_from
  from categories
  group by patent_key

  union all

  select
    'inv_hv_' || category as indicator_id,
    patent_key,
    high_value_from
  from categories
),

intervals as (
  select
    counted.indicator_id,
    presence.patent_key as record_id,
    presence.region_view,
    presence.region_code,
    -- The day a category begins follows from the record that opened the interval (its class, its filing date).
    greatest(presence.present_from, counted.high_value_from) as present_from,
    presence.present_to,
    {{ provenance('presence.from_', 'from_') }},
    {{ provenance('presence.to_', 'to_') }}
  from presence
  inner join counted on presence.patent_key = counted.patent_key
)

{{ presence_contributions('intervals', 'patent') }}
