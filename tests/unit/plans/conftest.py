"""An invented city with its own districts, zone and small catalogue, to be broken on purpose."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.plans.reading import load_catalogue, load_plan

PLAN = """
plan_id: lakeside_15fyp
title: {zh: 湖滨市知识产权规划, en: Lakeside IP plan}
document_no: 湖政发〔2026〕1号
issuer: 湖滨市人民政府
issued_on: 2026-03-01
source: https://example.org/plan
is_current: true
actuals: records
years: {start: 2026, end: 2030}
population: {rule: fixed, fixed_reference: 2020-11-01}
sei_version: "2021"
high_pledge_amount: {yuan: 5000000, note: {zh: 本规划设定, en: set by this plan}}
regions:
  province: {zh: 云川省, en: Yunchuan}
  city: {code: "990100", zh: 湖滨市, en: Lakeside}
  districts:
    - {code: "990102", zh: 东区, en: East}
    - {code: "990103", zh: 西区, en: West}
  zones:
    - {code: 9901A1, zh: 科学城, en: Science City, statutory_parent: "990102"}
  unallocated: {code: 9901ZZ, zh: 未分配, en: Not placed}
region_patterns:
  - {region: 9901A1, kind: zone, within: ["990100", "990102"], match: starts, texts: [科学城, 科技城]}
  - {region: "990103", kind: street, within: ["990100"], match: contains, texts: [西湖街道]}
baselines:
  - id: B01
    section: 一
    title: {zh: 有效发明专利, en: Valid inventions}
    indicator: inv_valid
    value: 100
    value_text: 100件
    unit: 件
    precision: exact
    kind: L
    period: {type: year, start: 2025-01-01, end: 2025-12-31}
    previous: {low: 50, high: 50}
    growth: {kind: rate, value: 100}
    milestone: null
  - id: B02
    section: 一
    title: {zh: 中心, en: Centre}
    indicator: null
    value: null
    value_text: 在建
    unit: null
    precision: null
    kind: M
    period: {type: plan, start: 2021-01-01, end: 2025-12-31}
    previous: null
    growth: null
    milestone: {state: in_progress, same_as: T02, stages: null}
targets:
  - id: T01
    section: 二
    title: {zh: 有效发明专利, en: Valid inventions}
    indicator: inv_valid
    region: "990100"
    kind: stock
    unit: 件
    binding: 预期性
    baseline: {value: 100, period: "2025", note: null}
    proxies: []
    note: null
    versions:
      - {version: 1, valid_from: 2026-03-01, decided_by: 湖政发〔2026〕1号, method: level, comparator: ge,
         direction: up, value: 200, precision: exact, year: 2030, wording: 200件以上}
      - {version: 2, valid_from: 2028-03-01, decided_by: 湖政发〔2028〕2号, method: level, comparator: gt,
         direction: up, value: 250, precision: exact, year: 2030, wording: 超过250件}
  - id: T02
    section: 二
    title: {zh: 中心建成, en: Centre built}
    indicator: null
    region: "990100"
    kind: milestone
    unit: null
    binding: null
    baseline: null
    proxies: [inv_valid]
    note: null
    versions:
      - {version: 1, valid_from: 2026-03-01, decided_by: 湖政发〔2026〕1号, method: milestone,
         year: 2030, wording: 建成, stages: {done: [accepted, operating], under_way: [approval]}}
  - id: T03
    section: 二
    title: {zh: 重点发明, en: Inventions that matter}
    indicator: inv_valid
    region: "990100"
    kind: stock
    unit: 件
    binding: null
    baseline: {value: 100, period: "2025", note: null}
    proxies: []
    note: null
    versions:
      - {version: 1, valid_from: 2026-03-01, decided_by: 湖政发〔2026〕1号, method: once, comparator: ge,
         direction: up, value: 120, precision: exact, year: 2030, wording: 120件以上, needs_indicators: [inv_valid]}
tasks:
  - {id: 3.1-a, section: 三, strength: D, same_as: T02, done: {stages: [accepted], items: []}, proxies: [],
     title: {zh: 建成中心, en: Build the centre},
     evidence: {zh: 验收文件, en: acceptance document}, data_kind: register}
  - {id: 3.1-b, section: 三, strength: D×2, same_as: null, done: {stages: [issued], items: [质押, 援助]}, proxies: [],
     title: {zh: 两个办法, en: Two rules},
     evidence: {zh: 文件, en: documents}, data_kind: register}
  - {id: 3.1-c, section: 三, strength: S, same_as: null, done: null, proxies: [inv_valid],
     title: {zh: 宣传, en: Publicity},
     evidence: {zh: 场次, en: events}, data_kind: register}
