"""Workbooks of Excel 2003 XML (SpreadsheetML), as Java and .NET systems write them under the name .xls.

Cells become what the sheet shows: a percentage by the cell's number format, a day for a number formatted as one. Which
sheets fit the contract and where their headers are is workbook.py's.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from xml.etree.ElementTree import Element

import polars as pl

from pipelines.contracts.model import Contract
from pipelines.intake.readers.base import RawTable, UnreadableFile
from pipelines.intake.readers.grids import Cell, Grid
from pipelines.intake.readers.workbook import read_grids
from pipelines.intake.readers.xml_parts import attributes, elements, local

_DIGITS = 15
"""Digits of a number that a spreadsheet keeps."""
_NO_TIME = re.compile(r"T00:00:00(?:\.0+)?$")
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_DAY_FORMAT = re.compile(r"[yd年]|Date", re.IGNORECASE)
_NO_DAYS = {"Standard", "Fixed", "Yes/No"}
"""Named formats with the letters of one for days."""
_INDEX = re.compile(r"\d{1,7}")


def read_spreadsheet_xml(content: bytes, contract: Contract) -> RawTable:
    """Read all sheets that have the contract's columns. Hidden sheets are set aside, hidden rows and columns are read;
    both are noted. Raises UnreadableFile for malformed XML, a formula without its result, or when no sheet fits.
    """
    notes: list[str] = []
    read = read_grids(_sheets(content, notes), contract, "xml/excel-2003")
    return RawTable(read.frame, read.reader, read.encoding, (*read.notes, *notes))


class _Sheet:
    """One worksheet while it is read."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.grid = Grid()
        self.is_hidden = False
        self.hidden = 0
        """Rows and columns that are hidden."""
        self.next_row = 0


def _sheets(content: bytes, notes: list[str]) -> Iterator[tuple[str, pl.DataFrame]]:
    formats: dict[str, str] = {}
    first_day = datetime(1899, 12, 30)
    sheet, table = _Sheet(""), None
    for event, element in elements(content):
        name = local(element.tag)
        if event == "start":
            if name == "Worksheet":
                sheet = _Sheet(attributes(element).get("Name", ""))
            elif name == "Table":
                table = element
        elif name == "Style":
            _keep_format(element, formats)
        elif name == "Date1904":
            first_day = datetime(1904, 1, 1)
        elif name == "Row":
            _add_row(sheet, element, formats, first_day)
            if table is not None:
                table.clear()
        elif name == "Column":
            sheet.hidden += attributes(element).get("Hidden") == "1"
        elif name == "Visible":
            sheet.is_hidden = (element.text or "") in ("SheetHidden", "SheetVeryHidden")
        elif name == "Worksheet":
            if sheet.is_hidden:
                notes.append(f"sheet {sheet.name} set aside: it is hidden")
            elif (frame := sheet.grid.frame()) is not None:
                if sheet.hidden:
                    notes.append(f"sheet {sheet.name}: {sheet.hidden} hidden rows and columns are read")
                yield sheet.name, frame
            element.clear()


def _keep_format(style: Element, formats: dict[str, str]) -> None:
    """The number format of a style: its own, or that of the style it is based on."""
    about = attributes(style)
    own = [attributes(part).get("Format", "") for part in style if local(part.tag) == "NumberFormat"]
    formats[about.get("ID", "")] = own[0] if own else formats.get(about.get("Parent", ""), "")


def _add_row(sheet: _Sheet, row: Element, formats: dict[str, str], first_day: datetime) -> None:
    about = attributes(row)
    at = _number(about.get("Index"), sheet.next_row + 1) - 1
    sheet.next_row = at + 1
    sheet.hidden += about.get("Hidden") == "1"
    cells = []
    for element in row:
        if local(element.tag) != "Cell":
            continue
        of_cell = attributes(element)
        style = of_cell.get("StyleID") or about.get("StyleID", "")
        where = f"sheet {sheet.name}, row {at + 1}"
        cells.append(
            Cell(
                _text(element, formats.get(style, ""), first_day, where, has_formula="Formula" in of_cell),
                across=_number(of_cell.get("MergeAcross"), 0) + 1,
                down=_number(of_cell.get("MergeDown"), 0) + 1,
                at=_number(of_cell.get("Index"), 0) - 1 if "Index" in of_cell else None,
            )
        )
    sheet.grid.add(cells, at)


def _number(written: str | None, otherwise: int) -> int:
    return int(written) if written and _INDEX.fullmatch(written) else otherwise


def _text(cell: Element, shown_as: str, first_day: datetime, where: str, *, has_formula: bool) -> str:
    """What a cell shows."""
    data = next((part for part in cell if local(part.tag) == "Data"), None)
    if data is None:
        if has_formula:
            raise UnreadableFile(
                f"{where}: a formula stands without its result; open the file in a spreadsheet, save it as .xlsx"
            )
        return ""
    written, kind = "".join(data.itertext()), attributes(data).get("Type", "String")
    if kind == "DateTime":
        return _NO_TIME.sub(" 00:00:00", written).replace("T", " ")
    if kind == "Boolean":
        return {"1": "true", "0": "false"}.get(written, written)
    return _shown(written, shown_as, first_day) if kind == "Number" else written


def _shown(written: str, shown_as: str, first_day: datetime) -> str:
    """A number as its format shows it, but in full: the format rounds nothing off.

    Beyond 15 digits it comes as 3.7E+17, from which no identifier is read.
    """
    try:
        number = Decimal(written)
        if len(number.as_tuple().digits) > _DIGITS:
            number = Decimal(f"{float(written):.{_DIGITS}g}")
        bare = "" if shown_as in _NO_DAYS else _QUOTED.sub("", shown_as)
        if "%" in bare or shown_as == "Percent":
            return f"{(number * 100).normalize():f}"
        if _DAY_FORMAT.search(bare):
            return str((first_day + timedelta(days=float(number))).replace(microsecond=0))
    except (InvalidOperation, ValueError, OverflowError):
        return written
    return f"{number:f}" if abs(number) < Decimal(10) ** _DIGITS else f"{number:E}"
