"""A copy of a file for its sender: the rows that would be set aside, the cell at fault marked, the reason beside it.

The rows stand as they go to quarantine: without personal data, and with the number they have in the file.
"""

import io
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from pipelines.contracts.reasons import REASONS
from pipelines.preview.file import Preview

_AS_TEXT = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_BESIDE = ("行 row", "问题 problem", "字段 field")
_OVERVIEW = (
    *("文件 file", "来源 source", "行数 rows", "可入库 would land", "退回 rejected", "重复 repeated"),
    "整件退回 refused",
)
_MOST_LETTERS = 31  # of a sheet's name


def marked(previews: Sequence[Preview]) -> bytes:
    """The workbook: a summary, and for each thing that has rejected rows a sheet of them."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, _AS_TEXT) as book:
        book.set_properties({"created": datetime(2000, 1, 1)})  # no clock: the same file gives the same bytes
        bold = book.add_format({"bold": True, "bottom": 1})
        bad = book.add_format({"bg_color": "#FFC7CE", "font_color": "#9C0006"})
        _summary(book.add_worksheet("概览 summary"), previews, bold)
        for number, preview in enumerate((one for one in previews if one.rejects.height), start=1):
            sheet = book.add_worksheet(f"{number} 退回 rejected"[:_MOST_LETTERS])
            _rejected(sheet, preview, bold, bad)
    return stream.getvalue()


def _summary(sheet: Worksheet, previews: Sequence[Preview], bold: Any) -> None:
    headers = [
        "文件 file",
        "来源 source",
        "行数 rows",
        "可入库 would land",
        "退回 rejected",
        "重复 repeated",
        "整件退回 refused",
    ]
    sheet.write_row(0, 0, headers, bold)
    for line, one in enumerate(previews, start=1):
        counts = [one.counts.get(name) for name in ("rows_in", "rows_out", "rows_quarantined", "rows_duplicate")]
        sheet.write_row(line, 0, [one.path, one.source, *counts, one.refused or ""])
    sheet.set_column(0, 0, 50)


def _rejected(sheet: Worksheet, preview: Preview, bold: Any, bad: Any) -> None:
    header_of = {column.field: column.header for column in preview.columns if column.field}
    headers = [column.header for column in preview.columns if column.header in _delivered(preview)]
    sheet.write_row(0, 0, [*_BESIDE, *headers], bold)
    for line, row in enumerate(preview.rejects.iter_rows(named=True), start=1):
        reason = REASONS[row["reason"]].text if row["reason"] in REASONS else None
        said = f"{reason.zh} {reason.en}" if reason else row["reason"]
        sheet.write_row(line, 0, [row["source_row"], said, row["field"] or ""])
        cells = json.loads(row["raw"] or "{}")
        fault = header_of.get(row["field"])
        for column, header in enumerate(headers, start=len(_BESIDE)):
            text = row["value"] if header == fault and cells.get(header) is None else cells.get(header)
            sheet.write_string(line, column, text or "", bad if header == fault else None)
        if fault not in headers:
            sheet.write_string(line, 1, f"{said}: {row['value'] or ''}", bad)
    sheet.freeze_panes(1, len(_BESIDE))
    sheet.set_column(1, 1, 40)


def _delivered(preview: Preview) -> set[str]:
    """Headers that the quarantined rows have: all but the personal ones."""
    return {name for row in preview.rejects["raw"] for name in json.loads(row or "{}")}
