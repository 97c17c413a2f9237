"""From a grid of text cells to the rows of a table: what lies below the header and is no record is set aside.

Shared by delimited text and workbooks. Where the header is, is header.py's business; further tables, tables.py's; which
rows are no records, asides.py's; what a value means, conform.py's.
"""

import re
from collections.abc import Sequence

import polars as pl

from pipelines.contracts.model import Contract
from pipelines.intake.readers import asides, tables
from pipelines.intake.readers.base import MALFORMED, ROW, FoundTable, cell_columns
from pipelines.intake.readers.header import Header, title_units, year_columns

# Marks doubled once more where a formula was quoted and the cell was not.
_TEXT_FORMULA = r'^=\s*(?:T\s*\(\s*)?"{1,2}((?:[^"]|"")*?)"{1,2}\s*\)?$'
_FORMULA_SIGN = r"^\s*="
_OUTER_BLANKS = "".join(chr(code) for code in range(0x3001) if chr(code).isspace()) + "\u200b\u200c\u200d\u2060\ufeff"


Read = tuple[pl.DataFrame, tuple[str, ...], tuple[FoundTable, ...]]
"""The records of a grid, the notes on what was set aside, and where its tables stand."""


def table(grid: pl.DataFrame, header: Header, contract: Contract) -> Read:
    """Read every table of a grid.

    `grid` has one String column per column of the sheet, in order, `ROW`, and may have `MALFORMED`; rows up to the
    header's last are skipped. The result is named as delivered and keeps `ROW` (and `MALFORMED` if given). Raises
    UnreadableFile for a required column that stands twice.
    """
    cells = cell_columns(grid)
    body = _bare_cells(grid.filter(pl.col(ROW) > header.last + 1), cells)
    parts, aside = tables.split(body, header, contract)
    frames, notes, found = [], [], []
    for part in parts:
        frame, more, said = _records(part, contract)
        frames.append(frame)
        aside += more
        notes += [part.note, *said] if part.note else said
        first, last = part.header.first + 1, part.header.last + 1
        found.append(FoundTable(first, last, tuple(part.header.names), frame.height))
    notes = [*header.notes, *asides.notes(aside), *notes]
    return tables.unite(frames, contract), tuple(notes), tuple(found)


def last_header(grid: pl.DataFrame, header: Header, contract: Contract) -> Header:
    """The header of the last of the tables that `table` would read from this grid."""
    cells = cell_columns(grid)
    body = _bare_cells(grid.filter(pl.col(ROW) > header.last + 1), cells)
    return tables.split(body, header, contract)[0][-1].header


def _records(part: tables.Part, contract: Contract) -> tuple[pl.DataFrame, list[asides.Aside], list[str]]:
    """The records of one table, the rows set aside, and notes on its columns."""
    kept = [name for name in (ROW, MALFORMED) if name in part.rows.columns]
    cells = [name for name in part.rows.columns if name not in kept]
    frame = part.rows.rename(dict(zip(cells, part.header.names, strict=True)))
    frame = _without_unnamed(frame, part.header)
    frame, aside = asides.set_aside(frame, contract)
    if part.doubt:
        reason = pl.coalesce([*(name for name in kept if name == MALFORMED), pl.lit(part.doubt)])
        return frame.select(ROW, reason.alias(MALFORMED)), aside, []
    notes = tables.check_repeats(frame, contract)
    if MALFORMED in frame.columns:
        frame = frame.with_columns(pl.when(pl.col(MALFORMED).is_null()).then(pl.exclude(ROW, MALFORMED)))
    if contract.wide_years and (years := year_columns(part.header.names)):
        frame, more = _year_rows(frame, years, part.header, contract)
        notes += more
    return frame, aside, notes


def _bare_cells(frame: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """Text without outer blanks, also those of no width, blank as null, and `="00123"` or `=T("00123")`, a
    spreadsheet's ways to say text, as 00123."""
    has_formula = frame.select(pl.col(names).str.contains(_FORMULA_SIGN).any()).row(0, named=True)
    cells = []
    for name in names:
        text = pl.col(name).str.strip_chars(_OUTER_BLANKS)
        if has_formula[name]:
            inside = text.str.extract(_TEXT_FORMULA, 1)
            text = pl.coalesce(inside.str.replace_all('""', '"').str.strip_chars(_OUTER_BLANKS), text)
        cells.append(pl.when(text != "").then(text).alias(name))
    return frame.with_columns(cells)


def _without_unnamed(frame: pl.DataFrame, header: Header) -> pl.DataFrame:
    """Drop columns without a header in which nothing stands."""
    unnamed = [name for name in header.names if re.fullmatch(r"column_\d+", name)]
    empty = [name for name in unnamed if frame[name].null_count() == frame.height]
    return frame.drop(empty) if empty else frame


def _year_rows(
    frame: pl.DataFrame, years: dict[str, int], header: Header, contract: Contract
) -> tuple[pl.DataFrame, list[str]]:
    """One row per year column; the title says the unit and what is counted. A blank cell is no figure, not a zero."""
    wide = contract.wide_years
    assert wide is not None
    if MALFORMED in frame.columns:
        damaged = frame.filter(pl.col(MALFORMED).is_not_null()).drop(years)
        frame = frame.filter(pl.col(MALFORMED).is_null())
    else:
        damaged = frame.clear().drop(years)
    unit = title_units(header.titles)
    value = f"{wide.value}({unit[0]})" if unit else wide.value
    kept = [name for name in frame.columns if name not in years]
    long = frame.unpivot(list(years), index=kept, variable_name=wide.date, value_name=value)
    blank = long[value].null_count()
    long = long.filter(pl.col(value).is_not_null()).with_columns(
        pl.col(wide.date).replace_strict({name: str(year) for name, year in years.items()})
    )
    said = " ".join(header.titles)
    for field, codes in wide.from_title.items():
        found = [code for code, words in codes.items() if any(word in said for word in words)]
        if len(found) == 1:
            long = long.with_columns(pl.lit(found[0]).alias(field))
    notes = [f"{len(years)} year columns read as rows of {wide.date}"]
    long = pl.concat([long, damaged], how="diagonal").sort(ROW, maintain_order=True)
    return long, notes + [f"{blank} blank cells are no figures"] * (blank > 0)
