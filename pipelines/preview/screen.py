"""What a spreadsheet program shows otherwise than it is read, kind by kind: why somebody's screen and the landed value
differ, or what opening and saving the file there would spoil.

Belongs here: text files as a spreadsheet takes them in, and number cells whose format shows less than they hold. What
is hidden, merged or at fault in a workbook is said by its reader. Source: Excel's specifications and limits (15 digits;
11 in the General format).
"""

import re
from collections.abc import Iterator

import polars as pl

from pipelines.intake.readers.base import ROW, cell_columns
from pipelines.intake.workbooks.xlsx import screen_differences

_TEXT_SEEN = {
    "numbers of more than 15 digits: a spreadsheet replaces the last ones by zeros": r"^\d{16,}$",
    "long numbers: a spreadsheet shows them as 1.23E+11": r"^\d{12,15}(?:\.\d+)?$",
    "leading zeros: a spreadsheet drops them": r"^0\d+$",
    "codes that look like powers of ten: a spreadsheet makes numbers of them": r"^\d+[eE]\d+$",
    "pairs of numbers that a spreadsheet takes for dates": r"^\d{1,2}[-/]\d{1,2}$",
    "text that a spreadsheet takes for a formula": r"^[=@]|^[+-]\D",
}


def of_text(frame: pl.DataFrame, encoding: str | None) -> Iterator[str]:
    """Differences of a delimited text: one line per kind and column, with how often and the first row.

    `frame` is the table as read (`RawTable.frame`).
    """
    if encoding == "utf-8" and _holds_ideographs(frame):
        yield "UTF-8 without a mark: a spreadsheet may show it as mojibake; it is read right"
    cells = cell_columns(frame)
    for name in cells:
        for what, pattern in _TEXT_SEEN.items():
            hits = frame.filter(pl.col(name).str.contains(pattern))
            if hits.height:
                yield f"{name}: {what} ({hits.height} cells, first: row {hits[ROW][0]}); read as written"


def of_workbook(content: bytes) -> Iterator[str]:
    """Differences of an .xlsx workbook: number cells that show fewer digits than they hold; by sheet and column."""
    for found in screen_differences(content):
        yield (
            f"sheet {found.sheet}, column {found.column}: {found.n} cells show less than they hold under the format "
            f"{found.code} (first: row {found.row}, read as {found.text})"
        )


def _holds_ideographs(frame: pl.DataFrame) -> bool:
    return any(re.search("[\u4e00-\u9fff]", name) for name in frame.columns) or any(
        frame.head(200).select(pl.col(pl.String).str.contains("[\u4e00-\u9fff]").any()).row(0)
    )
