"""Dates: every printed notation, nothing invented."""

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.codes import dates
from pipelines.codes._vector import scalar


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("20211210", date(2021, 12, 10)),
        ("2019.07.09", date(2019, 7, 9)),
        ("2018-7-27", date(2018, 7, 27)),
        ("2018/7/27", date(2018, 7, 27)),
        ("2018年7月27日", date(2018, 7, 27)),
        ("2018 年 7 月 27 日", date(2018, 7, 27)),
        ("2019-5-22 0:00:00", date(2019, 5, 22)),
        ("2021-12-10T08:30:00Z", date(2021, 12, 10)),
        ("2021-12-31T23:30:00.000+08:00", date(2021, 12, 31)),
        ("２０１９．０７．０９", date(2019, 7, 9)),
        ("2019\u201105\u201122", date(2019, 5, 22)),  # non-breaking hyphens, as in a real cell
        (" 2019.07.09\u00a0", date(2019, 7, 9)),
        ("43647", date(2019, 7, 1)),  # spreadsheet serial
        ("43647.5", date(2019, 7, 1)),
        ("2020-02-29", date(2020, 2, 29)),
        ("1900-1-1", date(1900, 1, 1)),  # a sentinel, and the contract's business
        ("9999-9-9", date(9999, 9, 9)),
    ],
)
def test_notations(printed: str, day: date) -> None:
    assert dates.to_date(printed) == day


@pytest.mark.parametrize(
    "printed",
    [
        "2019-02-29", "20190229", "2019.13.01", "2018-4-31", "00000000", "0", "12345", "99999", "暂无",
        "2018", "2018年", "7/27/2018", "27-Jul-18", "2019-5-22 0:00:00 x", "2019..5.22", "2.0190709E+7",
    ],
)  # fmt: skip
def test_what_is_no_day_is_refused(printed: str) -> None:
    assert scalar(dates.parse, printed) == {"date": None, "problem": "date_unparseable"}
    with pytest.raises(ValueError, match="date_unparseable"):
        dates.to_date(printed)


@pytest.mark.parametrize("printed", [None, "", "  ", "\u3000"])
def test_nothing_printed_is_no_problem(printed: str | None) -> None:
    assert scalar(dates.parse, printed) == {"date": None, "problem": None}


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("2018年7月", date(2018, 7, 31)),
        ("2020-2", date(2020, 2, 29)),
        ("2021.02", date(2021, 2, 28)),
        ("201807", date(2018, 7, 31)),
        ("2018年7月27日", date(2018, 7, 27)),
    ],
)
def test_a_month_is_a_day_only_where_asked_for(printed: str, day: date) -> None:
    assert dates.to_date(printed, month_end=True) == day
    if "27" not in printed:
        assert scalar(dates.parse, printed)["problem"] == "date_unparseable"


def test_a_month_that_does_not_exist_is_refused_even_then() -> None:
    assert scalar(dates.parse, "2018年13月", month_end=True)["problem"] == "date_unparseable"


@settings(deadline=None, max_examples=25)
@given(st.lists(st.dates(date(1985, 1, 1), date(2099, 12, 31)), min_size=1, max_size=20))
def test_every_notation_of_a_day_is_that_day(days: list[date]) -> None:
    notations = pl.DataFrame(
        {
            "compact": [f"{day:%Y%m%d}" for day in days],
            "dotted": [f"{day:%Y.%m.%d}" for day in days],
            "short": [f"{day.year}-{day.month}-{day.day}" for day in days],
            "words": [f"{day.year}年{day.month}月{day.day}日" for day in days],
            "stamp": [f"{day.isoformat()}T00:00:00" for day in days],
            "serial": [str((day - date(1899, 12, 30)).days) for day in days],
        }
    )
    for notation in notations.columns:
        assert notations.select(dates.parse(notation)).unnest(notation)["date"].to_list() == days


@settings(deadline=None, max_examples=25)
@given(st.lists(st.one_of(st.none(), st.text(), st.text(alphabet="0123456789.-/年月日 :TZ")), max_size=30))
def test_any_text_is_a_day_or_a_problem_or_blank(values: list[str | None]) -> None:
    frame = pl.DataFrame({"value": values}, schema={"value": pl.String})
    for row in frame.select(dates.parse("value")).unnest("value").to_dicts():
        assert row["date"] is None or row["problem"] is None


def test_serials_outside_the_sane_range_are_refused() -> None:
    first, last = date(1949, 10, 1), date(2099, 12, 31)
    epoch = date(1899, 12, 30)
    for day, inside in [(first, True), (last, True), (first - timedelta(1), False), (last + timedelta(1), False)]:
        answer = scalar(dates.parse, str((day - epoch).days))
        assert answer["date"] == (day if inside else None)
