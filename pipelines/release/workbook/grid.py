"""A table on a sheet: bilingual headers, number formats by unit, statuses in colour and words, frozen, ready for A4.

Which tables there are, and what is in them, is in `sheets`. Cells hold unrounded numbers; only their format rounds.
Text is written as text: no delivered cell becomes a formula or a link.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from unicodedata import east_asian_width

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from pipelines.release.display import STATUS_STYLES, SYNTHETIC
from pipelines.release.rows import Row

Kind = Literal["text", "id", "count", "value", "wan", "share", "year", "date", "status", "flag"]

HEADER_ROW = 2
"""Above it the title and the release; below it the data."""

_WIDE_FROM = 10_000
_LINE = 16.5
"""Height of a line of text: no program is asked to fit rows, since some do not when they open a file."""
_LOOK = {"valign": "top", "font_name": "Microsoft YaHei", "font_size": 10}
_RULE = {"bottom": 1, "bottom_color": "#D9DEE6"}


@dataclass(frozen=True)
class Column:
    """A column: the row's field, its two headers, how its cells are written, its width in characters."""

    name: str
    zh: str
    en: str
    kind: Kind = "text"
    width: int = 12


class Grid:
    """Writes tables into one workbook, with formats shared by its sheets."""

    def __init__(self, book: xlsxwriter.Workbook, release: Row) -> None:
        self._book, self._release = book, release
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}

    def sheet(self, zh: str, en: str) -> Worksheet:
        """A new sheet for A4 landscape, with title, release and, where it is so, the word that data are synthetic."""
        sheet = self._book.add_worksheet(f"{zh} {en}")
        release = f"版本 release {self._release['release_id']} · 数据截至 as of {self._release['as_of']}"
        sheet.write_string(0, 0, f"{zh} {en}", self.format(bold=True, font_size=14))
        sheet.write_string(
            1, 0, self._said(release), self.format(font_color="#7C2D12" if self._synthetic else "#566172")
        )
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(0.4, 0.4, 0.6, 0.6)
        sheet.set_header(f"&L{zh} {en}&R{SYNTHETIC if self._synthetic else ''}")
        sheet.set_footer(f"&L{release}&R&P / &N")
        return sheet

    def table(
        self, sheet: Worksheet, columns: Sequence[Column], rows: Sequence[Row], *, top: int = HEADER_ROW, left: int = 0
    ) -> int:
        """Headers and rows from a cell on; returns the line after the last. The sheet's first table freezes, filters
        and decides heights and widths.
        """
        is_first = (top, left) == (HEADER_ROW, 0)
        for x, column in enumerate(columns, left):
            aligned = "left" if column.kind in ("text", "id", "status", "flag") else "right"
            indent = 1 if aligned == "left" else 0
            head = self.format(bold=True, text_wrap=True, align=aligned, indent=indent, bg_color="#E8EDF4", bottom=1)
            sheet.write_string(top, x, f"{column.zh}\n{column.en}", head)
            if top == HEADER_ROW:
                sheet.set_column(x, x, column.width)
            for y, row in enumerate(rows, top + 1):
                self._cell(sheet, y, x, column, row)
        end = top + len(rows)
        if left == 0:
            sheet.set_row(top, 46)
            for y, row in enumerate(rows, top + 1):
                sheet.set_row(y, _LINE * max(_lines(column, row) for column in columns))
        if is_first:
            sheet.freeze_panes(top + 1, 2)
            sheet.autofilter(top, 0, max(end, top + 1), len(columns) - 1)
            sheet.repeat_rows(top)
        return end + 1

    def text(self, sheet: Worksheet, y: int, x: int, words: str) -> None:
        """A line of text beside or below a table."""
        sheet.write_string(y, x, words, self.format(font_color="#566172"))

    def format(self, **properties: Any) -> Format:
        """The workbook's format of these properties, made once."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format({**_LOOK, **properties})
        return self._formats[key]

    @property
    def _synthetic(self) -> bool:
        return bool(self._release["is_synthetic"])

    def _said(self, release: str) -> str:
        return f"{SYNTHETIC} · {release}" if self._synthetic else release

    def _cell(self, sheet: Worksheet, y: int, x: int, column: Column, row: Row) -> None:
        value = row.get(column.name)
        if column.kind == "status":
            style = STATUS_STYLES[row["status_id"]]
            look = self.format(
                font_color=style.colour, bg_color=style.background, text_wrap=True, align="left", indent=1, **_RULE
            )
            sheet.write_string(y, x, _text(column, row), look)
        elif value is None or value == "":
            sheet.write_blank(y, x, None, self.format(**_RULE))
        elif isinstance(value, date):
            sheet.write_datetime(y, x, value, self.format(num_format="yyyy-mm-dd", align="right", **_RULE))
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            number = value / _WIDE_FROM if column.kind == "wan" else value
            sheet.write_number(y, x, number, self.format(num_format=_number_format(column.kind, row, value), **_RULE))
        else:
            sheet.write_string(
                y, x, _text(column, row), self.format(text_wrap=column.kind == "text", align="left", indent=1, **_RULE)
            )


def _text(column: Column, row: Row) -> str:
    """What a text cell says; a status says symbol and words, so that colour is never all there is."""
    value = row.get(column.name)
    if column.kind == "status":
        return f"{STATUS_STYLES[row['status_id']].symbol} {row['status_zh']} {row['status_en']}"
    if isinstance(value, bool):
        return "✓ 是 yes" if value else "✗ 否 no"
    return "" if value is None else str(value)


def _lines(column: Column, row: Row) -> int:
    """Lines a wrapped cell takes; a Chinese character is two wide."""
    if column.kind not in ("text", "status"):
        return 1
    wide = sum(2 if east_asian_width(letter) in "WF" else 1 for letter in _text(column, row))
    return max(1, -(-wide // column.width))


def in_wan(value: float | None, unit: str | None) -> float | None:
    """A count that people say in 万; None for smaller ones and for units that hold 万 or 亿 already."""
    said_otherwise = not unit or unit[0] in "万亿%" or unit in ("分", "天", "件/万人")
    return None if value is None or said_otherwise or abs(value) < _WIDE_FROM else value


def _number_format(kind: Kind, row: Row, value: float) -> str:
    """A share as percent, a year without separator, a value with its unit and its indicator's decimals."""
    if kind == "share":
        return "0.0%"
    if kind == "year":
        return "0"
    if kind == "wan":
        return '#,##0.00"万"'
    if kind == "count":
        return "#,##0"
    decimals = row.get("decimals")
    if decimals is None:
        decimals = 0 if float(value).is_integer() else 2
    unit = f' "{row["unit"]}"' if row.get("unit") else ""
    return "#,##0" + ("." + "0" * decimals if decimals else "") + unit
