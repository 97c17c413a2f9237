"""A sheet of which only some cells are told beside the fast reader is the same as one read cell by cell."""

import io
import random
from typing import Any

import polars as pl
import pyarrow as pa
import pytest
import xlsxwriter

from pipelines.intake.readers.workbook_grids import grids
from pipelines.intake.workbooks import program
from pipelines.intake.workbooks.xlsx import Workbook
from tests.unit.intake.test_faulty_workbooks import contract


def drawn_book(seed: int) -> bytes:
    """Text and numbers, and among them a few cells of every kind that the fast reader does not tell."""
    drawn = random.Random(seed)
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet("台账")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for row in range(60):
            sheet.write_row(
                row, 0, [f"甲{row}", drawn.randint(0, 10**9), round(drawn.uniform(0, 1e6), 2), "a&<b>", "x"]
            )
            sheet.write_number(row, 5, drawn.randint(40_000, 45_000), day)
        special = [
            lambda row, column: sheet.write_formula(row, column, "=1/0", None, "#DIV/0!"),
            lambda row, column: sheet.write_formula(row, column, "=A1&B1", None, "甲乙"),
            lambda row, column: sheet.write_formula(row, column, "=1+1"),
            lambda row, column: sheet.write_number(row, column, 0.8532, book.add_format({"num_format": "0.00%"})),
            lambda row, column: sheet.write_number(row, column, 42, book.add_format({"num_format": "000000"})),
            lambda row, column: sheet.write_number(row, column, 370300202100012416),
            lambda row, column: sheet.write_number(row, column, 44260, book.add_format({"num_format": 57})),
            lambda row, column: sheet.write_number(row, column, 1.5e-7),
        ]
        for write in drawn.sample(special, drawn.randint(1, 8)):
            write(drawn.randint(1, 59), drawn.randint(1, 6))
        if drawn.random() < 0.5:
            sheet.merge_range(10, 1, 12, 2, "合并")
        if drawn.random() < 0.5:
            sheet.set_row(20, None, None, {"hidden": True})
            sheet.set_column(3, 3, None, None, {"hidden": True})
    return content.getvalue()


def batches(content: bytes) -> list[pa.RecordBatch]:
    return list(program._xlsx(content))


@pytest.mark.parametrize("seed", range(12))
def test_cells_laid_over_the_fast_readers_are_those_read_one_by_one(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    content = drawn_book(seed)

    def grid() -> tuple[pl.DataFrame, list[str]]:
        notes: list[str] = []
        monkeypatch.setattr(
            "pipelines.intake.readers.workbook_grids.open_workbook",
            lambda _: [pa.Table.from_batches([batch]) for batch in batches(content)],
        )
        ((_, found),) = grids(content, contract("pledges"), notes)
        return found, notes

    beside = Workbook(content).beside_fast(Workbook(content).parts[0])
    assert beside is not None and (beside.columns or beside.merged)
    laid_over = grid()
    monkeypatch.setattr(Workbook, "beside_fast", lambda *_: None)
    one_by_one = grid()
    assert laid_over[1] == one_by_one[1]
    assert _figures(laid_over[0]).equals(_figures(one_by_one[0]))


def _figures(grid: pl.DataFrame) -> pl.DataFrame:
    """The grid with numbers compared as numbers: the fast reader prints nine decimals."""
    decimal = pl.col(pl.String).str.contains(r"^-?\d+\.\d+$")
    number = pl.col(pl.String).cast(pl.Float64, strict=False).round(8).cast(pl.String)
    return grid.with_columns(pl.when(decimal).then(number).otherwise(pl.col(pl.String)).name.keep())


def test_most_cells_special_are_read_one_by_one() -> None:
    content: Any = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet()
        share = book.add_format({"num_format": "0%"})
        for row in range(20):
            sheet.write_number(row, 0, 0.5, share)
    book = Workbook(content.getvalue())
    assert book.beside_fast(book.parts[0]) is None
