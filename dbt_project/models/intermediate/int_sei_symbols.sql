-- One IPC symbol printed on a patent and one SEI rule that names it, exclusions of that rule taken out.
with patents as (
  select * from {{ ref('int_patents') }}
),

concordance as (
  select * from {{ ref('ipc_h10_to_h01l') }}
),

patterns as (
  select * from {{ ref('sei_rule_patterns') }}
),

printed as (
  select distinct ipc_symbol
  from (
    select {{ split_to_rows('ipc', ';') }} as ipc_symbol
    from patents
    where patent_type = 'invention' and ipc is not null
  ) as symbols
),

-- The table of 2021 knows no class H10, so such a symbol also stands for the H01L place it came from.
equivalents as (
  select
    ipc_symbol,
    ipc_symbol as symbol
  from printed

  union all

  select
    printed.ipc_symbol,
    concordance.h01l_symbol as symbol
  from printed
  inner join concordance on split_part(printed.ipc_symbol, '/', 1) = concordance.h10_group
),

-- A rule names a symbol exactly, or with * its main group, subclass or class: four equi-joins instead of a comparison
-- of every symbol with every rule.
names as (
  select
    ipc_symbol,
    symbol as pattern
  from equivalents
  union
  select
    ipc_symbol,
    split_part(symbol, '/', 1) || '*' as pattern
  from equivalents
  union
  select
    ipc_symbol,
    left(symbol, 4) || '*' as pattern
  from equivalents
  union
  select
    ipc_symbol,
    left(symbol, 3) || '*' as pattern
  from equivalents
),

hits as (
  select
    names.ipc_symbol,
    patterns.rule_id,
    bool_or(patterns.is_exclusion) as is_excluded
  from names
  inner join patterns on names.pattern = patterns.pattern
  group by names.ipc_symbol, patterns.rule_id
)

select
  ipc_symbol,
  rule_id
from hits
where not is_excluded
