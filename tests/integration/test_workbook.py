"""The workbook as read back by another library, and by LibreOffice: the marts' numbers, text as text, ready to print."""

import shutil
from datetime import datetime
from itertools import takewhile
from pathlib import Path

import duckdb
import openpyxl
import pytest
from openpyxl.workbook import Workbook

from pipelines.release import workbook
from tests.conftest import converted
from tests.support import query

pytestmark = pytest.mark.slow

SHEETS = ["目标 Board", "区县 Districts", "序列 Series", "任务 Tasks", "修订 Revisions", "核对 Reconciliation",
          "数据健康 Data health", "阅读说明 Reading notes"]  # fmt: skip
HEADER = 3


@pytest.fixture(scope="module")
def book(published_file: Path) -> Workbook:
    return openpyxl.load_workbook(published_file)


@pytest.fixture(scope="module")
def published_file(sample_warehouse: Path) -> Path:
    return (sample_warehouse / "current" / "targets.xlsx").resolve()


def lines(book: Workbook, sheet: str) -> list[dict[str, object]]:
    """Rows of a sheet's first table by their English headers."""
    cells = book[sheet]
    named = list(takewhile(lambda cell: cell.value, cells[HEADER]))
    heads = [str(cell.value).split("\n")[-1] or str(cell.value).split("\n")[0] for cell in named]
    found = []
    for row in cells.iter_rows(min_row=HEADER + 1):
        if row[0].value is None:
            break
        found.append({head: cell.value for head, cell in zip(heads, row, strict=False)})
    return found


def test_the_sheets_are_there_in_both_languages(book: Workbook) -> None:
    assert book.sheetnames == SHEETS
    for name in SHEETS[:-1]:
        assert all("\n" in str(cell.value) for cell in book[name][HEADER] if cell.value)


def test_the_board_holds_the_unrounded_numbers_of_the_marts(book: Workbook, published: Path) -> None:
    board = {(line["plan"], line["id"], line["year"]): line for line in lines(book, "目标 Board")}
    marts = query(
        published,
        "select plan_id, target_id, year, target_value, actual_value, gap, completion_rate, status_zh "
        "from marts.target_vs_actual where actual_value is not null",
    )
    compared = 0
    for plan, target, year, *numbers, status in marts:
        if line := board.get((plan, target, year)):
            shown = [line["target value"], line["actual"], line["gap"], line["completion"]]
            assert shown == [pytest.approx(n, rel=1e-14) if n is not None else None for n in numbers]
            assert status in str(line["status"])
            compared += 1
    assert compared > 15


def test_a_missing_value_is_blank_and_never_zero(book: Workbook) -> None:
    missing = [line for line in lines(book, "目标 Board") if "无数据" in str(line["status"])]
    assert missing and all(line["actual"] is None and line["gap"] is None for line in missing)


def test_codes_are_text_and_nothing_is_a_formula(book: Workbook) -> None:
    assert all(isinstance(line["region"], str) for line in lines(book, "区县 Districts"))
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds and not any(sheet._hyperlinks for sheet in book)


def test_numbers_are_shown_in_their_units_and_in_wan(book: Workbook) -> None:
    cells = book["目标 Board"]
    heads = {str(c.value).split("\n")[0]: c.column - 1 for c in takewhile(lambda cell: cell.value, cells[HEADER])}
    rows = {row[0].value: row for row in cells.iter_rows(min_row=HEADER + 1) if row[0].value}
    assert rows["N3"][heads["实际值"]].number_format == '#,##0.00 "亿元"'
    assert rows["T02"][heads["实际值(万)"]].number_format == '#,##0.00"万"'
    assert rows["T02"][heads["实际值(万)"]].value == pytest.approx(rows["T02"][heads["实际值"]].value / 10_000)
    assert rows["N3"][heads["完成率"]].number_format == "0.0%"


def test_a_status_is_told_by_words_and_symbol_beside_its_colour(book: Workbook) -> None:
    cells = book["目标 Board"]
    (column,) = [cell.column for cell in cells[HEADER] if str(cell.value) == "状态\nstatus"]
    looks = {}
    for row in range(HEADER + 1, HEADER + 30):
        cell = cells.cell(row, column)
        words = str(cell.value).split()
        assert len(words) >= 3
        looks.setdefault(cell.fill.start_color.rgb, set()).add(words[1])
    assert len(looks) > 2


def test_sheets_print_on_a4_with_their_headers_and_say_what_is_synthetic(book: Workbook) -> None:
    for name in SHEETS:
        sheet = book[name]
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
        assert sheet.page_setup.fitToHeight == 0 and sheet.sheet_properties.pageSetUpPr.fitToPage
        assert "SYNTHETIC" in str(sheet["A2"].value) and "SYNTHETIC" in str(sheet.oddHeader.right.text)
    for name in SHEETS[:-1]:
        assert book[name].freeze_panes == "C4" and book[name].print_title_rows == "$3:$3"
        assert book[name].auto_filter.ref


def test_charts_are_native(book: Workbook) -> None:
    assert [len(book[name]._charts) for name in SHEETS[:3]] == [1, 4, 6]


def test_the_same_release_gives_the_same_bytes(published: Path, published_file: Path, tmp_path: Path) -> None:
    workbook.write(tmp_path / "again.xlsx", (published / "marts.duckdb").resolve())
    assert (tmp_path / "again.xlsx").read_bytes() == published_file.read_bytes()


def test_delivered_text_that_looks_like_a_formula_stays_text(published: Path, tmp_path: Path) -> None:
    marts = tmp_path / "marts.duckdb"
    shutil.copyfile((published / "marts.duckdb").resolve(), marts)
    with duckdb.connect(str(marts)) as connection:
        connection.execute("update task_status set title_zh = '=HYPERLINK(\"http://x\",1)', title_en = '@SUM(1)'")
    workbook.write(tmp_path / "hostile.xlsx", marts)
    tasks = openpyxl.load_workbook(tmp_path / "hostile.xlsx")["任务 Tasks"]
    assert {(cell.data_type, str(cell.value)[0]) for cell in tasks["B"][HEADER:] if cell.value} == {("s", "=")}


def test_libreoffice_opens_it_and_reads_the_same(book: Workbook, published_file: Path, tmp_path: Path) -> None:
    again = openpyxl.load_workbook(converted(published_file, "xlsx", tmp_path))
    assert again.sheetnames == SHEETS
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                other = again[sheet.title].cell(cell.row, cell.column).value
                if isinstance(cell.value, float):
                    assert other == pytest.approx(cell.value, rel=1e-12), cell.coordinate
                elif not isinstance(cell.value, datetime):
                    assert other == cell.value, (sheet.title, cell.coordinate)
