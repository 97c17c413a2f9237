"""Tables of text with labels into the landing folder: lists and workbooks. What a row says is the sources' business."""

import io
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl
import xlsxwriter

from pipelines.sample.landing import Encode, Landing
from pipelines.sample.protection.lines import Day, Line, Plant
from pipelines.sample.records import LABEL_COLUMNS, LABELS_PER_KIND
from pipelines.sample.writers import encodings
from pipelines.sample.writers.workbooks import CREATED

Cells = dict[str, str | None]
"""One row: header → written value, in the order of the columns."""
Write = Callable[[Line], Cells]


@dataclass(frozen=True)
class Book:
    """How a workbook looks around its rows."""

    titles: tuple[str, ...] = ()
    groups: tuple[tuple[str, int], ...] = ()
    """Merged cells above the header: words and how many columns they stand over."""
    units: tuple[str | None, ...] = ()
    """A row of units below the header."""
    total: str | None = None
    remark: str | None = None

    @property
    def rows_before(self) -> int:
        """Rows above the first record."""
        return len(self.titles) + bool(self.groups) + 1 + bool(self.units)


def table(lines: Sequence[Line], write: Write) -> pl.DataFrame:
    """The lines of a further part as written, without labels: only the first part is labelled."""
    return labelled([write(line) for line in lines], [None] * len(lines))


def labelled(rows: Sequence[Cells], plants: Sequence[Plant | None]) -> pl.DataFrame:
    """Rows as written, with the label columns."""
    columns: dict[str, list[Any]] = {name: [row.get(name) for row in rows] for name in rows[0]}
    columns |= {name: [plant and plant[i] for plant in plants] for i, name in enumerate(LABEL_COLUMNS)}
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))


def put_list(landing: Landing, name: str, rows: pl.DataFrame, encode: Encode = encodings.gb18030) -> None:
    """A text list; more rows for a file that is there already go to its end."""
    landing.append(name, rows, encode)


def put_book(landing: Landing, name: str, rows: pl.DataFrame, book: Book) -> None:
    """A workbook of one sheet, with what is set aside above and below its rows."""
    content = rows.drop(LABEL_COLUMNS)
    landing.put(name, _workbook(content, book), content.height)
    landing.note(name, rows, first_row=book.rows_before + 1)
    for part, kind, note in (
        (book.groups, "merged_header", "两行合并表头"),
        (book.units, "unit_row", "表头下有单位行"),
        (book.total, "total_row", "末行为合计"),
        (book.remark, "remark_row", "表下有注"),
    ):
        if part:
            landing.plant(name, 0, kind, "set_aside", note)


def _workbook(content: pl.DataFrame, book: Book) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_numbers": False}) as workbook:
        workbook.set_properties({"title": "合成样例数据 synthetic sample", "created": CREATED})
        sheet = workbook.add_worksheet("合成样例")
        for row, title in enumerate(book.titles):
            sheet.write_string(row, 0, title)
        row = len(book.titles)
        column = 0
        for words, width in book.groups:
            if width > 1:
                sheet.merge_range(row, column, row, column + width - 1, words)
            elif words:
                sheet.write_string(row, column, words)
            column += width
        row += bool(book.groups)
        _write_row(sheet, row, content.columns)
        if book.units:
            _write_row(sheet, row + 1, book.units)
        row += 1 + bool(book.units)
        for values in content.iter_rows():
            _write_row(sheet, row, values)
            row += 1
        if book.total:
            _write_row(sheet, row, (book.total, f"共{content.height}行"))
            row += 1
        if book.remark:
            sheet.write_string(row, 0, book.remark)
    return buffer.getvalue()


def _write_row(sheet: Any, row: int, values: Iterable[str | None]) -> None:
    for column, value in enumerate(values):
        if value:
            sheet.write_string(row, column, value)


def few_labels(lines: Sequence[Line]) -> list[Line]:
    """The lines with the first labels of every kind only; what must be withdrawn or corrected keeps all of them."""
    seen: Counter[str] = Counter()
    result = []
    for line in lines:
        if line.plant and line.plant[1] == "kept":
            seen[line.plant[0]] += 1
            if seen[line.plant[0]] > LABELS_PER_KIND:
                line = replace(line, plant=None)
        result.append(line)
    return result


def by_delivery(lines: Iterable[Line]) -> list[tuple[Day, list[Line]]]:
    """The lines of every delivery, in order of delivery; within one in the order they were drawn."""
    groups: dict[Day, list[Line]] = {}
    for line in lines:
        groups.setdefault(line.delivered, []).append(line)
    return sorted(groups.items())


def split(lines: Iterable[Line], label: Callable[[Line], str]) -> list[tuple[str, list[Line]]]:
    """The lines of one delivery by file."""
    groups: dict[str, list[Line]] = {}
    for line in lines:
        groups.setdefault(label(line), []).append(line)
    return sorted(groups.items())
