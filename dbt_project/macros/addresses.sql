{#- What a record says about its place: the most specific division that was recognised, the words after its name, and the
    words themselves where no division was recognised. The same text for every source, so that one model answers all. -#}

{#- Words that look an address up: what follows the division's name, or the whole text where no division was recognised. -#}
{% macro address_words(division_code, address_rest, address='null') -%}
  coalesce({{ address_rest }}, case when {{ division_code }} is null then {{ address }} end)
{%- endmacro %}

{#- One text that identifies an address for look-ups in int_address_regions. `address` is the text as delivered. -#}
{% macro address_key(division_code, address_rest, address='null') -%}
  coalesce({{ division_code }}, '') || '|' || coalesce({{ address_words(division_code, address_rest, address) }}, '')
{%- endmacro %}

{#- Every column group that names a place: model, division code, rest, text as delivered. A source adds its own here. -#}
{% macro addressed_columns() -%}
  {{ return([
    ['stg_patents__publications', 'division_code', 'address_rest', 'address'],
    ['stg_patent_events__events', 'division_code_after', 'address_rest_after', 'address_after'],
    ['stg_patent_families__members', 'division_code', 'address_rest', 'address'],
    ['stg_trademarks__registrations', 'division_code', 'address_rest', 'address'],
    ['stg_copyrights__registrations', 'division_code', 'address_rest', 'address'],
    ['stg_copyrights__registrations', 'district_division_code', 'district_rest', 'district'],
    ['stg_plant_varieties__applications', 'division_code', 'address_rest', 'address'],
    ['stg_plant_varieties__applications', 'district_division_code', 'district_rest', 'district'],
    ['stg_ic_layouts__registrations', 'division_code', 'address_rest', 'address'],
    ['stg_ic_layouts__registrations', 'district_division_code', 'district_rest', 'district'],
    ['stg_geographical_indications__records', 'division_code', 'address_rest', 'address'],
    ['stg_geographical_indications__records', 'district_division_code', 'district_rest', 'district'],
    ['stg_penalties__decisions', 'authority_division_code', 'authority_rest', 'authority'],
    ['stg_case_ledger__cases', 'district_division_code', 'district_rest', 'district'],
    ['stg_case_ledger__cases', 'null', 'null', 'authority'],
    ['stg_pledges__rights', 'district_division_code', 'district_rest', 'district'],
    ['stg_pledges__rights', 'division_code', 'address_rest', 'address'],
    ['stg_ip_finance__contracts', 'district_division_code', 'district_rest', 'district'],
    ['stg_deals__deals', 'district_division_code', 'district_rest', 'district'],
    ['stg_designations__entries', 'district_division_code', 'district_rest', 'district'],
    ['stg_designations__entries', 'division_code', 'address_rest', 'address'],
    ['stg_activities__events', 'district_division_code', 'district_rest', 'district'],
    ['stg_task_evidence__items', 'district_division_code', 'district_rest', 'district'],
  ]) }}
{%- endmacro %}

{#- Models whose records are placed by one key, for the count of what lies elsewhere: source, model, key. -#}
{% macro placed_models() -%}
  {{ return([
    ['patent_families', 'int_family_members', 'address_key'],
    ['trademarks', 'int_trademarks', 'address_key'],
    ['penalties', 'int_penalties', 'place_key'],
    ['case_ledger', 'int_cases', 'place_key'],
    ['pledges', 'int_pledges', 'place_key'],
    ['ip_finance', 'int_ip_finance', 'place_key'],
    ['deals', 'int_deals', 'place_key'],
    ['designations', 'int_designations', 'place_key'],
    ['activities', 'int_activities', 'place_key'],
    ['task_evidence', 'int_task_evidence', 'place_key'],
  ]) }}
{%- endmacro %}

{#- Whether words that name no division of China are an address abroad: they open with a country, or have no Chinese
    characters. -#}
{% macro is_abroad(words) -%}
  (
    not regexp_matches({{ words }}, '[一-鿿]')
    or regexp_matches(
      {{ words }},
      '^[ (（\[]*(?:美国|美利坚|日本|德国|德意志|法国|法兰西|英国|大不列颠|韩国|大韩民国|朝鲜|荷兰|瑞士|瑞典|意大利|加拿大|比利时|丹麦|'
      || '芬兰|奥地利|澳大利亚|新西兰|新加坡|西班牙|葡萄牙|挪威|爱尔兰|冰岛|卢森堡|列支敦士登|以色列|印度|俄罗斯|巴西|墨西哥|'
      || '阿根廷|智利|哥伦比亚|秘鲁|南非|埃及|沙特|阿联酋|阿拉伯联合酋长国|卡塔尔|科威特|伊朗|土耳其|波兰|捷克|匈牙利|罗马尼亚|'
      || '保加利亚|希腊|乌克兰|白俄罗斯|斯洛伐克|斯洛文尼亚|克罗地亚|爱沙尼亚|拉脱维亚|立陶宛|马耳他|塞浦路斯|摩纳哥|泰国|越南|'
      || '马来西亚|菲律宾|巴基斯坦|孟加拉|斯里兰卡|哈萨克斯坦|乌兹别克斯坦|蒙古国|摩洛哥|突尼斯|肯尼亚|尼日利亚|'
      || '开曼|英属维尔京|维尔京群岛|百慕大|巴巴多斯|巴哈马|巴拿马|塞舌尔|毛里求斯|萨摩亚|库拉索|安提瓜)'
    )
  )
{%- endmacro %}

{#- Models with one row per record that counts where it lies: model, kind of record, id, day it counts on, place. Patents
    are placed by several addresses and stand apart. -#}
{% macro records_with_one_place() -%}
  {{ return([
    ['int_trademarks', 'trademark', 'mark_key', 'registration_date', 'address_key'],
    ['int_other_rights', 'other_right', 'right_key', 'registered_on', 'place_key'],
    ['int_penalty_decisions', 'penalty_decision', 'decision_id', 'decision_date', 'place_key'],
    ['int_cases', 'case', 'case_id', 'opened_on', 'place_key'],
    ['int_pledge_registrations', 'pledge', 'registration_no', 'registration_date', 'place_key'],
    ['int_ip_finance', 'finance_contract', 'contract_id', 'issued_on', 'place_key'],
    ['int_deals', 'deal', 'deal_id', 'deal_date', 'place_key'],
    ['int_designations', 'designation', 'designation_id', 'approved_on', 'place_key'],
    ['int_activities', 'activity', 'activity_id', 'held_on', 'place_key'],
  ]) }}
{%- endmacro %}
