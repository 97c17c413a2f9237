"""Workbooks with a title above the header and a total below the rows, the same bytes every time."""

import datetime
import io

import polars as pl
import xlsxwriter

CREATED = datetime.datetime(2020, 1, 1)


def workbook(
    table: pl.DataFrame,
    *,
    titles: tuple[str, ...] = (),
    total: str | None = None,
    groups: tuple[tuple[str, int], ...] = (),
) -> bytes:
    """One sheet: title rows, the header, the rows as text, and a total row such as `合计` with their number.

    `groups`: merged cells above the header, each with its words and the number of columns it stands over.
    """
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_numbers": False}) as book:
        book.set_properties({"title": "合成样例数据 synthetic sample", "created": CREATED})
        sheet = book.add_worksheet("合成样例")
        row = 0
        for title in titles:
            sheet.write_string(row, 0, title)
            row += 1
        column = 0
        for words, width in groups:
            sheet.merge_range(row, column, row, column + width - 1, words)
            column += width
        row += bool(groups)
        for column, name in enumerate(table.columns):
            sheet.write_string(row, column, name)
        for column, values in enumerate(table.iter_columns()):
            for offset, value in enumerate(values.to_list(), start=row + 1):
                if value is not None:
                    sheet.write_string(offset, column, value)
        if total is not None:
            sheet.write_string(row + 1 + table.height, 0, total)
            sheet.write_number(row + 1 + table.height, 1, table.height)
    return buffer.getvalue()
