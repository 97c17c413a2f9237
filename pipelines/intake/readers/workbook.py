"""Workbooks (.xlsx, .xlsm, .xls, .xlsb, .ods, XML of Excel 2003): every sheet whose header fits the contract, every
cell text. Tables in web pages and Word documents are sheets too.

A cell lands as its reader sees it; what is hidden is set aside, or counted where the contract says so, and noted.
Headers, totals and remarks are header.py's and layout.py's; what a cell shows is told in workbooks, by the process
that workbook_process.py runs.
"""

import json
from collections.abc import Iterator
from typing import Any

import polars as pl

from pipelines.contracts.headers import match
from pipelines.contracts.model import Contract
from pipelines.intake.readers.base import ROW, RawTable, UnreadableFile
from pipelines.intake.readers.header import SEARCHED_ROWS, find, is_complete, refuse
from pipelines.intake.readers.layout import table
from pipelines.intake.readers.workbook_process import open_workbook
from pipelines.intake.workbooks.program import kind_of

SHEET = "sheet"
"""Column added when several sheets hold records: row numbers repeat, the sheet tells them apart."""

_LISTED = 5
_NINE_DECIMALS = r"^-?\d+\.\d{9}$"
_MIDNIGHT = r"^(\d{4}-\d\d-\d\d) 00:00:00$"


def read_excel(content: bytes, contract: Contract) -> RawTable:
    """Read all sheets that have the contract's columns. Raises UnreadableFile for damage or when no sheet fits."""
    fitting: dict[str, tuple[pl.DataFrame, tuple[str, ...]]] = {}
    others: list[str] = []
    best: tuple[int, UnreadableFile] | None = None
    notes: list[str] = []
    for name, grid in _sheets(content, contract, notes):
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
        refusal = best[1] if best else UnreadableFile("the workbook has no sheet with cells in it")
        raise UnreadableFile("; ".join([str(refusal), *notes])) if notes else refusal
    notes += [f"sheet {name}: {line}" for name, (_, lines) in fitting.items() for line in lines]
    notes += [f"sheet {name} set aside: it lacks the contract's columns" for name in others]
    return RawTable(
        _together({name: frame for name, (frame, _) in fitting.items()}, contract), kind_of(content), None, tuple(notes)
    )


def _sheets(content: bytes, contract: Contract, notes: list[str]) -> Iterator[tuple[str, pl.DataFrame]]:
    """Each sheet that has cells, as a grid of text with its rows numbered as the spreadsheet shows them.

    What is hidden is blank in it, unless the contract counts it; `notes` says so, and what else is to be known.
    """
    sets_aside = contract.hidden == "set_aside"
    for sheet in open_workbook(content):
        told = json.loads((sheet.schema.metadata or {})[b"sheet"])
        grid = pl.DataFrame(pl.from_arrow(sheet.rename_columns([f"c{i}" for i in range(sheet.num_columns)])))
        notes += _remarks(told, grid, sets_aside)
        if told["state"] != "visible" and sets_aside:
            continue
        grid = _full_numbers(grid) if told["is_fast"] else grid
        grid = grid.with_row_index(ROW, offset=1).cast({ROW: pl.Int64})
        yield told["name"], _blank_hidden(grid, told) if sets_aside else grid


def _blank_hidden(grid: pl.DataFrame, told: dict[str, Any]) -> pl.DataFrame:
    """The grid with nothing in the rows and columns that are hidden."""
    cells = [name for name in grid.columns if name != ROW]
    if rows := told["hidden_rows"]:
        hidden = pl.col(ROW).is_in(pl.Series([row + 1 for row in rows], dtype=pl.Int64).implode())
        grid = grid.with_columns(pl.when(~hidden).then(name).alias(name) for name in cells)
    columns = [f"c{position}" for position in told["hidden_columns"] if position < len(cells)]
    return grid.with_columns(pl.lit(None, pl.String).alias(name) for name in columns)


def _full_numbers(grid: pl.DataFrame) -> pl.DataFrame:
    """Numbers as the spreadsheet shows them, days without a midnight.

    The fast reader prints nine decimals, the last of which are noise where the number is long (201210424464.600006104).
    """
    cells = []
    for name in grid.columns:
        number = pl.when(pl.col(name).str.contains(_NINE_DECIMALS)).then(name).cast(pl.Float64, strict=False)
        cells.append(pl.coalesce(number.cast(pl.String), pl.col(name).str.replace(_MIDNIGHT, "$1")).alias(name))
    return grid.with_columns(cells)


def _remarks(told: dict[str, Any], grid: pl.DataFrame, sets_aside: bool) -> Iterator[str]:
    name, done = told["name"], "set aside" if sets_aside else "counted"
    if told["state"] != "visible":
        yield f"{told['state']} sheet {name} {done}: {grid.height} rows"
        return
    filled = grid.select(pl.any_horizontal(pl.all().is_not_null())).to_series()
    rows = [row + 1 for row in told["hidden_rows"] if row < grid.height and filled[row]]
    if rows:
        why = "filtered" if told["is_filtered"] else "hidden"
        yield f"sheet {name}: {len(rows)} {why} row{'s' * (len(rows) > 1)} {done}: {_listed(rows)}"
    for position in told["hidden_columns"]:
        if position < grid.width and grid[f"c{position}"].null_count() < grid.height:
            first = grid[f"c{position}"].drop_nulls()[0]
            yield f"sheet {name}: hidden column {_letters(position)} {done}" + f" ({first[:20]})" * (len(first) < 20)
    if told["n_merged"]:
        yield f"sheet {name}: {told['n_merged']} merged areas hold for each of their cells"
    for untold in told["untold"]:
        yield f"{told['kind']} does not tell {untold}"


def _listed(rows: list[int]) -> str:
    return ", ".join(map(str, rows[:_LISTED])) + (" …" if len(rows) > _LISTED else "")


def _letters(position: int) -> str:
    """A column as a spreadsheet names it: 0 is A, 26 is AA."""
    letters = ""
    position += 1
    while position:
        position, letter = divmod(position - 1, 26)
        letters = chr(65 + letter) + letters
    return letters


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
