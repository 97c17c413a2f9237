"""Working days as the State Council arranged them, and the arithmetic of the running number."""

from datetime import date

import polars as pl
import pytest

from pipelines.plans.tables import SCHEMAS
from pipelines.plans.working_days import SOURCE, working_days


@pytest.fixture(scope="module")
def calendar() -> pl.DataFrame:
    return pl.DataFrame(list(working_days()), schema=SCHEMAS["working_days"], strict=True)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2021, 12, 10), True),  # an ordinary Friday
        (date(2021, 12, 11), False),  # an ordinary Saturday
        (date(2021, 10, 1), False),  # National Day, a Friday
        (date(2021, 10, 9), True),  # a Saturday worked for it
        (date(2020, 1, 31), False),  # the Spring Festival lengthened in 2020, a Friday
        (date(2024, 2, 9), True),  # New Year's Eve 2024 was no holiday
        (date(2025, 1, 28), False),  # and in 2025 it was
    ],
)
def test_days_that_were_moved(calendar: pl.DataFrame, day: date, works: bool) -> None:
    assert calendar.row(by_predicate=pl.col("day") == day, named=True)["is_working_day"] is works


def test_no_day_is_missing_in_the_years_it_knows(calendar: pl.DataFrame) -> None:
    days = calendar["day"]
    first, last = days.min(), days.max()
    assert isinstance(first, date) and isinstance(last, date)
    assert (first.month, first.day, last.month, last.day) == (1, 1, 12, 31)
    assert first.year <= 2016 and last.year >= 2026
    assert days.to_list() == pl.date_range(first, last, eager=True).to_list()
    assert set(calendar["source"]) == {SOURCE}


def number(calendar: pl.DataFrame, day: date) -> int:
    return int(calendar.row(by_predicate=pl.col("day") == day, named=True)["working_day_no"])


def test_the_difference_of_two_numbers_is_the_working_days_between(calendar: pl.DataFrame) -> None:
    """Decided on Thursday 30 September 2021: a week off follows, and a Saturday is worked."""
    decided = date(2021, 9, 30)
    worked = [d for d, works in calendar.select("day", "is_working_day").rows() if works and d > decided][:8]
    assert worked[:3] == [date(2021, 10, 8), date(2021, 10, 9), date(2021, 10, 11)]
    passed = [number(calendar, day) - number(calendar, decided) for day in worked]
    assert passed == [1, 2, 3, 4, 5, 6, 7, 8]
    assert number(calendar, date(2021, 10, 15)) - number(calendar, decided) == 7
    # A day off carries the number of the working day before it.
    assert number(calendar, date(2021, 10, 7)) == number(calendar, decided)


def test_the_number_only_rises_on_working_days(calendar: pl.DataFrame) -> None:
    steps = calendar.select(
        pl.col("working_day_no").diff(null_behavior="drop"), works=pl.col("is_working_day").slice(1)
    )
    assert (steps["working_day_no"] == steps["works"].cast(pl.Int32)).all()


def test_the_same_every_time() -> None:
    assert list(working_days()) == list(working_days())
