"""Excel workbooks (.xlsx, .xls): every sheet whose header fits the contract, every cell text.

Numbers come without a decimal part they do not have, dates as ISO text, so that identifiers keep their digits and
dates.py reads one notation. Headers, totals and remarks are header.py's and layout.py's; the file is opened in
workbook_process.py.
"""

from collections.abc import Iterable, Iterator

import polars as pl

from pipelines.contracts.headers import match
from pipelines.contracts.model import Contract
from pipelines.intake.readers.base import ROW, RawTable, UnreadableFile
from pipelines.intake.readers.header import SEARCHED_ROWS, find, is_complete, refuse
from pipelines.intake.readers.layout import table
from pipelines.intake.readers.workbook_process import open_workbook

SHEET = "sheet"
"""Column added when several sheets hold records: row numbers repeat, the sheet tells them apart."""

_XLS = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read_excel(content: bytes, contract: Contract) -> RawTable:
    """Read all sheets that have the contract's columns. Raises UnreadableFile for damage or when no sheet fits."""
    return read_grids(_sheets(content), contract, "xls" if content.startswith(_XLS) else "xlsx")


def read_grids(sheets: Iterable[tuple[str, pl.DataFrame]], contract: Contract, reader: str) -> RawTable:
    """`read_excel` for sheets that are grids already: name and cells of each, with their rows numbered in `ROW`."""
    fitting: dict[str, tuple[pl.DataFrame, tuple[str, ...]]] = {}
    others: list[str] = []
    best: tuple[int, UnreadableFile] | None = None
    for name, grid in sheets:
        rows = grid.drop(ROW).head(2 * SEARCHED_ROWS).rows()
        header = find(rows, contract)
        if header and is_complete(contract, header.names):
            width = grid.width - 1
            padded = grid.with_columns(pl.lit(None, pl.String).alias(f"c{i}") for i in range(width, len(header.names)))
            fitting[name] = table(padded, header, contract)
            continue
        others.append(name)
        score = header.score if header else 0
        if best is None or score > best[0]:
            best = score, refuse(rows, contract, header.names if header else ())
    if not fitting:
        raise best[1] if best else UnreadableFile("the workbook has no sheet with cells in it")
    notes = [f"sheet {name}: {line}" for name, (_, lines) in fitting.items() for line in lines]
    notes += [f"sheet {name} set aside: it lacks the contract's columns" for name in others]
    return RawTable(
        _together({name: frame for name, (frame, _) in fitting.items()}, contract), reader, None, tuple(notes)
    )


def _sheets(content: bytes) -> Iterator[tuple[str, pl.DataFrame]]:
    """Each sheet that has cells, as a grid of text with its rows numbered as the spreadsheet shows them."""
    for sheet in open_workbook(content):
        name = (sheet.schema.metadata or {})[b"sheet"].decode()
        grid = pl.DataFrame(pl.from_arrow(sheet.rename_columns([f"c{i}" for i in range(sheet.num_columns)])))
        yield name, grid.with_row_index(ROW, offset=1).cast({ROW: pl.Int64})


def _together(frames: dict[str, pl.DataFrame], contract: Contract) -> pl.DataFrame:
    """One frame of all sheets; a column takes the header of the first sheet that has its field."""
    if len(frames) == 1:
        return next(iter(frames.values()))
    headers: dict[str, str] = {}
    parts = []
    for name, frame in frames.items():
        fields = match(contract, [column for column in frame.columns if column != ROW]).fields
        renamed = frame.rename({own: headers.setdefault(field, own) for field, own in fields.items()})
        parts.append(renamed.with_columns(pl.lit(name).alias(SHEET)))
    return pl.concat(parts, how="diagonal")
