-- One changed contribution, why it changed and the delivered line that caused it. Where it shows nothing by itself, or
-- only that it was delivered again, the rest of its record answers: first in the same indicator, then in any; and where
-- no delivery does, what else differs between the releases.
with signs as (
  select * from {{ ref('int_change_signs') }}
),

comparison as (
  select * from {{ ref('release_comparison') }}
),

{% for group, columns in [
  ['record', ['record_type', 'record_id', 'indicator_id']], ['any', ['record_type', 'record_id']],
] %}
of_{{ group }} as (
  select *
  from (
    select
      {{ columns | join(', ') }},
      reason,
      sureness,
      {{ provenance('cause_', 'cause_') }},
      row_number() over (
        partition by {{ columns | join(', ') }}
        order by
          sureness asc,
          cause_delivered_on desc,
          cause_source_path desc,
          cause_source_row desc,
          cause_source_file_sha256 desc,
          reason asc
      ) as preference
    from signs
    where reason is not null and not is_beyond
  ) as ranked
  where preference = 1
),

{% endfor %}
chosen as (
  select
    signs.*,
    case
      when signs.is_beyond or signs.sureness = 1 and signs.reason is not null then 'own'
      when of_record.sureness = 1 then 'record'
      when signs.reason is not null then 'own'
      when of_record.reason is not null then 'record'
      when of_any.reason is not null then 'any'
    end as answered_by,
    of_record.reason as record_reason,
    {{ provenance('of_record.cause_', 'record_') }},
    of_any.reason as any_reason,
    {{ provenance('of_any.cause_', 'any_') }}
  from signs
  left join of_record
    on
      signs.record_type = of_record.record_type and signs.record_id = of_record.record_id
      and signs.indicator_id = of_record.indicator_id
  left join of_any on signs.record_type = of_any.record_type and signs.record_id = of_any.record_id
)

select
  chosen.change,
  chosen.indicator_id,
  chosen.region_view,
  chosen.region_code,
  chosen.record_type,
  chosen.record_id,
  chosen.effective_date,
  chosen.delta,
  chosen.amount,
  {{ provenance('chosen.') }},
  case chosen.answered_by
    when 'own' then chosen.reason
    when 'record' then chosen.record_reason
    when 'any' then chosen.any_reason
    else {{ reason_without_record('comparison') }}
  end as reason,
  {{ cause_of([
    ["chosen.answered_by = 'own'", 'chosen.cause_'],
    ["chosen.answered_by = 'record'", 'chosen.record_'],
    ["chosen.answered_by = 'any'", 'chosen.any_'],
  ]) }}
from chosen
cross join comparison
