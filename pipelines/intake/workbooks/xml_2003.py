"""Workbooks of Excel 2003 XML (SpreadsheetML), as Java and .NET systems write them under the name .xls.

Source: XML Spreadsheet Reference, Microsoft, 2001 (ss:Index, ss:MergeAcross, ss:MergeDown, ss:Hidden, named formats).
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from xml.etree.ElementTree import Element

from pipelines.intake.workbooks.marks import FORMULA_UNCALCULATED, fault
from pipelines.intake.workbooks.markup import MAX_COLUMNS, MAX_ROWS, attributes, elements, local, within
from pipelines.intake.workbooks.number_formats import shown
from pipelines.intake.workbooks.sheet import HIDDEN, VERY_HIDDEN, Sheet, error_cell, number_cell

_NAMED_FORMATS = {
    "General Date": "yyyy/m/d h:mm",
    **dict.fromkeys(("Long Date", "Medium Date", "Short Date"), "yyyy/m/d"),
    **dict.fromkeys(("Long Time", "Medium Time", "Short Time"), "h:mm:ss"),
    "Percent": "0.00%",
    **dict.fromkeys(("General Number", "Fixed", "Standard", "Currency", "Euro Currency", "Scientific"), "General"),
    **dict.fromkeys(("Yes/No", "True/False", "On/Off"), "General"),
}
_DAY_ZERO = datetime(1899, 12, 30)
_LEAP_DAY = datetime(1900, 3, 1)
"""Excel counts a day before it that no calendar has."""
_MIDNIGHT = re.compile(r"T00:00:00(?:\.0+)?$")
_FRACTION = re.compile(r"\.0+$")
_WHOLE = re.compile(r"\d{1,9}")


def sheets(content: bytes) -> Iterator[Sheet]:
    """Every sheet of a workbook. Raises Unreadable."""
    return iter(_Book().read(content))


class _Book:
    """The elements of a workbook, one after the other, put into sheets."""

    def __init__(self) -> None:
        self._found: list[Sheet] = []
        self._formats: dict[str, str] = {}
        self._is_1904 = False
        self._row = self._column = 0
        """The next that is not named."""

    def read(self, content: bytes) -> list[Sheet]:
        table: Element | None = None
        for event, element in elements(content):
            name = local(element.tag)
            if event == "start":
                table = element if name == "Table" else table
                if name == "Worksheet":
                    self._found.append(Sheet(attributes(element).get("Name", "")))
                    self._row = self._column = 0
            elif name == "Row":
                self._add_row(element)
                if table is not None:
                    table.clear()  # what was read is not kept
            else:
                self._end(name, element)
        return self._found

    def _end(self, name: str, element: Element) -> None:
        if name == "Style":
            about = attributes(element)
            own = [attributes(part).get("Format", "") for part in element if local(part.tag) == "NumberFormat"]
            self._formats[about.get("ID", "")] = own[0] if own else self._formats.get(about.get("Parent", ""), "")
        elif name == "Date1904":
            self._is_1904 = True
        elif name == "Column" and self._found:
            self._add_column(attributes(element))
        elif name == "Visible" and self._found:
            states = {"SheetHidden": HIDDEN, "SheetVeryHidden": VERY_HIDDEN}
            self._found[-1].state = states.get(element.text or "", self._found[-1].state)
        elif name == "AutoFilter" and self._found:
            self._found[-1].is_filtered = True

    def _add_column(self, about: dict[str, str]) -> None:
        first = _number(about, "Index", self._column + 1) - 1
        self._column = within(first + _number(about, "Span", 0) + 1, MAX_COLUMNS)
        if about.get("Hidden") == "1" or about.get("Width") == "0":
            self._found[-1].hidden_columns.update(range(first, self._column))

    def _add_row(self, element: Element) -> None:
        sheet, about = self._found[-1], attributes(element)
        row = within(_number(about, "Index", self._row + 1), MAX_ROWS) - 1
        spanned = within(row + _number(about, "Span", 0) + 1, MAX_ROWS)
        if about.get("Hidden") == "1" or about.get("Height") == "0":
            sheet.hidden_rows.update(range(row, spanned))
        self._row = spanned
        column = 0
        for cell in element:
            if local(cell.tag) != "Cell":
                continue
            of_cell = attributes(cell)
            column = within(_number(of_cell, "Index", column + 1), MAX_COLUMNS) - 1
            style = of_cell.get("StyleID") or about.get("StyleID", "")
            sheet.put(row, column, self._shown(cell, self._formats.get(style, ""), "Formula" in of_cell))
            across, down = _number(of_cell, "MergeAcross", 0), _number(of_cell, "MergeDown", 0)
            if across or down:
                last = within(column + across + 1, MAX_COLUMNS) - 1
                sheet.merged.append((row, column, within(row + down + 1, MAX_ROWS) - 1, last))
            column += across + 1

    def _shown(self, cell: Element, code: str, has_formula: bool) -> str | None:
        data = next((part for part in cell if local(part.tag) == "Data"), None)
        if data is None:
            return fault(FORMULA_UNCALCULATED, attributes(cell)["Formula"]) if has_formula else None
        written, kind = "".join(data.itertext()), attributes(data).get("Type", "String")
        if kind == "Number":
            try:
                return number_cell(float(written), _NAMED_FORMATS.get(code, code) or "General", self._is_1904)
            except ValueError:
                return written
        if kind == "DateTime":
            return _moment(written, code)
        if kind == "Boolean":
            return {"1": "true", "0": "false"}.get(written, written)
        return error_cell(written) if kind == "Error" else written


def _moment(written: str, code: str) -> str:
    """A day and time, of which a format may show only the year and month, or only the time."""
    text = _FRACTION.sub("", _MIDNIGHT.sub("", written)).replace("T", " ")
    try:
        moment = datetime.fromisoformat(text)
        since = moment - (_DAY_ZERO if moment > _LEAP_DAY else _DAY_ZERO + timedelta(days=1))
        seen = shown(since / timedelta(days=1), _NAMED_FORMATS.get(code, code))
    except ValueError:  # OutOfRange is one
        return text
    return seen if text.startswith(seen) or (since < timedelta(days=1) and text.endswith(seen)) else text


def _number(about: dict[str, str], name: str, otherwise: int) -> int:
    written = about.get(name, "")
    return int(written) if _WHOLE.fullmatch(written) else otherwise
