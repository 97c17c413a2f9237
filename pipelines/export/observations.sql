-- One row per SDMX key: every indicator value, and of every target and plan year the plan's figure, completion,
-- progress with its status, and documents. Reads the published tables and `units` (of sdmx.py); ordered by key.
with figures as (
    select
        values_of.*,
        extract(year from period_start) as first_year,
        extract(year from period_end) - extract(year from period_start) + 1 as years,
        case when defined.denominator = 'population' and defined.ratio_multiplier = 10000 then 'PER_10K' else 'LEVEL' end
            as measure
    from fct_indicator_value as values_of
    inner join dim_indicator as defined on values_of.indicator_id = defined.indicator_id
),

observations as (
    select
        case period_type
            when 'month' then 'M' when 'quarter' then 'Q' when 'half' then 'S' when 'year' then 'A'
            else concat('A', years)
        end as freq,
        region_code,
        region_view,
        indicator_id,
        measure,
        '_Z' as target_key,
        case period_type
            when 'month' then strftime(period_start, '%Y-%m')
            when 'quarter' then concat(first_year, '-Q', extract(quarter from period_start))
            when 'half' then concat(first_year, '-S', (extract(month from period_start) + 5) // 6)
            when 'year' then cast(first_year as varchar)
            else concat(period_start, '/P', years, 'Y')
        end as period,
        value,
        obs_status,
        unit,
        population_vintage,
        observed_until,
        cast(null as varchar) as status,
        cast(null as varchar) as comment
    from figures
    union all
    select
        'A', region_code, region_view, coalesce(indicator_id, '_Z'), measures.measure,
        concat(plan_id, '-', target_id), cast(year as varchar), measures.value,
        case when measures.value is null then 'O' when measures.is_of_actual then obs_status else 'A' end,
        measures.unit, case when measures.is_of_actual then population_vintage end,
        case when measures.is_of_actual then observed_until end,
        case when measures.measure = 'PROGRESS' then status end,
        case when measures.measure = 'PROGRESS' then concat_ws(' · ', reason_zh, reason_en) end
    from target_vs_actual
    cross join lateral (
        select 'TARGET' as measure, target_value as value, unit, false as is_of_actual
        where target_value is not null and (year = target_year or method = 'per_year')
        union all
        select 'COMPLETION', completion_rate, '比', true where target_value is not null
        union all
        select 'PROGRESS', progress_rate, '比', true
        union all
        select 'EVIDENCE', cast(evidence_count as double), '份', false where indicator_id is null
    ) as measures
)

select
    'dataflow' as "STRUCTURE",
    $structure as "STRUCTURE_ID",
    'I' as "ACTION",
    freq as "FREQ",
    region_code as "REF_AREA",
    region_view as "REGION_VIEW",
    replace(observations.indicator_id, '.', '_') as "INDICATOR",
    measure as "MEASURE",
    replace(target_key, '.', '_') as "PLAN_TARGET",
    period as "TIME_PERIOD",
    value as "OBS_VALUE",
    obs_status as "OBS_STATUS",
    $conf_status as "CONF_STATUS",
    units.code as "UNIT_MEASURE",
    units.multiplier as "UNIT_MULT",
    case when measure in ('COMPLETION', 'PROGRESS') then 4 when measure = 'EVIDENCE' then 0 else decimals end as "DECIMALS",
    units.base_per as "BASE_PER",
    population_vintage as "POP_VINTAGE",
    observations.observed_until as "OBSERVED_UNTIL",
    status as "TARGET_STATUS",
    comment as "COMMENT",
    release.release_id as "RELEASE",
    release.known_at as "KNOWN_AT",
    case when release.is_synthetic then 'SYNTHETIC' else 'DELIVERED' end as "DATA_KIND"
from observations
inner join units on observations.unit = units.unit
left join dim_indicator on observations.indicator_id = dim_indicator.indicator_id
cross join release
order by all
