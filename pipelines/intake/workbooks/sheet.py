"""One sheet on its way out of a workbook: cells put in as they come, then merged cells filled, then columns of text."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from pipelines.intake.workbooks.marks import CELL_ERROR, IDENTIFIER_SPOILED, fault
from pipelines.intake.workbooks.number_formats import OutOfRange, number, shown

VISIBLE, HIDDEN, VERY_HIDDEN = "visible", "hidden", "very hidden"

Area = tuple[int, int, int, int]
"""First row, first column, last row, last column; 0-based, inclusive."""

_LONGEST_NUMBER = 10**15  # from here a number cell may have lost digits


class Unreadable(Exception):
    """The workbook cannot be read, with the reason in one line."""


@dataclass
class Sheet:
    """A grid of text. Rows and columns are counted from 0, as positions in the whole sheet."""

    name: str
    state: str = VISIBLE
    columns: list[list[str | None]] = field(default_factory=list)
    """Each as long as its last cell that has something."""
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    is_filtered: bool = False
    """Whether a filter hides the hidden rows."""
    merged: list[Area] = field(default_factory=list)
    untold: tuple[str, ...] = ()
    """What this file format, or this reader of it, does not tell."""

    def put(self, row: int, column: int, text: str | None) -> None:
        """Set a cell; rows come in order, mostly."""
        if text is None or text == "":
            return
        while len(self.columns) <= column:
            self.columns.append([])
        cells = self.columns[column]
        if row >= len(cells):
            cells.extend([None] * (row - len(cells)))
            cells.append(text)
        else:
            cells[row] = text

    def get(self, row: int, column: int) -> str | None:
        """A cell's text."""
        return self.columns[column][row] if column < len(self.columns) and row < len(self.columns[column]) else None

    def lay_over(self, grid: list[list[str | None]]) -> None:
        """Take the cells of a grid wherever this sheet has none of its own."""
        own, self.columns = self.columns, grid
        for column, cells in enumerate(own):
            for row, text in enumerate(cells):
                self.put(row, column, text)

    @property
    def height(self) -> int:
        """Rows up to the last that has something."""
        return max(map(len, self.columns), default=0)

    def fill_merged(self) -> int:
        """Give every cell of a merged area what its first one shows; returns how many areas were filled.

        An area of one row beside which the row is empty is a title or a remark: it stands once.
        """
        filled = 0
        beyond = self.height  # an area may reach past the last row that says anything
        for top, left, bottom, right in self.merged:
            text = self.get(top, left)
            if text is None or (top == bottom and self._is_alone(top, left, right)):
                continue
            filled += 1
            for column in range(left, right + 1):
                for row in range(top, min(bottom, beyond - 1) + 1):
                    self.put(row, column, text)
        return filled

    def _is_alone(self, row: int, left: int, right: int) -> bool:
        beside: Iterable[int] = (*range(left), *range(right + 1, len(self.columns)))
        return all(self.get(row, column) is None for column in beside)


def number_cell(value: float, code: str, is_1904: bool) -> str:
    """The text of a cell that holds a number under a format."""
    try:
        text = shown(value, code, is_1904)
    except OutOfRange:
        return fault(CELL_ERROR, "#####")
    return full_number(value) if text == number(value) else text


def full_number(value: float) -> str:
    """The text of a cell that shows a number as it is stored."""
    text = number(value)
    return fault(IDENTIFIER_SPOILED, text) if abs(value) >= _LONGEST_NUMBER else text


def error_cell(text: str) -> str:
    """The text of a cell that shows an error."""
    return fault(CELL_ERROR, text)


def letters(column: int) -> str:
    """A column as a spreadsheet names it: 0 is A, 26 is AA."""
    column += 1
    name = ""
    while column:
        column, letter = divmod(column - 1, 26)
        name = chr(65 + letter) + name
    return name
