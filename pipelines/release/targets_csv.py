"""The target table for a spreadsheet: Chinese headers, UTF-8 with BOM, no formula can hide in it."""

import csv
from pathlib import Path

import duckdb

from pipelines.release.board import BOARD_COLUMNS, board
from pipelines.release.safe_text import safe_cell


def write(file: Path, marts: Path) -> None:
    """Write one row per target and plan year from `marts`; the first column says when data are synthetic."""
    with duckdb.connect(str(marts), read_only=True) as connection:
        rows = board(connection, every_year=True)
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(f"{column.zh} {column.en}" for column in BOARD_COLUMNS)
        writer.writerows([safe_cell(row[column.name]) for column in BOARD_COLUMNS] for row in rows)