identities:
  - id: I01
    title: {zh: 例, en: example}
    level: indicator
    total: tm_well_known
    parts: [{id: tm_well_known_administrative, sign: 1}, {id: tm_well_known_judicial, sign: 1}]
    tolerance: 0
assessment:
  - {id: targets, title: {zh: 目标, en: Targets}, measure_kind: targets, indicators: []}
  - {id: public_awareness, title: {zh: 认知, en: Awareness}, measure_kind: indicator, indicators: [inv_valid]}
"""

CATALOGUE = """
sources: [patents, patent_events, population, pledges, designations]
indicators:
  - id: inv_valid
    family: patents
    title: {zh: 有效发明专利量, en: Valid inventions}
    definition: {zh: 期末有效, en: Valid at the period end}
    formula: count
    unit: {zh: 件, en: patents, divisor: 1, decimals: 0}
    kind: stock
    direction: up
    attributing_date: period_end
    sources: [patents, patent_events]
    partial_sources: [pledges]
    plan_section: null
  - id: inv_valid_per_10k
    family: patents
    title: {zh: 万人有效发明, en: Valid inventions per 10k}
    definition: {zh: 除以人口, en: Divided by residents}
    formula: inv_valid / population
    unit: {zh: 件/万人, en: per 10k, divisor: 1, decimals: 2}
    kind: ratio
    ratio: {numerator: inv_valid, denominator: population, multiplier: 10000}
    direction: up
    attributing_date: period_end
    sources: [patents, patent_events, population]
    partial_sources: [pledges]
    plan_section: null
  - id: tm_well_known
    family: marks_gi
    title: {zh: 驰名商标, en: Well-known marks}
    definition: {zh: 期末前认定, en: Recognised by the period end}
    formula: count
    unit: {zh: 件, en: marks, divisor: 1, decimals: 0}
    kind: stock
    direction: up
    attributing_date: period_end
    sources: [designations]
    plan_section: null
  - id: tm_well_known_administrative
    family: marks_gi
    title: {zh: 行政认定, en: By the administration}
    definition: {zh: 期末前认定, en: Recognised by the period end}
    formula: count
    unit: {zh: 件, en: marks, divisor: 1, decimals: 0}
    kind: stock
    direction: up
    attributing_date: period_end
    sources: [designations]
    plan_section: null
  - id: tm_well_known_judicial
    family: marks_gi
    title: {zh: 司法认定, en: By the courts}
    definition: {zh: 期末前认定, en: Recognised by the period end}
    formula: count
    unit: {zh: 件, en: marks, divisor: 1, decimals: 0}
    kind: stock
    direction: up
    attributing_date: period_end
    sources: [designations]
    plan_section: null
"""

REMOVE = "<remove>"
Edit = tuple[str, Any]


def edited(text: str, edits: tuple[Edit, ...]) -> str:
    """The YAML with each `path.to[0].field` set to a value, or taken out with REMOVE."""
    content = yaml.safe_load(text)
    for path, value in edits:
        *parents, last = [int(p) if p.isdigit() else p for p in path.replace("]", "").replace("[", ".").split(".")]
        place = content
        for parent in parents:
            place = place[parent]
        if value == REMOVE:
            del place[last]
        elif isinstance(place, list) and last == len(place):
            place.append(value)
        else:
            place[last] = value
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False)


@pytest.fixture
def catalogue_file(tmp_path: Path) -> Callable[..., Path]:
    def write(*edits: Edit) -> Path:
        path = tmp_path / "catalogue.yaml"
        path.write_text(edited(CATALOGUE, edits), encoding="utf-8")
        load_catalogue.cache_clear()
        return path

    return write


@pytest.fixture
def plan_file(tmp_path: Path) -> Callable[..., Path]:
    def write(*edits: Edit) -> Path:
        path = tmp_path / "lakeside.yaml"
        path.write_text(edited(PLAN, edits), encoding="utf-8")
        return path

    return write


@pytest.fixture
def load_edited(plan_file: Callable[..., Path], catalogue_file: Callable[..., Path]) -> Callable[..., Any]:
    """Load the invented plan with edits, against the small catalogue."""
    return lambda *edits: load_plan(plan_file(*edits), load_catalogue(catalogue_file()))
