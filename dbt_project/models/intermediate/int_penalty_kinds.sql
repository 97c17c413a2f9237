-- One penalty decision: the kind of intellectual property it is about, by the first rule that one of its texts meets.
with penalties as (
  select * from {{ ref('int_penalties') }}
),

rules as (
  select * from {{ ref('ip_kind_rules') }}
),

texts as (
  select
    decision_id,
    'violation_type' as field,
    violation_type as words
  from penalties
  where violation_type is not null
  union
  select
    decision_id,
    'basis' as field,
    basis as words
  from penalties
  where basis is not null
  union
  select
    decision_id,
    'facts' as field,
    facts as words
  from penalties
  where facts is not null
),

met as (
  select
    texts.decision_id,
    rules.rule_id,
    rules.ip_kind,
    row_number() over (partition by texts.decision_id order by rules.priority, rules.rule_id) as preference
  from texts
  inner join rules on texts.field = rules.field and instr(texts.words, rules.pattern) > 0
),

decisions as (
  select distinct decision_id from penalties
)

select
  decisions.decision_id,
  coalesce(met.ip_kind, 'none') as ip_kind,
  met.rule_id
from decisions
left join met on decisions.decision_id = met.decision_id and met.preference = 1
