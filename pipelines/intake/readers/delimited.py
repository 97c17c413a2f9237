"""Delimited text (CSV, TSV): encoding and separator by content, quotes as RFC 4180 (quotes.py), every cell text.

Rows keep the number a spreadsheet shows: a cell with line breaks is one row, blank lines count. A row whose cells do
not fit the header is kept as damaged, without its values. Headers, totals and remarks are header.py's and layout.py's.
"""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
import pyarrow as pa
import pyarrow.csv

from pipelines.contracts.headers import match, named
from pipelines.contracts.model import Contract
from pipelines.intake.decode import decode_text
from pipelines.intake.readers import quotes
from pipelines.intake.readers.asides import is_aside
from pipelines.intake.readers.base import MALFORMED, ROW, RawTable, UnreadableFile
from pipelines.intake.readers.header import SEARCHED_ROWS, Header, find, is_complete, refuse
from pipelines.intake.readers.layout import table

SEPARATORS = ",\t;|"
_SEPARATOR_LINE = re.compile(r'"?sep=(?P<separator>[^\w\s"]|\t)"?[ \t]*(?:\r\n|\r|\n)', re.IGNORECASE | re.ASCII)
_SNIFFED = 1 << 18
_BLOCK = 1 << 23  # bytes parsed at once; a record must fit


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
    _, text, above = _announced(text)
    data = text.encode()
    odd = quotes.check_marks(text, data, separator, above)
    grid, misfits = _parse(data, separator, len(header.names))
    if '"' in text and grid.height + len(misfits) < quotes.lines_in(text):
        below = grid.filter(pl.col(ROW) > header.last + 1)
        quotes.check_rows(_over_lines(grid, misfits, separator), below, header.names, separator, above)
    grid, notes = _refit(grid, misfits, header, separator, contract)
    frame, more, found = table(_marked(grid, odd.doubtful, _MERGED), header, contract)
    return RawTable(frame, "csv", encoding, (*more, *notes, *odd.notes()), found)


def header_of(text: str, contract: Contract) -> tuple[str, Header]:
    """Separator and header: of the separators the one under which most columns are recognised.

    Raises UnreadableFile naming the headers seen when no separator gives all required columns.
    """
    announced, text, _ = _announced(text[:_SNIFFED])
    separators = announced or SEPARATORS
    best: tuple[str, Header] | None = None
    rows: dict[str, list[list[str]]] = {}
    # Without a comma all lines are one cell, and so they are under any other separator that does not occur.
    for separator in [separators[0], *(separator for separator in separators[1:] if separator in text)]:
        rows[separator] = _first_rows(text, separator)
        header = find(rows[separator], contract)
        if header and (best is None or header.score > best[1].score):
            best = separator, header
    if best and is_complete(contract, best[1].names):
        return best
    widest = best[0] if best else max(rows, key=lambda s: max((len(row) for row in rows[s]), default=0))
    raise refuse(rows[widest], contract, best[1].names if best else ())


def _announced(text: str) -> tuple[str, str, int]:
    """The separator that a first line `sep=;` names ("" if none), the text below it, and the lines left out: none
    is shown where a spreadsheet opens the file."""
    if first := _SEPARATOR_LINE.match(text):
        return first["separator"], text[first.end() :], 1
    return "", text, 0


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


def _over_lines(grid: pl.DataFrame, misfits: list[_Misfit], separator: str) -> pl.DataFrame:
    """The records that go over several lines, as quotes.check_rows wants them."""
    names = [name for name in grid.columns if name != ROW]
    broken = pl.col(names).str.contains(r"[\r\n]")
    has_break = pl.concat_list(broken.cast(pl.Int8))
    found = grid.filter(pl.any_horizontal(broken)).select(
        ROW,
        text=pl.concat_str(
            [
                pl.when(pl.col(name).str.contains(r"[\r\n]"))
                .then(name)
                .otherwise(pl.col(name).str.replace_all(separator, "", literal=True))
                for name in names
            ],
            separator=separator,
        ),
        first=has_break.list.arg_max().cast(pl.Int64),
        last=len(names) - 1 - has_break.list.reverse().list.arg_max().cast(pl.Int64),
    )
    unfit = [
        (misfit.row, _without_quoted(misfit.text, separator, len(names)), len(names), len(names))
        for misfit in misfits
        if re.search(r"[\r\n]", misfit.text)
    ]
    return pl.concat([found, pl.DataFrame(unfit, found.schema, orient="row")])


