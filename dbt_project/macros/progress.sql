{#- Target versus actual, as formulas (domain F.1 and F.4). Arguments are SQL expressions; nothing is rounded, and what
    cannot be computed is null. -#}

{#- Does the unrounded value satisfy the target? 超过 is strict, 以上 and 提高至 are not. -#}
{% macro meets_target(comparator, actual, target) -%}
  case {{ comparator }}
    when 'ge' then {{ actual }} >= {{ target }}
    when 'gt' then {{ actual }} > {{ target }}
    when 'le' then {{ actual }} <= {{ target }}
    when 'lt' then {{ actual }} < {{ target }}
  end
{%- endmacro %}

{#- 完成率: actual over target. -#}
{% macro completion_rate(actual, target) -%}
  {{ actual }} / nullif({{ target }}, 0)
{%- endmacro %}

{#- 进度完成率: how much of the way from the baseline to the target is done. -#}
{% macro progress_rate(baseline, actual, target) -%}
  ({{ actual }} - {{ baseline }}) / nullif({{ target }} - {{ baseline }}, 0)
{%- endmacro %}

{#- 时间进度: how much of the time has passed at the end of a year; 1 from the target year on. -#}
{% macro time_progress(base_year, year, target_year) -%}
  case
    when {{ year }} >= {{ base_year }}
      then cast(least({{ year }}, {{ target_year }}) - {{ base_year }} as double) / nullif({{ target_year }} - {{ base_year }}, 0)
  end
{%- endmacro %}

{#- Where a straight line from the baseline to the target would be. -#}
{% macro path_linear(baseline, target, time_progress) -%}
  {{ baseline }} + ({{ target }} - {{ baseline }}) * {{ time_progress }}
{%- endmacro %}

{#- Where constant yearly growth from the baseline to the target would be. -#}
{% macro path_geometric(baseline, target, time_progress) -%}
  case
    when {{ baseline }} > 0 and {{ target }} > 0 then {{ baseline }} * power({{ target }} / {{ baseline }}, {{ time_progress }})
  end
{%- endmacro %}

{#- Compound annual growth between two values; needs a positive start and at least one year. -#}
{% macro annual_growth(start_value, end_value, years) -%}
  case
    when {{ start_value }} > 0 and {{ end_value }} >= 0 and {{ years }} > 0
      then power({{ end_value }} / {{ start_value }}, 1.0 / {{ years }}) - 1
  end
{%- endmacro %}

{#- R: observed over required annual growth, positive when moving in the wanted direction. -#}
{% macro progress_ratio(direction, growth_observed, growth_required) -%}
  {{ towards(direction, growth_observed) }} / nullif(abs({{ growth_required }}), 0)
{%- endmacro %}

{#- Growth with the sign of progress: up counts as it is, down counts reversed. No direction, no sign. -#}
{% macro towards(direction, growth) -%}
  case {{ direction }} when 'up' then 1 when 'down' then -1 end * {{ growth }}
{%- endmacro %}

{#- Bands of R for a target with a baseline. Twelve decimals, so that a growth of exactly a band's edge is not pushed below it
    by the way binary fractions are stored. -#}
{% macro status_of_ratio(ratio) -%}
  case
    when round({{ ratio }}, 12) >= 0.95 then 'on_track'
    when round({{ ratio }}, 12) >= 0.60 then 'moderate'
    when round({{ ratio }}, 12) >= 0 then 'limited'
    else 'deteriorating'
  end
{%- endmacro %}

{#- Bands of yearly growth where the plan names a direction and no number. The thresholds are the no-target branch of the
    method, not the plan's, and every row says so. -#}
{% macro status_of_growth(growth) -%}
  case
    when round({{ growth }}, 12) >= 0.015 then 'on_track'
    when round({{ growth }}, 12) >= 0.005 then 'moderate'
    when round({{ growth }}, 12) >= 0 then 'limited'
    else 'deteriorating'
  end
{%- endmacro %}
