-- One document or event that shows a task, target or milestone, as delivered (every delivery kept).
with delivered as (
  select * from {{ source('bronze', 'task_evidence') }}
),

renamed as (
  select
    plan_id,
    subject_id,
    stage,
    title,
    document_no,
    cast(event_date as date) as event_date,
    item,
    cast(quantity as double) as quantity,
    unit,
    district,
    district_division_code,
    district_rest,
    url,
    source_path,
    cast(source_row as bigint) as source_row,
    source_file_sha256,
    cast(delivered_on as date) as delivered_on,
    is_synthetic,
    coalesce(is_withdrawn, false) as is_withdrawn
  from delivered
)

select * from renamed
