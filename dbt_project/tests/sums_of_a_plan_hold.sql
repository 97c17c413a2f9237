-- Every sum that a plan says must hold does, among its own figures and among values.
{{ config(meta={'dagster': {'ref': {'name': 'identity_check'}}}) }}

select *
from {{ ref('identity_check') }}
where not holds
