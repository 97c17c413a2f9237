"""Statistical periods as published figures print them: 2024, 2024年上半年, 2024Q1, 2024-06, 2021-2025.

Belongs here: notation to type, first and last day. Does not belong here: single days (codes.dates).
"""

import polars as pl

from pipelines.codes import text

UNPARSEABLE = "period_unparseable"
DTYPE = pl.Struct({"type": pl.String, "start": pl.Date, "end": pl.Date, "problem": pl.String})

_YEAR = r"^(\d{4})(?:年(?:度|全年|末|底)?)?$"
_HALF = r"^(\d{4})年?(?:H([12])|(上|下)半年)$"
_QUARTER = r"^(\d{4})年?-?(?:Q([1-4])|第?([一二三四1-4])季度?)$"
_MONTH = r"^(\d{4})(?:年|-|\.|/)?(0?[1-9]|1[0-2])月?$"
_PLAN = r"^(\d{4})年?(?:-|—|~|至|到)(\d{4})年?$"
_HAN_DIGITS = {"一": "1", "二": "2", "三": "3", "四": "4"}
_LONGEST_PLAN = 10


def parse(source: str | pl.Expr) -> pl.Expr:
    """Struct{type, start, end, problem} of a column of printed periods; null gives nulls.

    type: month, quarter, half, year or plan. problem: `period_unparseable`, also for parts of a year that are none of
    these (1-8月): a cumulated figure has no period of its own.
    """
    printed = text.fold(source)
    half = pl.coalesce(
        printed.str.extract(_HALF, 2),
        printed.str.extract(_HALF, 3).replace_strict({"上": "1", "下": "2"}, default=None),
    )
    quarter = pl.coalesce(printed.str.extract(_QUARTER, 2), printed.str.extract(_QUARTER, 3).replace(_HAN_DIGITS))
    month = printed.str.extract(_MONTH, 2)
    until = printed.str.extract(_PLAN, 2).cast(pl.Int32)
    since = printed.str.extract(_PLAN, 1).cast(pl.Int32)
    year = printed.str.extract(r"^(\d{4})", 1).cast(pl.Int32)
    is_plan = (until > since) & (until - since < _LONGEST_PLAN)
    kind = (
        pl.when(printed.str.contains(_YEAR))
        .then(pl.lit("year"))
        .when(half.is_not_null())
        .then(pl.lit("half"))
        .when(quarter.is_not_null())
        .then(pl.lit("quarter"))
        .when(month.is_not_null())
        .then(pl.lit("month"))
        .when(is_plan)
        .then(pl.lit("plan"))
    )
    months = (
        pl.when(kind == "half")
        .then(half.cast(pl.Int32) * 6)
        .when(kind == "quarter")
        .then(quarter.cast(pl.Int32) * 3)
        .when(kind == "month")
        .then(month.cast(pl.Int32))
        .otherwise(12)
    )
    length = kind.replace_strict(
        {"year": 12, "plan": 12, "half": 6, "quarter": 3, "month": 1}, default=None, return_dtype=pl.Int32
    )
    known = kind.is_not_null() & year.is_between(1949, 2199)
    start = pl.date(year, months - length + 1, 1)
    end = pl.date(pl.when(kind == "plan").then(until).otherwise(year), months, 1).dt.month_end()
    return pl.struct(
        type=pl.when(known).then(kind),
        start=pl.when(known).then(start),
        end=pl.when(known).then(end),
        problem=pl.when(printed.is_not_null() & ~known.fill_null(False)).then(pl.lit(UNPARSEABLE)),
    )
