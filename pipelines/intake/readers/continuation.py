"""Sheets of a workbook that have no header the contract asks for, beside one that has: what they are, by their shape.

A sheet that goes on where the last one ended, a table that lacks a column, or no records of this source at all (a
cover, an explanation, a list of codes, a summary). What is done about it is workbook.py's.
"""

import datetime as dt

import polars as pl

from pipelines.contracts.headers import match
from pipelines.contracts.model import Contract
from pipelines.intake.readers.base import ROW, cell_columns

_DATE = r"^\s*(?:(?:19|20)\d{2}\s*[-./年]\s*\d{1,2}\s*[-./月]\s*\d{1,2}|(?:19|20)\d{6}\s*$)"
_CONSISTENT = 0.8
_TELLING = {"date", "integer", "number", "amount", "code", "application_no", "publication_no", "copyright_no"}
"""Types of which few texts are a value: a column that reads as one is one."""


def goes_on(frame: pl.DataFrame, contract: Contract) -> bool:
    """Whether a sheet read under the header of the last one is beyond doubt its continuation.

    `frame` is named by that header. Every row must pass the contract, and two columns at least be of a type that is
    told by its values.
    """
    from pipelines.intake.conform import conform

    names = cell_columns(frame)
    filled = {name for name in names if frame[name].null_count() < frame.height}
    told = [field for field, name in match(contract, names).fields.items() if name in filled]
    if sum(contract.field(field).type in _TELLING for field in told) < 2:
        return False
    return conform([frame], contract, dt.date.max).rejects.is_empty()


def holds_records(grid: pl.DataFrame, width: int) -> bool:
    """Whether a grid holds rows like those of a table of `width` columns: half as many cells, and a column of dates.

    A single row is one only where the sheet holds nothing else.
    """
    cells = grid.select(pl.exclude(ROW).str.strip_chars())
    cells = cells.select(pl.when(pl.all() != "").then(pl.all()))
    label = pl.any_horizontal(pl.all().str.contains(r"[:：]$").fill_null(False))  # 填报日期: of a cover
    rows = cells.filter((pl.sum_horizontal(pl.all().is_not_null()) >= max(3, width / 2)) & ~label)
    others = cells.filter(pl.any_horizontal(pl.all().is_not_null())).height - rows.height
    if rows.height and not rows.head(1).select(pl.any_horizontal(pl.all().str.contains(r"\d"))).item():
        rows = rows.slice(1)  # a header
    if rows.height < (2 if others else 1):
        return False
    dates = rows.select(pl.all().str.contains(_DATE).fill_null(False).mean()).row(0)
    return max(dates) >= _CONSISTENT
