-- One IPC symbol printed on a patent and one SEI rule that names it, exclusions of that rule taken out.
with patents as (
  select * from {{ ref('int_patents') }}
),

predecessors as (
  select
    current as h10_symbol,
    predecessor as h01l_symbol
  from {{ ref('ipc_2021_predecessors') }}
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
    coalesce(symbols.h01l_symbol, main_groups.h01l_symbol, subclasses.h01l_symbol) as symbol
  from printed
  left join predecessors as symbols on printed.ipc_symbol = symbols.h10_symbol
  left join predecessors as main_groups
    on split_part(printed.ipc_symbol, '/', 1) || '/00' = main_groups.h10_symbol
  left join predecessors as subclasses on left(printed.ipc_symbol, 4) = subclasses.h10_symbol
  where left(printed.ipc_symbol, 3) = 'H10'
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
