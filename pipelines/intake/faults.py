"""Cells at fault: how a reader's mark in a cell (workbooks.marks) is heard when a table is conformed.

Belongs here: telling the reason from what the cell shows. Does not belong here: which cells are such (the readers), and
what happens to their rows (conform.py).
"""

import polars as pl

from pipelines.intake.workbooks.marks import IDENTIFIER_SPOILED, MARK

__all__ = ["IDENTIFIER_SPOILED", "MARK", "column_of", "set_apart", "shown"]


def shown(text: pl.Expr) -> pl.Expr:
    """What a cell shows, at fault or not."""
    return text.str.replace(f"^{MARK}[a-z_]+{MARK}", "")


def set_apart(frame: pl.DataFrame) -> pl.DataFrame:
    """Cells as they show; for each column with faults one more, `column_of` it, with the reason where there is one."""
    texts = [name for name, dtype in frame.schema.items() if dtype == pl.String]
    has_fault = frame.select(pl.col(name).str.starts_with(MARK).any() for name in texts)
    at_fault = [name for name in texts if has_fault[name][0]]
    return frame.with_columns(
        *(shown(pl.col(name)) for name in at_fault),
        *(pl.col(name).str.extract(f"^{MARK}([a-z_]+){MARK}", 1).alias(column_of(name)) for name in at_fault),
    )


def column_of(name: str) -> str:
    """The column that holds the reasons for which cells of a column are at fault."""
    return f"{MARK}{name}"
