"""Sums of money and figures: exact, with a unit or not at all."""

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.codes import amounts
from pipelines.codes._vector import scalar


@pytest.mark.parametrize(
    ("printed", "unit", "yuan"),
    [
        ("61,853", "元", "61853"),
        ("24.89", "亿元", "2489000000"),
        ("21.01", "亿元", "2101000000"),
        ("700", "万元", "7000000"),
        ("1.5亿", None, "150000000"),
        ("300万元", None, "3000000"),
        ("300 万元整", None, "3000000"),
        ("10000元", None, "10000"),
        ("10000元", "万元", "10000"),  # the cell's own unit goes before the header's
        ("￥3,000.50", "元", "3000.50"),
        ("人民币５００万元", None, "5000000"),
        ("33.3333333333333", "万元", "333333.33"),
        ("0.005", "元", "0.01"),  # half up
        ("0.00000001", "亿元", "1"),
        ("0", "元", "0"),
        ("-5", "万元", "-50000"),
    ],
)
def test_sums(printed: str, unit: str | None, yuan: str) -> None:
    assert amounts.to_yuan(printed, unit) == Decimal(yuan)


@pytest.mark.parametrize(
    ("printed", "unit", "problem"),
    [
        ("61,853", None, "unit_unknown"),
        ("100美元", "万元", "unit_unknown"),
        ("100", "吨", "unit_unknown"),
        ("1,5", "元", "number_unparseable"),
        ("12,34,567", "元", "number_unparseable"),
        ("1.5E+07", "元", "number_unparseable"),
        ("壹佰万元", None, "number_unparseable"),
        ("3亿2千万元", None, "number_unparseable"),
        ("约300万元", None, "number_unparseable"),
        ("1 000", "元", "number_unparseable"),
        ("300-500", "万元", "number_unparseable"),
        ("99999999999999999", "亿元", "number_out_of_range"),
        ("1" * 40, "元", "number_unparseable"),
    ],
)
def test_what_is_no_sum(printed: str, unit: str | None, problem: str) -> None:
    assert scalar(amounts.parse_money, printed, unit) == {"yuan": None, "problem": problem}
    with pytest.raises(ValueError, match=problem):
        amounts.to_yuan(printed, unit)


@pytest.mark.parametrize(
    ("printed", "value", "decimals", "is_percent"),
    [
        ("14.69", 14.69, 2, False),
        ("24,500", 24500.0, 0, False),
        ("4,704,138", 4704138.0, 0, False),
        ("2.2万", 22000.0, -3, False),
        ("470.59万", 4705900.0, -2, False),
        ("57.4%", 57.4, 1, True),
        ("57.4％", 57.4, 1, True),
        ("-0.50", -0.5, 2, False),
    ],
)
def test_figures(printed: str, value: float, decimals: int, is_percent: bool) -> None:
    expected = {"value": value, "decimals": decimals, "is_percent": is_percent, "problem": None}
    assert scalar(amounts.parse_number, printed) == expected


@pytest.mark.parametrize("printed", ["390余", "12件", "1e5", "1.2.3", ".5", "一百", "—"])
def test_what_is_no_figure(printed: str) -> None:
    answer = scalar(amounts.parse_number, printed)
    assert (answer["value"], answer["problem"]) == (None, "number_unparseable")


def test_nothing_printed_is_no_problem_and_not_zero() -> None:
    for blank in (None, "", "\u00a0"):
        assert scalar(amounts.parse_money, blank, "元") == {"yuan": None, "problem": None}
        assert set(scalar(amounts.parse_number, blank).values()) == {None}


@settings(deadline=None, max_examples=25)
@given(
    st.lists(st.integers(-(10**15), 10**15), min_size=1, max_size=20),
    st.sampled_from([("元", 0), ("万元", 4), ("亿元", 8)]),
)
def test_fen_are_exact_in_every_unit_with_or_without_separators(fen: list[int], unit: tuple[str, int]) -> None:
    name, power = unit
    in_unit = [Decimal(value).scaleb(-2 - power) for value in fen]
    frame = pl.DataFrame(
        {"plain": [f"{value:f}" for value in in_unit], "grouped": [f"{value:,f}" for value in in_unit]}
    )
    expected = [Decimal(value).scaleb(-2) for value in fen]
    for column in frame.columns:
        answer = frame.select(amounts.parse_money(column, name)).unnest(column)
        assert answer["yuan"].to_list() == expected
        in_cell = frame.select(amounts.parse_money(pl.col(column) + name)).unnest(column)
        assert in_cell.equals(answer)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.one_of(st.none(), st.text(), st.text(alphabet="0123456789.,万亿元%-+E ¥")), max_size=30))
def test_any_text_is_a_number_or_a_problem_or_blank(values: list[str | None]) -> None:
    frame = pl.DataFrame({"value": values}, schema={"value": pl.String})
    for parser, result in ((amounts.parse_money("value", "元"), "yuan"), (amounts.parse_number("value"), "value")):
        answer = frame.select(answer=parser)["answer"]
        for row in answer.to_list():
            assert row[result] is None or row["problem"] is None
