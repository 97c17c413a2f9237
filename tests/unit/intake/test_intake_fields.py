"""One column of text to bronze values, as contracts declare it."""

from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest

from pipelines.contracts.model import SourceField
from pipelines.contracts.registry import contract
from pipelines.intake import periods
from pipelines.intake.fields import Context, Values, read

CONTEXT = Context(delivered_on=date(2024, 1, 31), earliest_date=date(1985, 4, 1))


def field(kind: str, **more: Any) -> SourceField:
    return SourceField.model_validate({"name": "sample", "type": kind, "title": {"zh": "样例", "en": "Sample"}} | more)


def column(declared: SourceField, *texts: str | None, context: Context = CONTEXT) -> Values:
    return read(declared, pl.Series(texts, dtype=pl.String), context)


PEOPLE = {"to": "人", "factors": {"人": 1, "万人": 10_000}, "required": True}


@pytest.mark.parametrize(
    ("text", "header_unit", "value", "problem"),
    [
        ("470.4138", "万人", 4_704_138, None),
        ("470.4138万人", None, 4_704_138, None),
        ("470.4138 万人", "人", 4_704_138, None),  # the cell goes before the header
        ("470.4138万", None, 4_704_138, None),
        ("4,704,138", "人", 4_704_138, None),
        ("４７０４１３８", "人", 4_704_138, None),
        ("4704138", None, 4_704_138, "unit_unknown"),
        ("470.41", "人", None, "number_unparseable"),
        ("约470万", "人", None, "number_unparseable"),
        (None, None, None, None),
    ],
)
def test_numbers_with_units(text: str | None, header_unit: str | None, value: int | None, problem: str | None) -> None:
    context = Context(CONTEXT.delivered_on, CONTEXT.earliest_date, unit=header_unit)
    found = column(field("integer", unit=PEOPLE), text, context=context)
    assert found.problem.to_list() == [problem]
    if problem is None:
        assert found.value.to_list() == [value]


def test_numbers_out_of_range_and_the_decimals_written() -> None:
    found = column(field("number", minimum=0, maximum=100), "14.69", "-1", "100.5", "7")
    assert found.problem.to_list() == [None, "number_out_of_range", "number_out_of_range", None]
    assert found.parts["decimals"].to_list() == [2, 0, 1, 0]
    assert found.value.to_list()[0] == 14.69


@pytest.mark.parametrize(
    ("text", "unit", "yuan", "problem"),
    [
        ("300", "万元", "3000000.00", None),
        ("24.89亿元", None, "2489000000.00", None),
        ("10000", None, None, "unit_unknown"),
        ("一百", "元", None, "number_unparseable"),
    ],
)
def test_amounts_are_yuan_to_the_fen(text: str, unit: str | None, yuan: str | None, problem: str | None) -> None:
    declared = field("amount", unit={"to": "元", "factors": {"元": 1, "万元": 10_000}, "required": True})
    found = column(declared, text, context=Context(CONTEXT.delivered_on, CONTEXT.earliest_date, unit=unit))
    assert [str(v) if v is not None else None for v in found.value] == [yuan]
    assert found.problem.to_list() == [problem]


def test_dates_have_limits() -> None:
    found = column(field("date", not_after_delivery=True), "2024-01-31", "2024-02-01", "1985-03-31", "2024-13-01")
    assert found.problem.to_list() == [None, "date_in_future", "date_out_of_range", "date_unparseable"]


def test_a_bare_year_is_its_last_day_only_where_the_contract_says_so() -> None:
    assert (
        column(field("date", year_means="year_end"), "2020年", "2020", "2020年末").value.to_list()
        == [date(2020, 12, 31)] * 3
    )
    assert column(field("date"), "2020").problem.to_list() == ["date_unparseable"]


def test_codes_by_spelling_pattern_and_reference() -> None:
    kind = contract("population").field("kind")
    assert column(kind, "常住人口", "resident", "年末 常住人口").value.to_list() == ["resident"] * 3
    assert column(kind, "暂住").problem.to_list() == ["code_unknown"]
    event = contract("patent_events").field("event_code")
    found = column(event, "cf01", " ＰＥ01 ", "XX99")
    assert found.value.to_list() == ["CF01", "PE01", None]
    assert found.problem.to_list() == [None, None, "event_code_unknown"]
    assert column(contract("official_figures").field("indicator_id"), "inv_valid", "专利").problem.to_list() == [
        None,
        "code_unknown",
    ]


