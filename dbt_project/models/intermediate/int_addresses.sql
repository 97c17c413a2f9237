-- One place as records of any source name it: a division's code and the words after its name.
{% for model, division_code, address_rest, address in addressed_columns() %}
select
  {{ address_key(division_code, address_rest, address) }} as address_key,
  {{ division_code }} as division_code,
  coalesce({{ address_words(division_code, address_rest, address) }}, '') as words
from {{ ref(model) }}
where coalesce({{ division_code }}, {{ address_words(division_code, address_rest, address) }}) is not null
{{ 'union' if not loop.last }}
{% endfor %}
