-- The formulas against worked values of published national figures (domain F.5): each to the last decimal printed
-- there, paths to the decimals of each row.
{{ config(meta={'dagster': {'ref': {'name': 'target_vs_actual'}}}) }}
-- depends_on: {{ ref('target_vs_actual') }}

with printed (
  indicator, base_year, base_value, target_year, target_value, plan_year, actual_value,
  cagr_observed, cagr_required, progress_ratio, status, progress_rate, path_linear, path_geometric, linear_decimals,
  geometric_decimals
) as (
  values
  ('high-value per 10k', 2020, 6.3, 2025, 12.0, 2021, 7.5, 19.048, 13.754, 1.385, 'on_track', 21.1, 7.44, 7.167, 2, 3),
  ('high-value per 10k', 2020, 6.3, 2025, 12.0, 2022, 9.4, 22.150, 13.754, 1.610, 'on_track', 54.4, 8.58, 8.152, 2, 3),
  ('high-value per 10k', 2020, 6.3, 2025, 12.0, 2023, 11.8, 23.267, 13.754, 1.692, 'on_track', 96.5, 9.72, 9.274, 2, 3),
  ('high-value per 10k', 2020, 6.3, 2025, 12.0, 2025, 16.0, null, null, null, 'achieved', 170.2, 12.0, 12.0, 0, 0),
  ('pledges', 2020, 2180.0, 2025, 3200.0, 2021, 3098.0, 42.110, 7.979, 5.278, 'on_track', 90.0, 2384.0, 2353.9, 0, 1),
  ('pledges', 2020, 2180.0, 2025, 3200.0, 2022, 4868.8, null, null, null, 'achieved', 263.6, 2588.0, 2541.8, 0, 1),
  ('royalties', 2020, 3194.4, 2025, 3500.0, 2023, 3765.2, null, null, null, 'achieved', 186.8, 3377.8, 3374.4, 1, 1),
  ('patent-intensive', 2019, 11.6, 2025, 13.0, 2022, 12.71, 3.093, 1.917, 1.613, 'on_track', 79.3, 12.30, 12.28, 2, 2),
  ('patent-intensive', 2019, 11.6, 2025, 13.0, 2022, 12.60, 2.795, 1.917, 1.458, 'on_track', 71.4, 12.30, 12.28, 2, 2),
  ('patent-intensive', 2019, 11.6, 2025, 13.0, 2023, 13.04, null, null, null, 'achieved', 102.9, 12.53, 12.52, 2, 2),
  ('copyright', 2019, 7.39, 2025, 7.5, 2021, 7.41, 0.135, 0.247, 0.548, 'limited', 18.2, 7.427, 7.426, 3, 3),
  ('copyright', 2019, 7.39, 2025, 7.5, 2022, 7.41, 0.090, 0.247, 0.366, 'limited', 18.2, 7.445, 7.445, 3, 3),
  ('satisfaction', 2020, 80.05, 2025, 82.0, 2021, 80.61, 0.700, 0.483, 1.450, 'on_track', 28.7, 80.44, 80.44, 2, 2),
  ('satisfaction', 2020, 80.05, 2025, 82.0, 2023, 82.04, null, null, null, 'achieved', 102.1, 81.22, 81.21, 2, 2)
),

typed as (
  select
    indicator,
    base_year,
    cast(base_value as double) as base_value,
    target_year,
    cast(target_value as double) as target_value,
    plan_year,
    cast(actual_value as double) as actual_value,
    cagr_observed as printed_observed,
    cagr_required as printed_required,
    progress_ratio as printed_ratio,
    status as printed_status,
    progress_rate as printed_rate,
    path_linear as printed_linear,
    path_geometric as printed_geometric,
    linear_decimals,
    geometric_decimals
  from printed
),

timed as (
  select
    typed.*,
    {{ time_progress('base_year', 'plan_year', 'target_year') }} as time_progress,
    {{ annual_growth('base_value', 'actual_value', '(plan_year - base_year)') }} as cagr_observed,
    {{ annual_growth('base_value', 'target_value', '(target_year - base_year)') }} as cagr_required
  from typed
),

worked as (
  select
    timed.*,
    {{ progress_ratio("'up'", 'cagr_observed', 'cagr_required') }} as progress_ratio,
    {{ progress_rate('base_value', 'actual_value', 'target_value') }} as progress_rate,
    {{ path_linear('base_value', 'target_value', 'time_progress') }} as path_linear,
    {{ path_geometric('base_value', 'target_value', 'time_progress') }} as path_geometric
  from timed
),

judged as (
  select
    worked.*,
    case
      when {{ meets_target("'ge'", 'actual_value', 'target_value') }} then 'achieved'
      else {{ status_of_ratio('progress_ratio') }}
    end as status
  from worked
)

select *
from judged
where
  status != printed_status
  or round(100 * progress_rate, 1) != printed_rate
  or round(path_linear, linear_decimals) != printed_linear
  or round(path_geometric, geometric_decimals) != printed_geometric
  or (printed_observed is not null and round(100 * cagr_observed, 3) != printed_observed)
  or (printed_required is not null and round(100 * cagr_required, 3) != printed_required)
  or (printed_ratio is not null and round(progress_ratio, 3) != printed_ratio)
