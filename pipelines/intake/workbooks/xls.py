"""Binary workbooks of Excel 97 to 2003 (.xls), read with xlrd: the one library that tells their formats and states."""

import os
from collections.abc import Iterator

import xlrd

from pipelines.intake.workbooks.sheet import HIDDEN, VERY_HIDDEN, VISIBLE, Sheet, Unreadable, error_cell, number_cell

_STATES = (VISIBLE, HIDDEN, VERY_HIDDEN)
_UNTOLD = ("whether formulas were calculated",)


def sheets(content: bytes) -> Iterator[Sheet]:
    """Every sheet of a workbook. Raises Unreadable."""
    with open(os.devnull, "w") as nowhere:
        try:
            book = xlrd.open_workbook(
                file_contents=content, formatting_info=True, ignore_workbook_corruption=True, logfile=nowhere
            )
        # Damage surfaces as whatever the bytes happen to break.
        except Exception as error:
            raise Unreadable(" ".join(str(error).split()) or type(error).__name__) from error
    for source in book.sheets():
        yield _sheet(book, source)


def _sheet(book: xlrd.Book, source: xlrd.sheet.Sheet) -> Sheet:
    sheet = Sheet(source.name, _STATES[min(source.visibility, 2)], untold=_UNTOLD)
    sheet.hidden_rows = {row for row, info in source.rowinfo_map.items() if info.hidden or info.height == 0}
    sheet.hidden_columns = {column for column, info in source.colinfo_map.items() if info.hidden or info.width == 0}
    sheet.merged = [(top, left, below - 1, beyond - 1) for top, below, left, beyond in source.merged_cells]
    for row in range(source.nrows):
        for column, cell in enumerate(source.row(row)):
            sheet.put(row, column, _shown(book, cell))
    return sheet


def _shown(book: xlrd.Book, cell: xlrd.sheet.Cell) -> str | None:
    if cell.ctype == xlrd.XL_CELL_TEXT:
        return str(cell.value)
    if cell.ctype in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        code = book.format_map[book.xf_list[cell.xf_index].format_key].format_str
        return number_cell(cell.value, code, book.datemode == 1)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return "true" if cell.value else "false"
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return error_cell(xlrd.error_text_from_code.get(cell.value, "#ERROR!"))
    return None
