"""How `ipw` prints rows: a table for people, and csv, json or md for everything else. No query lives here."""

import csv
import io
import json
import os
import sys
from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any

from rich.console import Console
from rich.table import Table

from pipelines.release.display import markdown_table, rounded
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
    MD = "md"


def say_json(document: Mapping[str, Any] | Sequence[Any]) -> None:
    """Write one JSON document; dates and paths as text."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=1, default=str) + "\n")


def show(rows: Rows, columns: Mapping[str, str], form: Format, *, title: str | None = None) -> None:
    """Print the named columns of the rows; `columns` maps field name to header."""
    cells = [[row.get(name) for name in columns] for row in rows]
    if form is Format.TABLE:
        console.print(_table(cells, list(columns.values()), title))
    elif form is Format.CSV:
        sys.stdout.write(_csv(cells, list(columns)))
    elif form is Format.JSON:
        say_json([dict(zip(columns, row, strict=True)) for row in cells])
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
