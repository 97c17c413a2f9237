-- One penalty decision about intellectual property in one indicator and region view, by the day of the decision:
-- cases by kind, fines, publication in time, repeated offences, days from filing to decision (the case of a median).
with decisions as (
  select
    decisions.*,
    decision_id as record_id,
    decision_date as effective_date
  from {{ ref('int_penalty_decisions') }} as decisions
  where ip_kind != 'none'
),

offenders as (
  select
    decision_id,
    bool_or(is_repeat) as is_repeat
  from {{ ref('int_penalty_offenders') }}
  group by decision_id
),

records as (
  select
    decisions.*,
    offenders.decision_id is not null as is_identified,
    coalesce(offenders.is_repeat, false) as is_repeat
  from decisions
  left join offenders on decisions.decision_id = offenders.decision_id
)

{{ dated_contributions('records', 'penalty_decision', [
  ('enf_penalties', 'true', none),
  ('enf_patent_counterfeit', "ip_kind = 'patent_counterfeit'", none),
  ('enf_patent_cases', "ip_kind = 'patent_counterfeit'", none),
  ('enf_trademark', "ip_kind = 'trademark'", none),
  ('enf_copyright', "ip_kind = 'copyright'", none),
  ('enf_trade_secret', "ip_kind = 'trade_secret'", none),
  ('enf_gi', "ip_kind = 'gi'", none),
  ('enf_special_signs', "ip_kind = 'special_sign'", none),
  ('enf_fines', 'true', 'fine_yuan'),
  ('enf_published', 'working_days_to_publication is not null', none),
  ('enf_published_7wd', 'working_days_to_publication <= 7', none),
  ('enf_identified_decisions', 'is_identified', none),
  ('enf_repeat_decisions', 'is_repeat', none),
  ('enf_median_days', 'true', 'days_to_decision'),
  ('enf_median_days_simple', "procedure = 'simple'", 'days_to_decision'),
  ('enf_median_days_ordinary', "procedure = 'ordinary'", 'days_to_decision'),
]) }}
