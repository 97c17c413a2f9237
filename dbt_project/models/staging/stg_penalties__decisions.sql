-- One party of one penalty decision, as delivered (every delivery kept).
with delivered as (
  select * from {{ source('bronze', 'penalties') }}
),

renamed as (
  select
    decision_no,
    offender,
    offender_key,
    offender_kind,
    offender_credit_code,
    violation_type,
    facts,
    basis,
    penalty_class,
    content,
    cast(fine_yuan as double) as fine_yuan,
    cast(confiscated_yuan as double) as confiscated_yuan,
    cast(decision_date as date) as decision_date,
    cast(published_on as date) as published_on,
    cast(filed_on as date) as filed_on,
    procedure,
    authority,
    authority_division_code,
    authority_rest,
    is_transferred,
    cast(transferred_on as date) as transferred_on,
    cast(valid_until as date) as valid_until,
    cast(publication_until as date) as publication_until,
    remark,
    source_path,
    cast(source_row as bigint) as source_row,
    source_file_sha256,
    cast(delivered_on as date) as delivered_on,
    is_synthetic,
    coalesce(is_withdrawn, false) as is_withdrawn
  from delivered
)

select * from renamed
