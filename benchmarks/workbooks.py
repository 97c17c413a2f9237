"""Reading .xlsx sheets as their reader sees them, against fastexcel alone: what number formats, formulas, merged and
hidden cells cost.

Run `python benchmarks/workbooks.py [--rows N]`. Processor time, the best of three; each ratio compares two figures of
one run on one machine, so it means something where absolute times do not.
"""

import argparse
import io
import time
from collections.abc import Callable
from typing import Any

import fastexcel
import xlsxwriter

from pipelines.intake.workbooks import program

Prepare = Callable[[Any, Any], None]

FEATURES: dict[str, Prepare] = {
    "plain": lambda book, sheet: None,
    "a merged title": lambda book, sheet: sheet.merge_range(0, 0, 0, 9, "台账"),
    "a hidden row": lambda book, sheet: sheet.set_row(7, None, None, {"hidden": True}),
    "a percentage": lambda book, sheet: sheet.write_number(3, 9, 0.5, book.add_format({"num_format": "0.00%"})),
    "a formula": lambda book, sheet: sheet.write_formula(3, 9, "=1+1", None, 2),
    "an error": lambda book, sheet: sheet.write_formula(3, 9, "=1/0", None, "#DIV/0!"),
}


def workbook(rows: int, prepare: Prepare) -> bytes:
    """Eight columns of text, one of days, one of amounts."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet("台账")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for row in range(1, rows + 1):
            sheet.write_row(row, 0, [f"文本{row % 977}{column}" for column in range(8)])
            sheet.write_number(row, 8, 44260 + row % 700, day)
            sheet.write_number(row, 9, row * 1.25)
        prepare(book, sheet)
    return content.getvalue()


def alone(content: bytes) -> None:
    """The floor: fastexcel, every cell text."""
    fastexcel.read_excel(content).load_sheet(0, header_row=None, skip_rows=0, dtypes="string").to_arrow()


def as_shown(content: bytes) -> None:
    """What the intake's own process does."""
    program.main(io.BytesIO(len(content).to_bytes(program.LENGTH) + content), io.BytesIO())


def seconds(read: Callable[[bytes], None], content: bytes) -> float:
    """The least processor time of three."""
    found = []
    for _ in range(3):
        start = time.process_time()
        read(content)
        found.append(time.process_time() - start)
    return min(found)


def main() -> None:
    """Print a line for each feature."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=50_000)
    rows = parser.parse_args().rows
    print(f"{'sheet with':16} {'fastexcel s':>12} {'as shown s':>12} {'ratio':>6} {'rows/s':>9}")
    for name, prepare in FEATURES.items():
        content = workbook(rows, prepare)
        floor, own = seconds(alone, content), seconds(as_shown, content)
        print(f"{name:16} {floor:12.2f} {own:12.2f} {own / floor:6.1f} {rows / own:9,.0f}")


if __name__ == "__main__":
    main()
