"""The nation's and the province's plan as shipped: every number is the published one, and nothing is placed in them."""

import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipelines.plans import Plan, RunParameters, load_catalogue, load_plan, write_inputs
from pipelines.plans.model import Evidence, Numeric

# Indicator, baseline, its year, target (国发〔2021〕20号; the fifth and the sixth baseline are of 2019).
CHINA = [
    ("inv_high_value_per_10k", 6.3, "2020", 12),
    ("overseas_inv_grants", 40_000, "2020", 90_000),
    ("pledge_amount", 2180, "2020", 3200),
    ("royalties_trade", 3194.4, "2020", 3500),
    ("patent_intensive_gdp_share", 11.6, "2019", 13.0),
    ("copyright_gdp_share", 7.39, "2019", 7.5),
    ("protection_satisfaction", 80.05, "2020", 82),
    ("first_instance_settled_share", None, None, 85),
]


@pytest.fixture(scope="module")
def china() -> Plan:
    return load_plan("china_14fyp")


@pytest.fixture(scope="module")
def shandong() -> Plan:
    return load_plan("shandong_14fyp")


def numbers(plan: Plan) -> list[tuple[str | None, float | None, str | None, float]]:
    found = []
    for target in plan.targets:
        version = target.versions[-1]
        if isinstance(version, Numeric):
            assert target.baseline is not None
            found.append((target.indicator, target.baseline.value, target.baseline.period, version.value))
    return found


def test_the_eight_national_indicators(china: Plan) -> None:
    assert numbers(china) == CHINA
    assert len(china.targets) == 8
    assert (china.document_no, china.issued_on) == ("国发〔2021〕20号", date(2021, 10, 9))


def test_each_is_a_value_to_reach_by_2025(china: Plan, shandong: Plan) -> None:
    versions = [t.versions[-1] for plan in (china, shandong) for t in plan.targets]
    read = [(v.method, v.comparator, v.direction, v.year) for v in versions if isinstance(v, Numeric)]
    assert read == [("level", "ge", "up", 2025)] * 10


def test_what_is_common_knowledge_says_so(china: Plan) -> None:
    """The quotation prints no 预期性, and not all of the eighth target; its baseline is blank."""
    assert {t.binding for t in china.targets} == {"预期性"}
    assert all(t.note and "未印出指标属性" in t.note.zh for t in china.targets)
    eighth = china.targets[7]
    assert eighth.baseline and eighth.baseline.note and eighth.baseline.note.zh == "规划未给出基期值。"
    assert eighth.note and "85%" in eighth.note.zh


def test_units_are_the_catalogues(china: Plan, shandong: Plan) -> None:
    """9万件 is 90,000 件: a value is compared in the indicator's unit, the wording stays the plan's."""
    known = load_catalogue().by_id()
    for target in [*china.targets, *shandong.targets]:
        assert target.indicator is None or target.unit == known[target.indicator].unit.zh
    abroad = china.targets[1].versions[-1]
    assert isinstance(abroad, Numeric) and (abroad.value, abroad.wording) == (90_000, "9万件")


def test_shandong(shandong: Plan) -> None:
    assert numbers(shandong) == [
        ("inv_high_value_per_10k", None, None, 10),
        ("pledge_amount", None, None, 400),
    ]
    centres = shandong.targets[2].versions[-1]
    assert isinstance(centres, Evidence) and centres.wording == "3—5家"
    assert (shandong.document_no, shandong.issued_on) == (None, None)


def test_the_pledges_of_2020_add_up(shandong: Plan) -> None:
    """226.99 = 125.53 + 101.46 亿元, the identity the plan carries."""
    [identity] = shandong.identities
    figures = {"pledge_amount": 226.99, "pledge_amount_patent": 125.53, "pledge_amount_trademark": 101.46}
    parts = sum(part.sign * figures[part.id] for part in identity.parts)
    assert abs(figures[identity.total] - parts) <= identity.tolerance


@pytest.mark.parametrize(
    ("name", "code", "zh"), [("china_14fyp", "100000", "全国"), ("shandong_14fyp", "370000", "山东省")]
)
def test_the_only_region_is_the_area_itself(tmp_path: Path, name: str, code: str, zh: str) -> None:
    plan = load_plan(name)
    assert plan.actuals == "published"
    parameters = RunParameters(*[date(2025, 1, 1)] * 4, "test", "test", "test", is_synthetic=False)
    write_inputs(tmp_path, [plan], load_catalogue(), parameters=parameters)
    regions = pl.read_parquet(tmp_path / "plan_regions.parquet")
    assert regions.select("region_view", "region_code", "name_zh", "level").rows() == [
        ("statutory", code, zh, "city"),
        ("management", code, zh, "city"),
    ]
    assert pl.read_parquet(tmp_path / "plan_region_patterns.parquet").is_empty()
    row = pl.read_parquet(tmp_path / "plans.parquet").row(0, named=True)
    empty = ("population_rule", "population_fixed_reference", "sei_version", "high_pledge_amount", "province_zh")
    assert row["actuals"] == "published" and [row[column] for column in empty] == [None] * 5
    for text in pl.read_parquet(tmp_path / "plan_identities.parquet")["parts"]:
        assert {part["sign"] for part in json.loads(text)} == {1}
