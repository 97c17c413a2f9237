"""A table in markup (Excel 2003 XML, HTML, Word) to the grid a workbook's sheet gives: rows of text, numbered.

Belongs here: where cells stand, and that a merged cell holds for every row and column it covers. Does not belong here:
any format, and what the cells mean (workbook.py reads the grids).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from pipelines.intake.readers.base import ROW, UnreadableFile

MAX_ROWS = 1_048_576
MAX_COLUMNS = 16_384
"""What a sheet can hold."""
MAX_CELLS = 50_000_000
"""Cells of a grid, blank ones included: a few bytes of markup can name a cell at the far corner."""


@dataclass(frozen=True)
class Cell:
    """One cell as the markup has it."""

    text: str
    across: int = 1
    """Columns it covers."""
    down: int = 1
    """Rows it covers."""
    at: int | None = None
    """Its column, 0-based; None for the next that is free."""


class Grid:
    """A table in the making, filled from top to bottom."""

    def __init__(self) -> None:
        self._rows: list[list[str]] = []
        self._width = 0
        self._below: dict[int, tuple[str, int]] = {}
        """Column → text of the merged cell that covers it in further rows, and in how many."""

    def add(self, cells: Sequence[Cell], at: int | None = None) -> None:
        """Add a row: the next one, or the one at this 0-based position. Raises UnreadableFile beyond a sheet's size."""
        if at is not None and at >= MAX_ROWS:
            raise _too_large()
        while at is not None and len(self._rows) < at:
            if not self._below:
                self._rows += [[] for _ in range(at - len(self._rows))]
                break
            self._end(self._covered())
        row = self._covered()
        # A title merged over the table stands once: repeated, it would look like a record.
        stands_alone = sum(bool(cell.text) for cell in cells) == 1 and not any(row.values())
        free = 0
        for cell in cells:
            free = cell.at if cell.at is not None else free
            while cell.at is None and free in row:
                free += 1
            if free + cell.across > MAX_COLUMNS:
                raise _too_large()
            for column in range(free, free + max(cell.across, 1)):
                text = "" if stands_alone and column > free else cell.text
                row[column] = text
                if cell.down > 1:
                    self._below[column] = text, cell.down - 1
            free += max(cell.across, 1)
        self._end(row)

    def frame(self) -> pl.DataFrame | None:
        """Columns c0, c1 …, all text, blank as null, and `ROW`, 1-based; None where no cell has text."""
        if not any(any(row) for row in self._rows):
            return None
        columns = [[row[at] or None if at < len(row) else None for row in self._rows] for at in range(self._width)]
        data = {f"c{at}": pl.Series(column, dtype=pl.String) for at, column in enumerate(columns)}
        return pl.DataFrame(data).with_row_index(ROW, offset=1).cast({ROW: pl.Int64})

    def _covered(self) -> dict[int, str]:
        """The part of the next row that merged cells above it cover."""
        row = {column: text for column, (text, _) in self._below.items()}
        self._below = {column: (text, left - 1) for column, (text, left) in self._below.items() if left > 1}
        return row

    def _end(self, row: dict[int, str]) -> None:
        width = max(row, default=-1) + 1
        self._rows.append([row.get(column, "") for column in range(width)])
        self._width = max(self._width, width)
        if len(self._rows) > MAX_ROWS or len(self._rows) * self._width > MAX_CELLS:
            raise _too_large()


def named(grids: Iterable[Grid]) -> list[tuple[str, pl.DataFrame]]:
    """The tables of a document that have cells, called by their place in it."""
    frames = ((f"table {number}", grid.frame()) for number, grid in enumerate(grids, start=1))
    return [(name, frame) for name, frame in frames if frame is not None]


def _too_large() -> UnreadableFile:
    return UnreadableFile("a table has a cell beyond what a sheet can hold; save it as .xlsx without it, deliver that")
