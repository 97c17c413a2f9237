-- One invention and one branch of the strategic emerging industries it belongs to.
with patents as (
  select * from {{ ref('int_patents') }}
),

plans as (
  select * from {{ ref('stg_plan__plans') }}
),

symbol_rules as (
  select * from {{ ref('int_sei_symbols') }}
),

rules as (
  select *
  from {{ ref('sei_rules') }}
  where sei_version in (select plans.sei_version from plans)
),

keywords as (
  select
    rule_id,
    {{ split_to_rows('keywords', '、') }} as keyword
  from rules
  where keyword_condition = 'Y' and keywords is not null
),

symbols as (
  select
    patent_key,
    coalesce(title, '') || ' ' || coalesce(keywords, '') || ' ' || coalesce(abstract, '') as words,
    {{ split_to_rows('ipc', ';') }} as ipc_symbol
  from patents
  where patent_type = 'invention' and ipc is not null
),

candidates as (
  select distinct
    symbols.patent_key,
    symbols.words,
    rules.rule_id,
    rules.sei_code,
    rules.keyword_condition
  from symbols
  inner join symbol_rules on symbols.ipc_symbol = symbol_rules.ipc_symbol
  inner join rules on symbol_rules.rule_id = rules.rule_id
),

-- A rule with a keyword condition counts only where its keywords are given and one of them is found in the words.
with_keyword as (
  select
    candidates.patent_key,
    candidates.sei_code
  from candidates
  inner join keywords on candidates.rule_id = keywords.rule_id
  where candidates.keyword_condition = 'Y' and instr(candidates.words, keywords.keyword) > 0
)

select
  patent_key,
  sei_code
from candidates
where keyword_condition = 'N'
union
select
  patent_key,
  sei_code
from with_keyword
