"""Excel workbooks (.xlsx, .xls): every sheet whose header fits the contract, or that goes on without one; all text.

Numbers come without a decimal part they do not have, dates as ISO text, so that identifiers keep their digits and
dates.py reads one notation. Headers, totals and remarks are header.py's and layout.py's; the file is opened in
workbook_process.py.
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
from pipelines.intake.readers.layout import last_header, table
from pipelines.intake.readers.tables import unite
from pipelines.intake.readers.workbook_process import open_workbook

SHEET = "sheet"
"""Column added when several sheets hold records: row numbers repeat, the sheet tells them apart."""

_XLS = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True)
class _Sheet:
    """One sheet and the best header in it."""

    name: str
    grid: pl.DataFrame
    header: Header | None
    fits: bool
    """Whether the header names all that the contract requires."""


Tables = dict[str, tuple[pl.DataFrame, tuple[str, ...]]]
"""sheet → its records and the notes on it"""


def read_excel(content: bytes, contract: Contract) -> RawTable:
    """Read all sheets that have the contract's columns, and those that go on without a header.

    Raises UnreadableFile for damage, when no sheet fits, and for a sheet that holds records and cannot be read.
    """
    sheets = [_sheet(name, grid, contract) for name, grid in _sheets(content)]
    fitting = [sheet for sheet in sheets if sheet.fits]
    if not fitting:
        raise _none_fits(sheets, contract)
    read: Tables = {}
    notes: list[str] = []
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
    told = [f"sheet {name}: {line}" for name, (_, lines) in read.items() for line in lines]
    notes = [*told, *_renamed({name: frame for name, (frame, _) in read.items()}, contract), *notes]
    reader = "xls" if content.startswith(_XLS) else "xlsx"
    return RawTable(_together({name: frame for name, (frame, _) in read.items()}, contract), reader, None, tuple(notes))


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


def _continued(sheet: _Sheet, last: _Sheet, contract: Contract) -> tuple[pl.DataFrame, tuple[str, ...]] | None:
    """The records of a sheet without a header that goes on where another ended, and the notes; None for any other."""
    assert last.header
    if sheet.header and sheet.header.score > 1:
        return None
    header = last_header(_padded(last.grid, last.header), last.header, contract)
    if sheet.grid.width - 1 != len(header.cells):
        return None
    frame, notes = table(sheet.grid, replace(header, first=-1, last=-1, notes=()), contract)
    if frame.is_empty() or not continuation.goes_on(frame, contract):
        return None
    return frame, (f"has no header and is read as the continuation of sheet {last.name}", *notes)


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


def _sheets(content: bytes) -> Iterator[tuple[str, pl.DataFrame]]:
    """Each sheet that has cells, as a grid of text with its rows numbered as the spreadsheet shows them."""
    for sheet in open_workbook(content):
        name = (sheet.schema.metadata or {})[b"sheet"].decode()
        grid = pl.DataFrame(pl.from_arrow(sheet.rename_columns([f"c{i}" for i in range(sheet.num_columns)])))
        yield name, grid.with_row_index(ROW, offset=1).cast({ROW: pl.Int64})


def _together(frames: dict[str, pl.DataFrame], contract: Contract) -> pl.DataFrame:
    """One frame of all sheets; where there are several, each row with the name of its own."""
    if len(frames) == 1:
        return next(iter(frames.values()))
    united = unite(list(frames.values()), contract)
    names = pl.Series(SHEET, [name for name, frame in frames.items() for _ in range(frame.height)], pl.String)
    return united.with_columns(names)
