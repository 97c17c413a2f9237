-- One changed contribution and what it shows by itself about its cause: a reason, how sure it is (1: something new was
-- delivered, 2: something known was delivered again), and the delivered line. It may show nothing: no reason.
with comparison as (
  select * from {{ ref('release_comparison') }}
),

changed as (
  select
    changed.*,
    {{ source_of('changed.source_path') }} as source,
    old_reach.indicator_id is not null as was_in_catalogue,
    old_reach.observed_until as old_observed_until,
    new_reach.observed_until as new_observed_until,
    changed.delivered_on > comparison.old_known_at as is_delivered_since
  from {{ ref('int_changed_contributions') }} as changed
  cross join comparison
  left join {{ ref('stg_previous__indicator') }} as old_reach on changed.indicator_id = old_reach.indicator_id
  left join {{ ref('dim_indicator') }} as new_reach on changed.indicator_id = new_reach.indicator_id
),

lines as (
  select * from {{ ref('int_changed_lines') }}
),

-- The event a contribution cites; a line of a gazette tells one event.
events as (
  select
    events.*,
    row_number() over (
      partition by source_path, source_row, source_file_sha256 order by event_code, event_date
    ) as preference
  from {{ ref('fct_patent_event') }} as events
  where exists (select 1 from changed where {{ same_line('changed', 'events') }})
),

undone as (
  select * from {{ ref('int_changed_patents') }}
),

renamed as (
  select * from {{ ref('int_renamed_patents') }}
),

marks as (
  select
    mark_key,
    end_reason
  from {{ ref('fct_trademark') }}
  where end_reason = 'invalidated'
),

-- What a new row can stand in the place of: a row of the same record and source that counted the same way.
displaced as (
  select distinct
    indicator_id,
    record_type,
    record_id,
    source,
    sign(delta) as direction
  from changed
  where change = 'left'
),

-- Records that a line brings as a whole, from beginning to end.
opened as (
  select distinct
    indicator_id,
    record_type,
    record_id,
    source_path,
    source_row,
    source_file_sha256
  from changed
  where change = 'entered' and delta > 0
),

seen as (
  select
    changed.*,
    coalesce(lines.was_delivered_before, false) as was_delivered_before,
    {{ provenance('lines.later_', 'later_') }},
    {{ provenance('undone.', 'undone_') }},
    undone.effect as undone_by,
    events.effect,
    renamed.new_patent_key is not null as is_renamed,
    {{ provenance('renamed.named_by_', 'named_by_') }},
    marks.mark_key is not null as is_mark_invalidated,
    displaced.record_id is not null as is_displacing,
    opened.record_id is not null as is_opened_by_same_line
  from changed
  left join lines
    on
      changed.record_type = lines.record_type and changed.record_id = lines.record_id
      and {{ same_line('changed', 'lines') }}
  left join events
    on
      changed.record_type in ('patent', 'patent_event')
      and events.preference = 1
      and {{ same_line('changed', 'events') }}
  left join undone
    on
      changed.change = 'left'
      and case changed.record_type when 'patent' then changed.record_id when 'patent_event' then events.patent_key end
      = undone.patent_key
      -- An invalidation takes all away; a restoration undoes an end, and the notice of it where notices are counted.
      and (
        (undone.effect = 'full_invalidation' and changed.record_type = 'patent')
        or (
          undone.effect = 'restoration'
          and (changed.delta < 0 or (changed.record_type = 'patent_event' and events.is_void))
        )
      )
  left join renamed
    on
      changed.record_type = 'patent' and changed.record_id in (renamed.old_patent_key, renamed.new_patent_key)
      and {{ same_line('changed', 'renamed') }}
  left join marks on changed.record_type = 'trademark' and changed.record_id = marks.mark_key
  left join displaced
    on
      changed.indicator_id = displaced.indicator_id and changed.record_type = displaced.record_type
      and changed.record_id = displaced.record_id and changed.source = displaced.source
      and sign(changed.delta) = displaced.direction
  left join opened
    on
      changed.indicator_id = opened.indicator_id and changed.record_type = opened.record_type
      and changed.record_id = opened.record_id and {{ same_line('changed', 'opened') }}
),

judged as (
  select
    seen.*,
    -- Dated after what the other release observed: no revision of what both have seen.
    case change
      when 'left' then effective_date > coalesce(new_observed_until, {{ open_start() }})
      else was_in_catalogue and effective_date > coalesce(old_observed_until, {{ open_start() }})
    end as is_beyond,
    -- Invalidated and restored at once: it is the invalidation that counts.
    row_number() over (
      partition by change, indicator_id, region_view, region_code, record_type, record_id, effective_date, delta
      order by undone_by asc
    ) as preference
  from seen
)

select
  change,
  indicator_id,
  region_view,
  region_code,
  record_type,
  record_id,
  effective_date,
  delta,
  amount,
  {{ provenance() }},
  case
    when is_beyond and (change = 'left' or old_observed_until is null) then 'source_coverage'
    when is_beyond then 'further_records'
    when change = 'left' and undone_by = 'full_invalidation' then 'invalidation'
    when change = 'left' and undone_by = 'restoration' then 'restoration'
    when change = 'left' and later_source_path is not null then 'corrected_delivery'
    when is_renamed and (change = 'left' or not is_delivered_since) then 'related_delivery'
    when change = 'left' then null
    when not is_delivered_since then null
    when record_type = 'patent_event' and not was_delivered_before then 'late_notice'
    when effect in ('transfer', 'address_change') and not was_delivered_before then 'relocation'
    when delta < 0 and is_opened_by_same_line and not was_delivered_before then 'late_record'
    when effect = 'restoration' and not was_delivered_before then 'restoration'
    when delta < 0 and effect is not null and not was_delivered_before then 'late_notice'
    when delta < 0 and is_mark_invalidated then 'invalidation'
    when is_displacing then 'corrected_delivery'
    when delta < 0 then 'late_notice'
    when was_delivered_before then 'corrected_delivery'
    else 'late_record'
  end as reason,
  case
    when change = 'left' and undone_by is not null then 1
    when change = 'left' and later_source_path is not null then 2
    when is_renamed then 1
    when change = 'left' then 2
    when record_type in ('patent', 'patent_event') and effect is not null and was_delivered_before then 2
    when is_displacing or (delta > 0 and was_delivered_before) then 2
    else 1
  end as sureness,
  {{ cause_of([
    ["change = 'entered' and is_delivered_since", ''],
    ["change = 'left' and not is_beyond and undone_by is not null", 'undone_'],
    ["change = 'left' and not is_beyond and later_source_path is not null", 'later_'],
    ["is_renamed and not is_beyond", 'named_by_'],
  ]) }},
  is_beyond
from judged
where preference = 1
