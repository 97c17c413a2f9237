"""Delimited text (CSV, TSV): encoding and separator by content, quotes as RFC 4180, every cell text.

Rows keep the number a spreadsheet shows: a cell with line breaks is one row, blank lines count. A row whose cells do
not fit the header is kept as damaged, without its values. Headers, totals and remarks are header.py's and layout.py's.
"""

import csv
import io
from collections import deque
from dataclasses import dataclass

import polars as pl
import pyarrow as pa
import pyarrow.csv

from pipelines.contracts.model import Contract
from pipelines.intake.decode import decode_text
from pipelines.intake.readers.asides import is_aside
from pipelines.intake.readers.base import MALFORMED, ROW, RawTable, UnreadableFile
from pipelines.intake.readers.header import SEARCHED_ROWS, Header, find, is_complete, refuse
from pipelines.intake.readers.layout import table

SEPARATORS = ",\t;|"
_SNIFFED = 1 << 18
_BLOCK = 1 << 23  # bytes parsed at once; a record must fit
_END = "end of file"


@dataclass(frozen=True)
class _Misfit:
    """A row that has not as many cells as the table has columns."""

    row: int
    cells: int
    text: str


def read_csv(content: bytes, contract: Contract) -> RawTable:
    """Read delimited text. Raises UnreadableFile for damage, an unclosed quote, or a missing required column."""
    text, encoding = decode_text(content)
    return read_table(text, encoding, *header_of(text, contract), contract)


def read_table(text: str, encoding: str, separator: str, header: Header, contract: Contract) -> RawTable:
    """`read_csv` for text whose separator and header are already known."""
    csv.field_size_limit(_BLOCK)
    _check_quotes(text, separator)
    grid, misfits = _parse(text, separator, len(header.names))
    grid, notes = _refit(grid, misfits, header, separator)
    frame, more = table(grid, header, contract)
    return RawTable(frame, "csv", encoding, (*more, *notes))


def header_of(text: str, contract: Contract) -> tuple[str, Header]:
    """Separator and header: of the separators the one under which most columns are recognised.

    Raises UnreadableFile naming the headers seen when no separator gives all required columns.
    """
    head = text[:_SNIFFED]
    best: tuple[str, Header] | None = None
    rows: dict[str, list[list[str]]] = {}
    # Without a comma all lines are one cell, and so they are under any other separator that does not occur.
    for separator in [SEPARATORS[0], *(separator for separator in SEPARATORS[1:] if separator in head)]:
        rows[separator] = _first_rows(head, separator)
        header = find(rows[separator], contract)
        if header and (best is None or header.score > best[1].score):
            best = separator, header
    if best and is_complete(contract, best[1].names):
        return best
    widest = best[0] if best else max(rows, key=lambda s: max((len(row) for row in rows[s]), default=0))
    raise refuse(rows[widest], contract, best[1].names if best else ())


def _first_rows(head: str, separator: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=separator)
    rows: list[list[str]] = []
    try:
        for row in reader:
            rows.append(row)
            if len(rows) > 2 * SEARCHED_ROWS:
                break
    except csv.Error:
        pass  # a stray quote under the wrong separator; what was read so far is enough to judge
    return rows


def _check_quotes(text: str, separator: str) -> None:
    """A quote that is never closed would swallow all rows behind it, a line added at the end included."""
    if text.count('"') % 2 == 0:
        return
    closed_by_a_line = io.StringIO(f"{text}\n{_END}", newline="")
    records = deque(enumerate(csv.reader(closed_by_a_line, delimiter=separator), start=1), maxlen=1)
    row, last = records.pop()
    if last != [_END]:
        raise UnreadableFile(f'a quotation mark opens in row {row} and is never closed; close it or double it ("")')


def _parse(text: str, separator: str, width: int) -> tuple[pl.DataFrame, list[_Misfit]]:
    """All rows that have `width` cells, numbered by record, and the others."""
    misfits: list[_Misfit] = []

    def note(row: pa.csv.InvalidRow) -> str:
        misfits.append(_Misfit(row.number, row.actual_columns, row.text))
        return "skip"

    names = [f"c{position}" for position in range(width)]
    try:
        parsed = pa.csv.read_csv(
            pa.BufferReader(text.encode()),
            pa.csv.ReadOptions(use_threads=False, block_size=_BLOCK, column_names=names),
            pa.csv.ParseOptions(
                delimiter=separator,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=note,
            ),
            pa.csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False),
        )
    except pa.ArrowInvalid as error:
        raise UnreadableFile(f"the text cannot be parsed as a table: {' '.join(str(error).split())}") from None
    frame = pl.DataFrame(pl.from_arrow(parsed))
    every = pl.int_range(1, frame.height + len(misfits) + 1, dtype=pl.Int64, eager=True).alias(ROW)
    if misfits:
        unfit = pl.Series([misfit.row for misfit in misfits], dtype=pl.Int64)
        every = every.filter(~every.is_in(unfit.implode()))
    return frame.with_columns(every), misfits


def _refit(
    grid: pl.DataFrame, misfits: list[_Misfit], header: Header, separator: str
) -> tuple[pl.DataFrame, list[str]]:
    """Put the misfits back: surplus blank cells are cut, remarks noted, the rest marked as damaged."""
    width = len(header.names)
    rows: list[dict[str, str | int | None]] = []
    notes: list[str] = []
    for misfit in misfits:
        if misfit.row <= header.last + 1:
            continue
        cells = next(csv.reader(io.StringIO(misfit.text, newline=""), delimiter=separator), [])
        if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
            rows.append({ROW: misfit.row, MALFORMED: None, **_named(cells[:width])})
        elif is_aside(misfit.text):
            notes.append(f"row {misfit.row} set aside: remark")
        elif any(cell.strip() for cell in cells):
            rows.append(
                {ROW: misfit.row, MALFORMED: f"{misfit.cells} cells, the header has {width}", **_named(cells[:width])}
            )
    if not rows:
        return grid, notes
    schema = {name: pl.String() for name in grid.columns} | {ROW: pl.Int64(), MALFORMED: pl.String()}
    refitted = pl.DataFrame(rows, schema=schema)
    return pl.concat([grid, refitted], how="diagonal").sort(ROW), notes


def _named(cells: list[str]) -> dict[str, str]:
    return {f"c{position}": cell for position, cell in enumerate(cells)}
