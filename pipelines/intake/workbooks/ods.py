"""OpenDocument spreadsheets (.ods), read from their content part, which holds what every cell shows beside its value.

Source: OpenDocument 1.3 part 3, 9 (tables), 19.385 (office:value-type), 19.739 (table:visibility).
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import datetime, timedelta

from pipelines.intake.workbooks.marks import CELL_ERROR, FORMULA_UNCALCULATED, fault
from pipelines.intake.workbooks.number_formats import number
from pipelines.intake.workbooks.sheet import HIDDEN, VISIBLE, Sheet, Unreadable, full_number
from pipelines.intake.workbooks.xlsx import Attributes, parse

_MONTH = re.compile(r"(\d{4})\s*[-/.年]?\s*(?:(\d{1,2})\s*月?)?年?")
_DURATION = re.compile(r"PT(\d+)H(\d+)M(\d+)")
_DAY_ZERO = datetime(1899, 12, 30)
_PARAGRAPH = "text:p"
_NOT_SHOWN = ("office:annotation", "draw:frame", "draw:custom-shape", "table:shapes", "text:ruby-text")


def sheets(content: bytes) -> Iterator[Sheet]:
    """Every sheet of a workbook. Raises Unreadable."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            if b"encryption-data" in parts.read("META-INF/manifest.xml"):
                raise Unreadable("it is protected by a password")
            xml = parts.read("content.xml")
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, OSError, RuntimeError, ValueError) as error:
        raise Unreadable(" ".join(str(error).split())) from error
    return iter(_Content().read(xml))


class _Content:
    """The elements of a content part, one after the other, put into sheets."""

    def __init__(self) -> None:
        self._found: list[Sheet] = []
        self._not_displayed: set[str] = set()
        self._style = ""
        self._row, self._rows = 0, 1
        self._column, self._columns = 0, 1
        self._cell: Attributes = {}
        self._in_cell = False
        self._paragraphs: list[list[str]] = []
        self._silent = 0
        self._filled: list[tuple[int, str]] = []

    def read(self, xml: bytes) -> list[Sheet]:
        parse(xml, self._start, self._end, self._data)
        return self._found

    def _start(self, tag: str, attributes: Attributes) -> None:
        if tag in _NOT_SHOWN:
            self._silent += 1
        elif self._silent:
            return
        elif tag == "style:style":
            self._style = attributes.get("style:name", "")
        elif tag == "style:table-properties":
            if attributes.get("table:display") == "false":
                self._not_displayed.add(self._style)
        elif tag == "table:table":
            state = HIDDEN if attributes.get("table:style-name") in self._not_displayed else VISIBLE
            self._found.append(Sheet(attributes.get("table:name", ""), state))
            self._row = self._column = 0
        elif tag == "table:table-column":
            self._start_columns(attributes)
        elif tag == "table:table-row":
            self._start_row(attributes)
        elif tag in ("table:table-cell", "table:covered-table-cell"):
            self._cell, self._in_cell, self._paragraphs = attributes, True, []
            self._columns = int(attributes.get("table:number-columns-repeated", 1))
        elif self._in_cell:
            self._start_text(tag, attributes)

    def _start_columns(self, attributes: Attributes) -> None:
        repeated = int(attributes.get("table:number-columns-repeated", 1))
        if attributes.get("table:visibility", "visible") != "visible":
            self._found[-1].hidden_columns.update(range(self._column, self._column + repeated))
        self._column += repeated

    def _start_row(self, attributes: Attributes) -> None:
        self._column, self._filled = 0, []
        self._rows = int(attributes.get("table:number-rows-repeated", 1))
        visibility = attributes.get("table:visibility", "visible")
        if visibility != "visible":
            self._found[-1].hidden_rows.update(range(self._row, self._row + self._rows))
            self._found[-1].is_filtered |= visibility == "filter"

    def _start_text(self, tag: str, attributes: Attributes) -> None:
        if tag == _PARAGRAPH:
            self._paragraphs.append([])
        elif self._paragraphs and tag == "text:s":
            self._paragraphs[-1].append(" " * int(attributes.get("text:c", 1)))
        elif self._paragraphs and tag in ("text:tab", "text:line-break"):
            self._paragraphs[-1].append("\t" if tag == "text:tab" else "\n")

    def _data(self, text: str) -> None:
        if self._in_cell and not self._silent and self._paragraphs:
            self._paragraphs[-1].append(text)

    def _end(self, tag: str) -> None:
        if tag in _NOT_SHOWN:
            self._silent -= 1
        elif self._silent:
            return
        elif tag in ("table:table-cell", "table:covered-table-cell"):
            self._end_cell()
        elif tag == "table:table-row":
            self._end_row()

    def _end_cell(self) -> None:
        self._in_cell = False
        text = _shown(self._cell, "\n".join("".join(pieces) for pieces in self._paragraphs))
        across = int(self._cell.get("table:number-columns-spanned", 1))
        down = int(self._cell.get("table:number-rows-spanned", 1))
        if across > 1 or down > 1:
            self._found[-1].merged.append((self._row, self._column, self._row + down - 1, self._column + across - 1))
        if text:
            self._filled += [(column, text) for column in range(self._column, self._column + self._columns)]
        self._column += self._columns

    def _end_row(self) -> None:
        for row in range(self._row, self._row + self._rows) if self._filled else ():
            for column, text in self._filled:
                self._found[-1].put(row, column, text)
        self._row += self._rows


