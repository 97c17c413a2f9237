"""The sheets of a workbook as grids: rows as the spreadsheet numbers them, what is hidden named.

Belongs here: what is made of what the process that opens workbooks tells of a sheet (workbooks.program). Does not
belong here: where its tables are (workbook.py and tables.py).
"""

import json
from collections.abc import Iterator
from typing import Any

import polars as pl

from pipelines.contracts.headers import named
from pipelines.contracts.model import Contract
from pipelines.intake.readers.base import ROW, listed
from pipelines.intake.readers.workbook_process import open_workbook
from pipelines.intake.workbooks.sheet import letters

_SEARCHED = 10  # cells of a column among which its header is looked for
_NINE_DECIMALS = r"^-?\d+\.\d{9}$"
_MIDNIGHT = r"^(\d{4}-\d\d-\d\d) 00:00:00$"


def grids(content: bytes, contract: Contract, notes: list[str]) -> Iterator[tuple[str, pl.DataFrame]]:
    """Each sheet that has cells, as a grid of text with its rows numbered as the spreadsheet shows them.

    Hidden sheets are left out, hidden rows and columns are part of it, unless the contract says otherwise; `notes` says
    what was done, and what else is to be known.
    """
    for sheet in open_workbook(content):
        told = json.loads((sheet.schema.metadata or {})[b"sheet"])
        grid = pl.DataFrame(pl.from_arrow(sheet.rename_columns([f"c{i}" for i in range(sheet.num_columns)])))
        notes += _remarks(told, grid, contract)
        if told["state"] != "visible" and contract.hidden_sheets == "set_aside":
            continue
        grid = _full_numbers(grid) if told["is_fast"] else grid
        grid = grid.with_row_index(ROW, offset=1).cast({ROW: pl.Int64})
        yield told["name"], _blank_hidden(grid, told) if contract.hidden_cells == "set_aside" else grid


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


def _remarks(told: dict[str, Any], grid: pl.DataFrame, contract: Contract) -> Iterator[str]:
    name = told["name"]
    if told["state"] != "visible":
        yield f"{told['state']} sheet {name} {contract.hidden_sheets.replace('_', ' ')}: {grid.height} rows"
        if contract.hidden_sheets == "set_aside":
            return
    done = contract.hidden_cells.replace("_", " ")
    filled = grid.select(pl.any_horizontal(pl.all().is_not_null())).to_series()
    rows = [row + 1 for row in told["hidden_rows"] if row < grid.height and filled[row]]
    if rows:
        why = "filtered" if told["is_filtered"] else "hidden"
        yield f"sheet {name}: {len(rows)} {why} row{'s' * (len(rows) > 1)} {done}: {listed(rows)}"
    for position in told["hidden_columns"]:
        if position < grid.width and grid[f"c{position}"].null_count() < grid.height:
            top = grid[f"c{position}"].drop_nulls().head(_SEARCHED)
            name = next(
                (cell for cell in top if named(contract, cell.strip())), ""
            )  # no other cell: it may name a person
            yield f"sheet {told['name']}: hidden column {letters(position)} {done}" + f" ({name})" * bool(name)
    if told["n_merged"]:
        yield f"sheet {name}: {told['n_merged']} merged areas hold for each of their cells"
    for untold in told["untold"]:
        yield f"{told['kind']} does not tell {untold}"
