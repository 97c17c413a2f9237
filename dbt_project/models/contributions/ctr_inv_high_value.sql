-- One day on which a valid high-value invention enters (+1) or leaves (-1) a region of a view: the union
-- inv_high_value (a patent counts once however many categories it has) and each category inv_hv_… on its own.
with presence as (
  select * from {{ ref('int_inv_presence') }}
),

categories as (
  select
    int_patent_high_value.*,
    row_number() over (partition by patent_key order by high_value_from, category) as preference
  from {{ ref('int_patent_high_value') }} as int_patent_high_value
),

counted as (
  select
    'inv_high_value' as indicator_id,
    patent_key,
    high_value_from,
    {{ provenance() }}
  from categories
  where preference = 1

  union all

  select
    'inv_hv_' || category as indicator_id,
    patent_key,
    high_value_from,
    {{ provenance() }}
  from categories
),

intervals as (
  select
    counted.indicator_id,
    presence.patent_key as record_id,
    presence.region_view,
    presence.region_code,
    greatest(presence.present_from, counted.high_value_from) as present_from,
    presence.present_to,
    -- The day a category begins follows from the record that says so (a grant abroad, a pledge, an award), else from
    -- the one that opened the interval (its class, its filing date).
    {{ provenance_choice(
      'counted.high_value_from > presence.present_from and counted.source_path is not null',
      'counted.', 'presence.from_', 'from_'
    ) }},
    {{ provenance('presence.to_', 'to_') }}
  from presence
  inner join counted on presence.patent_key = counted.patent_key
)

{{ presence_contributions('intervals', 'patent') }}