def test_withdrawal_is_said_in_several_ways() -> None:
    found = column(field("boolean"), "true", "是", "d", "i", "否", "也许")
    assert found.value.to_list() == [True, True, True, False, False, None]
    assert found.problem.to_list()[-1] == "code_unknown"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("370300", "370300"), ("370303000000", "370303"), ("3703A1", "3703A1"), ("3703ZZ", "3703ZZ"),
        ("淄博市", "370300"), ("山东省淄博市张店区", "370303"), ("山东省", "370000"),
        ("999999", None), ("9999A1", None), ("淄博市某厂", None), ("全市", None),
    ],
)  # fmt: skip
def test_regions_by_code_or_whole_name(text: str, code: str | None) -> None:
    found = column(field("region"), text)
    assert found.value.to_list() == [code]
    assert found.problem.to_list() == [None if code else "region_unknown"]


def test_classification_columns_hold_either_kind_of_symbol() -> None:
    found = column(field("ipc_list"), "C04B35/00(2006.01)I;??C08L1/00(2006.01)I", "01-01 (12)", "C04B35/00;瓷")
    assert found.value.to_list() == ["C04B35/00;C08L1/00", None, "C04B35/00"]
    assert found.parts["first"].to_list() == ["C04B35/00", None, "C04B35/00"]
    assert found.parts["locarno"].to_list() == [None, "01-01", None]
    assert found.kept_problem is not None and found.kept_problem.to_list() == [None, None, "ipc_malformed"]


def test_a_list_of_parties_keeps_all_names_but_those_of_persons() -> None:
    declared = field("party_list", personal="mask")
    found = column(declared, "样小明;淄博样例有限公司", "淄博样例有限公司；", None, "  ")
    assert found.value.to_list() == ["自然人;淄博样例有限公司", "淄博样例有限公司", None, None]
    assert found.hints["is_person"].to_list() == [True, False, False, False]


def test_an_absent_column_has_the_types_of_a_present_one() -> None:
    declared = contract("patents").field("address")
    absent, present = column(declared, None, None), column(declared, "山东省淄博市", None)
    assert absent.value.dtype == present.value.dtype and len(absent.value) == 2
    assert {name: part.dtype for name, part in absent.parts.items()} == {
        name: part.dtype for name, part in present.parts.items()
    }


@pytest.mark.parametrize(
    ("text", "kind", "start", "end"),
    [
        ("2024", "year", "2024-01-01", "2024-12-31"), ("2024年度", "year", "2024-01-01", "2024-12-31"),
        ("2024年末", "year", "2024-01-01", "2024-12-31"), ("2024年上半年", "half", "2024-01-01", "2024-06-30"),
        ("2024H2", "half", "2024-07-01", "2024-12-31"), ("2024年二季度", "quarter", "2024-04-01", "2024-06-30"),
        ("2024Q4", "quarter", "2024-10-01", "2024-12-31"), ("2024年2月", "month", "2024-02-01", "2024-02-29"),
        ("2024-11", "month", "2024-11-01", "2024-11-30"), ("２０２４０３", "month", "2024-03-01", "2024-03-31"),
        ("2021-2025", "plan", "2021-01-01", "2025-12-31"), ("2021—2025年", "plan", "2021-01-01", "2025-12-31"),
    ],
)  # fmt: skip
def test_periods(text: str, kind: str, start: str, end: str) -> None:
    answer = pl.select(answer=periods.parse(pl.lit(text)))["answer"].item()
    assert (answer["type"], str(answer["start"]), str(answer["end"]), answer["problem"]) == (kind, start, end, None)


@pytest.mark.parametrize("text", ["2024年1-8月", "十四五", "2025-2021", "2024-13", "24年", "1900-2025", "2024Q5"])
def test_what_is_no_period(text: str) -> None:
    answer = pl.select(answer=periods.parse(pl.lit(text)))["answer"].item()
    assert answer == {"type": None, "start": None, "end": None, "problem": "period_unparseable"}


def test_a_region_only_a_plan_knows_is_known_when_the_plan_is_run() -> None:
    declared = contract("population").field("region_code")
    text = pl.Series(["990100", "9901A1", "990199"])
    planned = Context(date(2022, 1, 1), date(1985, 1, 1), planned_regions=frozenset({"990100", "9901A1"}))
    assert read(declared, text, planned).problem.to_list() == [None, None, "region_unknown"]
    assert read(declared, text, replace(planned, planned_regions=frozenset())).problem.null_count() == 0
