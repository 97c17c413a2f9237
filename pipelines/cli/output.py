"""How `ipw` prints rows: a table for people, and csv, json, xlsx or md for everything else. No query lives here."""

import csv
import io
import json
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from rich.console import Console
from rich.table import Table

from pipelines.errors import ConfigError
from pipelines.release.display import SYNTHETIC, markdown_table, rounded
from pipelines.release.safe_text import safe_cell

Rows = Sequence[Mapping[str, Any]]


def _piped_width() -> int | None:
    """Characters of a line in a file or pipe, which has no width of its own; on a terminal, the terminal's."""
    return None if sys.stdout.isatty() or "COLUMNS" in os.environ else 200


# Delivered text may hold brackets, which must not be taken for markup.
console = Console(highlight=False, soft_wrap=False, markup=False, width=_piped_width())
messages = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)


class Format(StrEnum):
    """Output forms of every listing verb."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    XLSX = "xlsx"
    MD = "md"


def say_json(document: Mapping[str, Any] | Sequence[Any]) -> None:
    """Write one JSON document; dates and paths as text."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=1, default=str) + "\n")


def show(
    rows: Rows, columns: Mapping[str, str], form: Format, *, title: str | None = None, is_synthetic: bool = False
) -> None:
    """Print the named columns of the rows; `columns` maps field name to header.

    Raises ConfigError when a workbook would go to a terminal.
    """
    cells = [[row.get(name) for name in columns] for row in rows]
    if form is Format.TABLE:
        console.print(_table(cells, list(columns.values()), title))
    elif form is Format.CSV:
        sys.stdout.write(_csv(cells, list(columns)))
    elif form is Format.JSON:
        say_json([dict(zip(columns, row, strict=True)) for row in cells])
    elif form is Format.XLSX:
        if sys.stdout.isatty():
            raise ConfigError("a workbook cannot be shown here; send it to a file: --format xlsx > table.xlsx")
        sys.stdout.buffer.write(_xlsx(cells, list(columns.values()), is_synthetic=is_synthetic))
    else:
        sys.stdout.write(markdown_table(list(columns.values()), cells) + "\n")


def _table(cells: list[list[Any]], headers: list[str], title: str | None) -> Table:
    table = Table(title=title, title_justify="left", header_style="bold", row_styles=["", "dim"])
    for i, header in enumerate(headers):
        numeric = any(isinstance(row[i], (int, float, Decimal)) for row in cells)
        table.add_column(header, justify="right" if numeric else "left", overflow="fold")
    for row in cells:
        table.add_row(*(rounded(value) for value in row))
    return table


def _csv(cells: list[list[Any]], names: list[str]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([safe_cell(value) for value in row] for row in cells)
    return stream.getvalue()


def _xlsx(cells: list[list[Any]], headers: list[str], *, is_synthetic: bool) -> bytes:
    """A workbook of one sheet, with a filter and a frozen header; a synthetic one says so on its tab and in print."""
    import xlsxwriter

    stream = io.BytesIO()
    as_text = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(stream, {**as_text, "default_date_format": "yyyy-mm-dd"}) as book:
        book.set_properties({"created": datetime(2000, 1, 1)})  # no clock: the same rows give the same bytes
        sheet = book.add_worksheet("合成数据 SYNTHETIC" if is_synthetic else "数据 data")
        sheet.write_row(0, 0, headers, book.add_format({"bold": True, "bottom": 1}))
        for line, row in enumerate(cells, 1):
            sheet.write_row(line, 0, row)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(len(cells), 1), len(headers) - 1)
        sheet.autofit()
        sheet.set_landscape()
        sheet.set_header(f"&L{SYNTHETIC}" if is_synthetic else "")
    return stream.getvalue()
