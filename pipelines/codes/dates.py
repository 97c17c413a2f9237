"""Dates as deliveries print them (domain D.8).

Belongs here: every notation of a calendar day. Does not belong here: sentinels such as 1900-1-1 and permitted ranges
(contracts), and periods such as 上半年 (the official-figures contract).
"""

from datetime import date

import polars as pl

from pipelines.codes import text
from pipelines.codes._vector import Column, per_column, scalar

UNPARSEABLE = "date_unparseable"

DTYPE = pl.Struct({"date": pl.Date, "problem": pl.String})

# A time of day and a zone are read and left out: an official date is a calendar day where it was printed.
_TIME = r"(?:[T ]?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
_DAY = rf"^(?<y1>[0-9]{{4}})[-./年](?<m1>[0-9]{{1,2}})[-./月](?<d1>[0-9]{{1,2}})日?{_TIME}$"
_COMPACT = r"^(?<y2>[0-9]{4})(?<m2>[0-9]{2})(?<d2>[0-9]{2})$"
_MONTH = r"^(?<y3>[0-9]{4})(?:[-./年](?<m3>[0-9]{1,2})月?|(?<m4>[0-9]{2}))$"

# Days since 1899-12-30, as spreadsheets of the 1900 system count; the fraction is the time of day.
_SERIAL = r"^([0-9]{5})(?:\.[0-9]+)?$"
_SERIAL_EPOCH = date(1899, 12, 30)
_SERIAL_RANGE = (date(1949, 10, 1), date(2099, 12, 31))


def _calendar_day(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    return pl.concat_str(year, month, day, separator="-").str.to_date("%Y-%m-%d", strict=False)


def _parse(values: pl.Series, month_end: bool) -> pl.Series:
    printed = pl.col("printed")
    serial = printed.str.extract(_SERIAL, 1).cast(pl.Int32)
    from_serial = pl.lit(_SERIAL_EPOCH) + pl.duration(days=serial)
    frame = (
        values.to_frame("raw")
        .lazy()
        .select(printed=text.narrow("raw").str.replace_all(r" *([年月日./-]) *", "$1"))
        .with_columns(
            printed.str.extract_groups(_DAY).alias("day"),
            printed.str.extract_groups(_COMPACT).alias("compact"),
            printed.str.extract_groups(_MONTH).alias("month"),
            serial_date=pl.when(from_serial.is_between(*_SERIAL_RANGE)).then(from_serial),
        )
        .unnest("day", "compact", "month")
        .with_columns(
            date=pl.coalesce(
                _calendar_day(pl.col("y1"), pl.col("m1"), pl.col("d1")),
                _calendar_day(pl.col("y2"), pl.col("m2"), pl.col("d2")),
                "serial_date",
            )
        )
    )
    if month_end:
        first = _calendar_day(pl.col("y3"), pl.coalesce("m3", "m4"), pl.lit("1"))
        frame = frame.with_columns(date=pl.coalesce("date", first.dt.month_end()))
    unread = printed.is_not_null() & pl.col("date").is_null()
    answer = pl.struct(date="date", problem=pl.when(unread).then(pl.lit(UNPARSEABLE)))
    return frame.select(answer=answer).collect().to_series()


def parse(source: Column, *, month_end: bool = False) -> pl.Expr:
    """Struct{date, problem} of a column of printed dates.

    Reads `20211210`, `2019.07.09`, `2018-7-27`, `2018/7/27`, `2018年7月27日`, each also with a time of day, and
    five-digit spreadsheet serials from 1949 to 2099. A month alone (`2018年7月`) is read only with `month_end`, as the
    last day of that month. Anything else, and a day that is not in the calendar, is `date_unparseable`. Null and
    blank give nulls.
    """
    return per_column(source, lambda values: _parse(values, month_end), DTYPE)


def to_date(printed: str | None, *, month_end: bool = False) -> date:
    """One printed date; ValueError with the reason code where there is none."""
    answer = scalar(parse, printed, month_end=month_end)
    if answer["date"] is None:
        raise ValueError(answer["problem"] or "required_missing")
    return answer["date"]
