"""Workbooks (.xlsx, .xlsm, .xls, .xlsb, .ods, XML of Excel 2003): every sheet whose header fits the contract, or that
goes on without one. Tables in web pages and Word documents are sheets too.

Cells land as their reader sees them, which workbook_grids.py is told by the process that opens workbooks. Headers are
header.py's, several tables in a sheet tables.py's, totals and remarks asides.py's.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import polars as pl

from pipelines.contracts.headers import match
from pipelines.contracts.model import Contract
from pipelines.intake.readers import continuation
from pipelines.intake.readers.base import MALFORMED, ROW, RawTable, UnreadableFile
from pipelines.intake.readers.header import SEARCHED_ROWS, Header, find, is_complete, is_like, refuse
from pipelines.intake.readers.layout import Read, last_header, table
from pipelines.intake.readers.tables import unite
from pipelines.intake.readers.workbook_grids import grids
from pipelines.intake.workbooks.program import kind_of

SHEET = "sheet"
"""Column added when several sheets hold records: row numbers repeat, the sheet tells them apart."""


@dataclass(frozen=True)
class _Sheet:
    """One sheet and the best header in it."""

    name: str
    grid: pl.DataFrame
    header: Header | None
    fits: bool
    """Whether the header names all that the contract requires."""


Tables = dict[str, Read]
"""sheet → its records, the notes on it, and where its tables stand"""


def read_excel(content: bytes, contract: Contract) -> RawTable:
    """Read all sheets that have the contract's columns, and those that go on without a header.

    Raises UnreadableFile for damage, when no sheet fits, and for a sheet that holds records and cannot be read.
    """
    notes: list[str] = []
    sheets = [_sheet(name, grid, contract) for name, grid in grids(content, contract, notes)]
    fitting = [sheet for sheet in sheets if sheet.fits]
    if not fitting:
        refusal = _none_fits(sheets, contract)
        raise UnreadableFile("; ".join([str(refusal), *notes])) if notes else refusal
    read: Tables = {}
    last: _Sheet | None = None
    for sheet in sheets:
        with _in_sheet(sheet.name):
            if sheet.fits and sheet.header:
                read[sheet.name] = table(_padded(sheet.grid, sheet.header), sheet.header, contract)
                last = sheet
            elif last and (found := _continued(sheet, last, contract)):
                read[sheet.name] = found
            else:
                notes.append(_set_aside(sheet, fitting[0], contract))
    told = [f"sheet {name}: {line}" for name, (_, lines, _) in read.items() for line in lines]
    frames = {name: frame for name, (frame, _, _) in read.items()}
    notes = [*told, *_renamed(frames, contract), *notes]
    places = tuple(replace(one, sheet=name) for name, (_, _, tables) in read.items() for one in tables)
    return RawTable(_together(frames, contract), kind_of(content), None, tuple(notes), places)


def _sheet(name: str, grid: pl.DataFrame, contract: Contract) -> _Sheet:
    with _in_sheet(name):
        top = grid.head(2 * SEARCHED_ROWS)
        header = find(top.drop(ROW).rows(), contract, numbers=top[ROW].to_list())
    return _Sheet(name, grid, header, bool(header and is_complete(contract, header.names)))


def _none_fits(sheets: list[_Sheet], contract: Contract) -> UnreadableFile:
    if not sheets:
        return UnreadableFile("the workbook has no sheet with cells in it")
    best = max(sheets, key=lambda sheet: sheet.header.score if sheet.header else 0)
    rows = best.grid.drop(ROW).head(2 * SEARCHED_ROWS).rows()
    return refuse(rows, contract, best.header.names if best.header else ())


@contextmanager
def _in_sheet(name: str) -> Iterator[None]:
    try:
        yield
    except UnreadableFile as error:
        raise UnreadableFile(f"sheet {name}: {error}") from error


def _padded(grid: pl.DataFrame, header: Header) -> pl.DataFrame:
    """The grid with as many columns as its header has."""
    return grid.with_columns(pl.lit(None, pl.String).alias(f"c{i}") for i in range(grid.width - 1, len(header.cells)))


def _continued(sheet: _Sheet, last: _Sheet, contract: Contract) -> Read | None:
    """The records of a sheet without a header that goes on where another ended, and the notes; None for any other."""
    assert last.header
    if sheet.header and sheet.header.score > 1:
        return None
    header = last_header(_padded(last.grid, last.header), last.header, contract)
    if sheet.grid.width - 1 != len(header.cells):
        return None
    frame, notes, found = table(sheet.grid, replace(header, first=-1, last=-1, notes=()), contract)
    if frame.is_empty() or not continuation.goes_on(frame, contract):
        return None
    return frame, (f"has no header and is read as the continuation of sheet {last.name}", *notes), found


def _renamed(frames: dict[str, pl.DataFrame], contract: Contract) -> Iterator[str]:
    """Notes on sheets that lack a column of the first and have one that is not known: it may be the same."""
    found = {name: match(contract, frame.drop(ROW, MALFORMED, strict=False).columns) for name, frame in frames.items()}
    first = next(iter(found.values()))
    for name, own in found.items():
        lost = [header for field, header in first.fields.items() if field not in own.fields]
        if lost and own.unknown:
            yield f"sheet {name} lacks {', '.join(lost)} and has columns that are not known: {', '.join(own.unknown)}"


def _set_aside(sheet: _Sheet, fitting: _Sheet, contract: Contract) -> str:
    """The note on a sheet that holds no records. Raises UnreadableFile for one that does."""
    rows = sheet.grid.filter(pl.any_horizontal(pl.exclude(ROW).str.strip_chars() != "")).height
    fields, wanted = (match(contract, one.header.names if one.header else ()).fields for one in (sheet, fitting))
    if rows > 1 and sheet.header and is_like(fields, wanted):
        raise refuse([], contract, sheet.header.names)
    if continuation.holds_records(sheet.grid, len(wanted)):
        raise UnreadableFile(
            f"it holds {rows} rows like those of sheet {fitting.name}, but no header that the contract knows and not "
            "its columns; put the header above them, or take the sheet out and deliver it by itself"
        )
    return f"sheet {sheet.name} set aside: it lacks the contract's columns ({rows} row{'s' * (rows != 1)})"


def _together(frames: dict[str, pl.DataFrame], contract: Contract) -> pl.DataFrame:
    """One frame of all sheets; where there are several, each row with the name of its own."""
    if len(frames) == 1:
        return next(iter(frames.values()))
    united = unite(list(frames.values()), contract)
    names = pl.Series(SHEET, [name for name, frame in frames.items() for _ in range(frame.height)], pl.String)
    return united.with_columns(names)
