"""Quotation marks in delimited text: a stray one must not make one cell of several rows.

Belongs here: telling a cell with line breaks (an address, an abstract) from rows that a stray mark swallowed, and the
refusal that names both. How cells are parsed is delimited.py's; what is said here follows the same rules (RFC 4180, and
as spreadsheets do: a mark inside an unquoted cell is a character, text behind a closing mark belongs to the cell).
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from pipelines.intake.decode import line_of
from pipelines.intake.readers.base import ROW, UnreadableFile

_BREAK = r"\r\n|\r|\n"
_SAMPLED = 500
_TYPICAL = 0.8
"""Share of a column's cells that must be codes or repeated words for its looks to say something."""
_ALIKE = 0.75
"""Share of the cells in swallowed lines that look like those of their columns."""
_CODE = re.compile(r"[!-~]*\d[!-~]*")
_NAMED = 3


@dataclass(frozen=True)
class Odd:
    """Rows in which text stands behind a closing quotation mark."""

    kept: tuple[int, ...] = ()
    """Read as a spreadsheet shows it: the text belongs to the cell."""
    doubtful: tuple[int, ...] = ()
    """The cell holds separators as well, so it may be several cells."""

    def notes(self) -> list[str]:
        """A line for those that are kept, if any."""
        shown = ", ".join(str(row) for row in self.kept[:_NAMED]) + (" …" if len(self.kept) > _NAMED else "")
        said = f"text stands behind a closing quotation mark, read as a spreadsheet shows it: row {shown}"
        return [said] if self.kept else []


def check_marks(text: str, data: bytes, separator: str, above: int = 0) -> Odd:
    """The rows with oddly placed marks. `data` is `text` in UTF-8, `above` the number of lines left out above it.

    Raises UnreadableFile for a mark that is never closed, and for a quoted cell that goes over several lines and ends
    in the middle of a cell: no program writes that, two stray marks do.
    """
    if '"' not in text or _is_regular(data, separator):
        return Odd()
    faults: list[str] = []
    kept: list[int] = []
    doubtful: list[int] = []
    ends = rf"[{re.escape(separator)}\r\n]"
    quoted = rf'(?:\A|(?<={ends}))"[^"]*+(?:""[^"]*+)*+(?:"(?P<closed>)(?P<even>(?=[ \t]*(?:{ends}|\Z)))?|\Z)'
    row, seen, swallowed = 1, 0, above
    for cell in re.finditer(quoted, text):
        is_even = cell["even"] is not None
        if is_even and "\n" not in cell[0] and "\r" not in cell[0]:
            continue
        breaks = _breaks(text, cell.start(), cell.end())
        row += _breaks(text, seen, cell.start())
        seen = cell.end()
        if cell["closed"] is None:
            place = f"row {row} (line {row + swallowed})"
            faults.append(f'a quotation mark opens in {place} and is never closed; close it or double it ("")')
        elif not is_even and breaks:
            faults.append(_fault(row, row + swallowed, breaks))
        elif not is_even:
            (doubtful if separator in cell[0] else kept).append(row)
        swallowed += breaks
    _refuse(faults)
    return Odd(tuple(dict.fromkeys(kept)), tuple(dict.fromkeys(doubtful)))


def check_rows(records: pl.DataFrame, grid: pl.DataFrame, header: Sequence[str], separator: str, above: int) -> None:
    """Raise UnreadableFile where lines inside a record are rows of the table themselves.

    `records` has all that go over several lines: `ROW`, `text` with the cells joined by the separator, which no cell
    without a line break holds, and `first` and `last`, the positions of the first and last cell with a line break; for
    records that do not fit `header` both are its length and `text` is as written. `grid` has the records that fit, one
    String column each, by which what is typical of a column is judged.
    """
    cells = pl.element().str.count_matches(separator, literal=True)
    lines = pl.col("text").str.replace_all(_BREAK, "\n").str.split("\n")
    breaks = pl.col("lines").list.len() - 1
    fitting = pl.col("lines").list.eval(cells == len(header) - 1).list
    suspects = (
        records.sort(ROW)
        .with_columns(lines=lines)
        .with_columns(line=pl.col(ROW) + above + breaks.cum_sum() - breaks)
        .filter(fitting.sum() > (pl.col("first") < len(header)).cast(pl.UInt32))
    )
    if len(header) == 1 or suspects.is_empty():
        return
    looks = _looks(grid, header)
    _refuse(
        [
            _fault(row, line, len(lines) - 1)
            for row, line, lines, first, last in suspects.select(ROW, "line", "lines", "first", "last").iter_rows()
            if _are_rows(lines, (first, last), looks, separator)
        ]
    )


