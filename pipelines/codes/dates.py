"""Dates as deliveries print them (domain D.8).

Belongs here: a printed calendar day, the everyday notations first; the rarer ones are rewritten by date_notations.
Does not belong here: sentinels such as 1900-1-1 and permitted ranges (contracts), and periods such as 上半年
(the official-figures contract).
"""

from collections.abc import Callable
from datetime import date

import polars as pl

from pipelines.codes import date_notations, text
from pipelines.codes._vector import Column, per_column, scalar

UNPARSEABLE = "date_unparseable"

DTYPE = pl.Struct({"date": pl.Date, "problem": pl.String})

# A time of day without a zone is read and left out: an official date is a calendar day where it was printed.
_TIME = r"(?:[T ]?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?"
_DAY = rf"^(?<y>[0-9]{{4}})[-./年](?<m>[0-9]{{1,2}})[-./月](?<d>[0-9]{{1,2}})日?{_TIME}$"
_COMPACT = r"^(?<y>[0-9]{4})(?<m>[0-9]{2})(?<d>[0-9]{2})$"
_MONTH = r"^(?<y>[0-9]{4})(?:[-./年](?<m>[0-9]{1,2})月?|(?<n>[0-9]{2}))$"

# Days since 1899-12-30, as spreadsheets of the 1900 system count; the fraction is the time of day.
_SERIAL = r"^([0-9]{5})(?:\.[0-9]+)?$"
_SERIAL_EPOCH = date(1899, 12, 30)
_SERIAL_RANGE = (date(1949, 10, 1), date(2099, 12, 31))


def _everyday(printed: pl.Series, month_end: bool) -> pl.Series:
    """The days of the everyday notations; null for all others. Each form is looked for in what the last one left."""
    days = _calendar_day(printed, _DAY)
    days = _fill(days, printed, lambda left: _calendar_day(left, _COMPACT))
    days = _fill(days, printed, _of_serial)
    if month_end:
        days = _fill(days, printed, lambda left: _calendar_day(left, _MONTH).dt.month_end())
    return days


def _calendar_day(printed: pl.Series, form: str) -> pl.Series:
    """The day of a notation with groups for year, month and day; the first of the month where it has none."""
    part = printed.str.extract_groups(form).struct.unnest()
    month = pl.coalesce("m", "n") if "n" in part.columns else pl.col("m")
    day = pl.col("d") if "d" in part.columns else pl.lit("1")
    written = pl.concat_str("y", month, day, separator="-")
    return part.select(written.str.to_date("%Y-%m-%d", strict=False)).to_series()


def _of_serial(printed: pl.Series) -> pl.Series:
    day = pl.lit(_SERIAL_EPOCH) + pl.duration(days=pl.lit(printed).str.extract(_SERIAL, 1).cast(pl.Int32))
    return pl.select(pl.when(day.is_between(*_SERIAL_RANGE)).then(day)).to_series()


def _fill(days: pl.Series, printed: pl.Series, read: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """`days`, and where they are missing what `read` makes of the printed text."""
    left = (printed.is_not_null() & days.is_null()).arg_true()
    return days.scatter(left, read(printed.gather(left))) if len(left) else days


def _parse(values: pl.Series, month_end: bool) -> pl.Series:
    days = _everyday(values, month_end)  # as nearly all stand; cleaning a text costs ten times as much
    left = (values.is_not_null() & days.is_null()).arg_true()
    tight = text.narrow("raw").str.replace_all(r" *([年月日./-]) *", "$1")
    printed = values.gather(left).alias("raw").to_frame().select(tight).to_series()
    found = _everyday(printed, month_end)
    found = _fill(found, printed, lambda rest: _everyday(date_notations.plain(rest), month_end))
    problem = pl.Series(dtype=pl.String).clear(len(values))
    if len(left):
        days = days.scatter(left, found)
        unread = pl.when(pl.lit(printed).is_not_null() & pl.lit(found).is_null()).then(pl.lit(UNPARSEABLE))
        problem = problem.scatter(left, pl.select(unread).to_series())
    return pl.DataFrame([days.alias("date"), problem.alias("problem")]).to_struct()


def parse(source: Column, *, month_end: bool = False) -> pl.Expr:
    """Struct{date, problem} of a column of printed dates.

    Reads `20211210`, `2019.07.09`, `2018-7-27`, `2018/7/27`, `2018年7月27日`, each also with a time of day, five-digit
    spreadsheet serials from 1949 to 2099, and the notations of date_notations (`二〇二一年十二月十日`,
    `20211210000000`, `2021/12/10 星期五`, epochs, times with a zone, which are the day in Beijing). A month alone
    (`2018年7月`) is read only with `month_end`, as the last day of that month. Anything else, and a day that is not
    in the calendar, is `date_unparseable`: also `12/10/2021` and years of two digits, which nothing in the cell
    decides. Null and blank give nulls.
    """
    return per_column(source, lambda values: _parse(values, month_end), DTYPE)


def to_date(printed: str | None, *, month_end: bool = False) -> date:
    """One printed date; ValueError with the reason code where there is none."""
    answer = scalar(parse, printed, month_end=month_end)
    if answer["date"] is None:
        raise ValueError(answer["problem"] or "required_missing")
    return answer["date"]