def _shown(cell: Attributes, printed: str) -> str | None:
    """What a cell shows, its number in full where the print only rounds it."""
    kind = cell.get("office:value-type", cell.get("calcext:value-type"))
    if cell.get("calcext:value-type") == "error" or (cell.get("table:formula") and printed[:1] == "#"):
        return fault(CELL_ERROR, printed or "#ERROR!")
    if kind == "float" and printed.lower() in ("true", "false"):
        return printed.lower()
    if kind in ("float", "currency"):
        return _number(float(cell["office:value"]), printed)
    if kind == "percentage":
        return number(float(f"{float(cell['office:value']) * 100:.15g}")) + "%"
    if kind == "date":
        return _day(cell["office:date-value"], printed)
    if kind == "time":
        return _time(cell.get("office:time-value", ""), printed)
    if kind == "boolean":
        return cell.get("office:boolean-value")
    text = printed or cell.get("office:string-value", "")
    if cell.get("table:formula") and kind is None and not text:
        return fault(FORMULA_UNCALCULATED, cell["table:formula"].removeprefix("of:"))
    return text


def _number(value: float, printed: str) -> str:
    """The stored number where the print is a rounding of it, else the print: it has zeros or a unit of its own."""
    plain = printed.strip().replace(",", "").replace(" ", "").lstrip("¥￥$")
    try:
        rounded = float(plain)
    except ValueError:
        return printed if re.search(r"\d", printed) else number(value)
    is_padded = re.match(r"-?0\d", plain) is not None
    decimals = len(plain.partition(".")[2]) if "e" not in plain.lower() else None
    unit = 10.0**-decimals if decimals is not None else abs(value) * 0.05
    if is_padded or abs(rounded - value) > max(unit, abs(value) * 1e-14):
        return printed
    return full_number(value)


def _time(stored: str, printed: str) -> str:
    """A time of day or a length of time; a day and a time where a time format stands over a day."""
    told = _DURATION.match(stored)
    if not told:
        return printed
    hours, minutes, seconds = (int(part) for part in told.groups())
    if hours < 24 or printed.startswith(str(hours)):
        return f"{hours:02}:{minutes:02}:{seconds:02}"
    moment = _DAY_ZERO + timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return f"{moment:%Y-%m-%d %H:%M:%S}".removesuffix(" 00:00:00")


def _day(stored: str, printed: str) -> str:
    """The stored day; a year or month where the cell shows no more."""
    month = _MONTH.fullmatch(printed.strip())
    if month and stored.startswith(month[1]):
        return f"{month[1]}-{int(month[2]):02}" if month[2] else month[1]
    return stored.replace("T", " ").removesuffix(" 00:00:00")