def _without_quoted(text: str, separator: str, width: int) -> str:
    """`text` without the separators inside marks on one line, but on lines that have as many as the table anyway."""
    lines = re.split(r"(\r\n|\r|\n)", text)
    return "".join(
        line
        if line.count(separator) == width - 1
        else re.sub(r'"+[^"]*"+', lambda quoted: str(quoted[0]).replace(separator, ""), line)
        for line in lines
    )


def _parse(data: bytes, separator: str, width: int) -> tuple[pl.DataFrame, list[_Misfit]]:
    """All rows that have `width` cells, numbered by record, and the others."""
    misfits: list[_Misfit] = []

    def note(row: pa.csv.InvalidRow) -> str:
        misfits.append(_Misfit(row.number, row.actual_columns, row.text))
        return "skip"

    names = [f"c{position}" for position in range(width)]
    try:
        parsed = pa.csv.read_csv(
            pa.BufferReader(data),
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
    grid: pl.DataFrame, misfits: list[_Misfit], header: Header, separator: str, contract: Contract
) -> tuple[pl.DataFrame, list[str]]:
    """Put the misfits back: surplus blank cells are cut, remarks noted, the rest marked as damaged.

    Raises UnreadableFile for a misfit in which the columns' names stand: what follows it may be of another order.
    """
    width = len(header.names)
    rows: list[dict[str, str | int | None]] = []
    notes: list[str] = []
    for misfit in misfits:
        if misfit.row <= header.last + 1:
            continue
        cells = next(csv.reader(io.StringIO(misfit.text, newline=""), delimiter=separator), [])
        if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
            rows.append({ROW: misfit.row, MALFORMED: None, **_named(cells[:width])})
        elif _is_header(cells, header):
            notes.append(f"row {misfit.row} set aside: repeated header")
        elif is_aside(misfit.text):
            notes.append(f"row {misfit.row} set aside: remark")
        elif len(match(contract, [cell.strip() for cell in cells]).fields) >= max(3, header.score // 2):
            raise UnreadableFile(
                f"a second header stands in row {misfit.row}, of other columns than the first or inside a row: "
                "two tables in one file; deliver each by itself"
            )
        elif any(cell.strip() for cell in cells):
            rows.append(
                {ROW: misfit.row, MALFORMED: f"{misfit.cells} cells, the header has {width}", **_named(cells[:width])}
            )
    if not rows:
        return grid, notes
    schema = {name: pl.String() for name in grid.columns} | {ROW: pl.Int64(), MALFORMED: pl.String()}
    refitted = pl.DataFrame(rows, schema=schema)
    whole = pl.concat([grid, refitted], how="diagonal").sort(ROW)
    torn = _torn(grid, [misfit for misfit in misfits if misfit.row in refitted[ROW]], width, contract)
    return _marked(whole, torn, "its last cell may go on in the row below, which has one cell"), notes


_SECTION = re.compile(r"[(（]?[一二三四五六七八九十\d]{1,3}[)）]?\s*[、.．)）]|.*单位|.*[:：]$")
"""How a line between rows begins that heads what follows it."""


def _torn(grid: pl.DataFrame, misfits: list[_Misfit], width: int, contract: Contract) -> list[int]:
    """Rows of which the line below, of one cell, may be the rest: a line break without quotation marks."""
    found = []
    for misfit in misfits:
        if misfit.cells != 1 or _SECTION.match(misfit.text.strip(' "')):
            continue
        before, after = (grid.filter(pl.col(ROW) == misfit.row + step).drop(ROW).rows() for step in (-1, 1))
        heads = after and sum(bool(named(contract, (cell or "").strip())) for cell in after[0]) > 1
        if before and (before[0][width - 1] or "").strip() and not heads:
            found.append(misfit.row - 1)
    return found


_MERGED = "a quotation mark closes in the middle of a cell that holds separators"


def _marked(grid: pl.DataFrame, rows: Sequence[int], why: str) -> pl.DataFrame:
    """`grid` with some of its rows marked as damaged."""
    if not rows:
        return grid
    said = pl.lit(why)
    before = pl.col(MALFORMED) if MALFORMED in grid.columns else pl.lit(None, pl.String)
    return grid.with_columns(
        pl.when(before.is_null() & pl.col(ROW).is_in(list(rows))).then(said).otherwise(before).alias(MALFORMED)
    )


def _is_header(cells: list[str], header: Header) -> bool:
    """Whether a row repeats the header but for blank cells at its end."""
    filled = max((position + 1 for position, cell in enumerate(cells) if cell.strip()), default=0)
    return filled >= header.score and [cell.strip() for cell in cells[:filled]] == list(header.names[:filled])


def _named(cells: list[str]) -> dict[str, str]:
    return {f"c{position}": cell for position, cell in enumerate(cells)}