def lines_in(text: str) -> int:
    """Lines of a text, also a last one without its end."""
    return _breaks(text, 0, len(text)) + (not text.endswith(("\r", "\n"))) if text else 0


def _breaks(text: str, start: int, end: int) -> int:
    return line_of(text, end, start) - 1


def _is_regular(data: bytes, separator: str) -> bool:
    """Whether every mark is where RFC 4180 has it: it opens behind a separator, closes before one, or is doubled."""
    content = np.frombuffer(data, np.uint8)
    marks = np.flatnonzero(content == ord('"'))
    if len(marks) % 2:
        return False
    beside = np.zeros(256, dtype=bool)
    beside[[ord(character) for character in f'{separator}\r\n"']] = True
    opening, closing = marks[0::2], marks[1::2]
    opens = beside[content[np.maximum(opening - 1, 0)]] | (opening == 0)
    last = len(content) - 1
    return bool(opens.all() and (beside[content[np.minimum(closing + 1, last)]] | (closing == last)).all())


@dataclass(frozen=True)
class _Looks:
    """What the cells of a column are like: shapes of codes, numbers and dates, and words that stand there often."""

    shapes: frozenset[str]
    words: frozenset[str]

    def fit(self, cell: str) -> bool:
        return cell in self.words or (bool(_CODE.fullmatch(cell)) and _shape(cell) in self.shapes)


def _looks(grid: pl.DataFrame, header: Sequence[str]) -> list[_Looks | None]:
    """By column, what is typical of it; None where its cells are free text."""
    found: list[_Looks | None] = []
    whole = grid.select(pl.exclude(ROW)).filter(~pl.any_horizontal(pl.all().str.contains(r"[\r\n]")))
    sample = whole.gather_every(max(1, whole.height // _SAMPLED))
    for name, column in zip(header, sample.iter_columns(), strict=True):
        cells = Counter(cell.strip() for cell in column if cell and cell.strip())
        words = {cell for cell, count in cells.items() if count > 1}
        shapes = {_shape(cell) for cell in cells if _CODE.fullmatch(cell)}
        typical = sum(count for cell, count in cells.items() if cell in words or _CODE.fullmatch(cell))
        is_typed = bool(cells) and typical >= _TYPICAL * cells.total()
        found.append(_Looks(frozenset(shapes), frozenset(words | {name})) if is_typed else None)
    return found


def _shape(cell: str) -> str:
    return re.sub(r"[A-Za-z]+", "A", re.sub(r"\d+", "9", cell))


def _are_rows(lines: list[str], broken: tuple[int, int], looks: Sequence[_Looks | None], separator: str) -> bool:
    fitting = [line.count(separator) == len(looks) - 1 for line in lines]
    judged = [
        looked.fit(cell)
        for position, cell in _inner_cells(lines, broken, len(looks), separator)
        if (looked := looks[position]) and cell
    ]
    if not judged:
        return all(fitting) and len(lines) > 2
    alike = sum(judged)
    return alike >= _ALIKE * len(judged) and (alike > 1 or all(fitting))


def _inner_cells(lines: list[str], broken: tuple[int, int], width: int, separator: str) -> Iterator[tuple[int, str]]:
    """Position and text of the cells of lines with as many cells as the table, those left out that the record has
    anyway: before its first cell with a line break, and behind its last."""
    first, last = broken
    for number, line in enumerate(lines):
        cells = line.split(separator)
        if len(cells) == width:
            start, end = (first + 1 if number == 0 else 0), (last if number == len(lines) - 1 else width)
            yield from ((position, cells[position].strip().strip('"')) for position in range(start, end))


def _fault(row: int, line: int, breaks: int) -> str:
    return (
        f"a quotation mark in row {row} (line {line}) makes one cell of what follows, down to row {row + breaks} "
        f'(line {line + breaks}): remove the stray marks in rows {row} and {row + breaks}, or double them ("")'
    )


def _refuse(faults: Sequence[str]) -> None:
    if faults:
        more = len(faults) - _NAMED
        raise UnreadableFile("; ".join(faults[:_NAMED]) + (f"; and {more} more" if more > 0 else ""))
