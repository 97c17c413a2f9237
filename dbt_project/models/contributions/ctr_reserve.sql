-- One patent taken into the platform's reserve and marked as high-value there, in one region view:
-- reserved_high_value. It counts from its first intake and is never taken out: the plan counts what was taken in.
with intakes as (
  select
    patents.*,
    coalesce(application_no, deal_id) as patent
  from {{ ref('int_deal_patents') }} as patents
  where deal_type = 'reserve_intake' and is_high_value
),

ranked as (
  select
    intakes.*,
    row_number() over (partition by patent order by deal_date, {{ earliest_first() }}) as preference
  from intakes
),

records as (
  select
    ranked.*,
    patent as record_id,
    deal_date as effective_date
  from ranked
  where preference = 1
)

{{ dated_contributions('records', 'reserved_patent', [('reserved_high_value', 'true', none)]) }}
