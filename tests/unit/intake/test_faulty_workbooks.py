"""Workbooks land as their reader sees them: each faulty file gives its right value, and so do others of its kind."""

import io
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import polars as pl
import pytest
import xlsxwriter
from openpyxl.styles import numbers
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.contracts.registry import contract
from pipelines.intake.conform import Conformed, conform
from pipelines.intake.readers import read_member
from pipelines.intake.readers.base import UnreadableFile
from pipelines.intake.readers.workbook import read_excel
from pipelines.intake.readers.workbook_process import one_process

HEADER = ["质押登记号", "权利类型", "权利号", "权利名称", "质押登记日", "出质人", "质权人", "质押金额(万元)", "区县"]
RIGHTS = ["201210424464.6", "201310699744.2", "201510481495.9"]

Content = Callable[[str], bytes]


def landed(content: bytes, source: str = "pledges") -> tuple[Conformed, tuple[str, ...]]:
    """What a workbook becomes, and what is noted of it."""
    table = read_member("样例.xlsx", content, source)
    return conform([table.frame], contract(source), date(2024, 6, 30)), table.notes


def rejects(conformed: Conformed) -> list[tuple[Any, ...]]:
    return conformed.rejects.select("source_row", "reason", "field", "value").rows()


def book(*rows: list[Any], prepare: Callable[[Any, Any], None] | None = None) -> bytes:
    """A workbook of one sheet; `prepare` is given the book and the sheet."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as made:
        sheet = made.add_worksheet("台账")
        for position, row in enumerate(rows):
            sheet.write_row(position, 0, row)
        if prepare:
            prepare(made, sheet)
    return content.getvalue()


def patched(content: bytes, old: str, new: str) -> bytes:
    """The workbook with a piece of its first sheet written otherwise."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(result, "w") as after:
        for name in before.namelist():
            part = before.read(name)
            if name == "xl/worksheets/sheet1.xml":
                assert old.encode() in part
                part = part.replace(old.encode(), new.encode())
            after.writestr(name, part)
    return result.getvalue()


def pledge(number: str, amount: object = 500, right: object = RIGHTS[0], day: object = "2021-03-05") -> list[Any]:
    return [number, "专利", right, "釉料", day, "淄博样例陶瓷有限公司", "样例银行", amount, "张店区"]


# The files


def test_days_are_counted_from_where_the_workbook_counts(faulty: Content) -> None:
    conformed, _ = landed(faulty("03_pledges__date1904_cjk_format.xlsx"))
    assert conformed.bronze["registration_date"].to_list() == [date(2021, 3, 5)]


def test_a_percent_cell_is_the_percentage_it_shows(faulty: Content) -> None:
    conformed, _ = landed(faulty("03_surveys__percent_cells.xlsx"), "surveys")
    assert conformed.bronze["score"].to_list() == [pytest.approx(85.32)]


def test_a_number_that_was_an_application_number_keeps_its_digits(faulty: Content) -> None:
    conformed, _ = landed(faulty("03_patents__application_no_as_number.xlsx"), "patents")
    assert conformed.bronze["application_no"].to_list() == RIGHTS
    conformed, _ = landed(faulty("03_pledges__right_no_as_number.xlsx"))
    assert conformed.bronze.select("right_no", "application_no").rows() == [(RIGHTS[0], RIGHTS[0])]


def test_a_number_of_eighteen_digits_identifies_nothing(faulty: Content) -> None:
    conformed, _ = landed(faulty("03_pledges__eighteen_digit_numbers.xlsx"))
    assert conformed.bronze.is_empty()
    assert [(row, reason, name) for row, reason, name, _ in rejects(conformed)] == [
        (2, "identifier_spoiled", "registration_no"),
        (3, "identifier_spoiled", "registration_no"),
    ]


def test_an_error_is_no_blank(faulty: Content) -> None:
    conformed, _ = landed(faulty("03_pledges__error_values.xlsx"))
    assert rejects(conformed) == [
        (2, "number_unparseable", "amount_yuan", "#VALUE!"),
        (3, "number_unparseable", "amount_yuan", "#REF!"),
        (4, "number_unparseable", "amount_yuan", "#DIV/0!"),
    ]


def test_a_formula_without_its_result_is_no_blank(faulty: Content) -> None:
    conformed, _ = landed(faulty("03_pledges__formula_never_calculated.xlsx"))
    assert rejects(conformed) == [(2, "number_unparseable", "amount_yuan", "=250*2")]
    assert conformed.bronze["registration_no"].to_list() == ["Y2"]


def test_hidden_sheets_are_set_aside_by_name(faulty: Content) -> None:
    conformed, notes = landed(faulty("03_pledges__hidden_sheets.xlsx"))
    assert conformed.bronze.select("registration_no", "amount_yuan").rows() == [("Y1", Decimal(5_000_000))]
    assert notes == ("hidden sheet 旧稿 set aside: 2 rows", "very hidden sheet Q3 set aside: 2 rows")


def test_a_merged_cell_holds_for_each_of_its_rows(faulty: Content) -> None:
    conformed, _ = landed(faulty("03_pledges__merged_rows.xlsx"))
    assert conformed.bronze.select("registration_no", "right_no", "amount_yuan").rows() == [
        *(("Y1", right, Decimal(5_000_000)) for right in RIGHTS),
        ("Y2", RIGHTS[0], Decimal(5_000_000)),
    ]


# Others of their kinds


def test_errors_and_formulas_reject_whatever_the_field_holds() -> None:
    def prepare(_: Any, sheet: Any) -> None:
        sheet.write_formula(1, 5, "=NA()", None, "#N/A")  # the pledgor: text, where #N/A as text is nothing
        sheet.write_formula(2, 4, "=1/0", None, "#DIV/0!")
        sheet.write_formula(3, 5, "=B1", None, "")  # a formula whose result is no text: nothing entered

    content = book(HEADER, *(pledge(f"Y{n}") for n in (1, 2, 3)), prepare=prepare)
    conformed, _ = landed(patched(content, '<c r="F4"><f>', '<c r="F4" t="str"><f>'))
    assert rejects(conformed) == [
        (2, "cell_error", "pledgor", "#N/A"),
        (3, "date_unparseable", "registration_date", "#DIV/0!"),
    ]
    assert conformed.bronze.select("registration_no", "pledgor").rows() == [("Y3", None)]


def test_the_zero_of_a_program_that_does_not_calculate_is_no_result() -> None:
    def prepare(_: Any, sheet: Any) -> None:
        sheet.write_formula(1, 7, "=250*2")  # xlsxwriter stores 0 and has the spreadsheet calculate

    conformed, _ = landed(book(HEADER, pledge("Y1"), prepare=prepare))
    assert rejects(conformed) == [(2, "number_unparseable", "amount_yuan", "=250*2")]


def test_text_that_looks_like_an_error_is_nothing_where_it_was_typed() -> None:
    conformed, _ = landed(book(HEADER, [*pledge("Y1")[:5], "#N/A", *pledge("Y1")[6:]]))
    assert conformed.bronze["pledgor"].to_list() == [None]


def _hide(_: Any, sheet: Any) -> None:
    sheet.set_row(2, None, None, {"hidden": True})
    sheet.set_column(3, 3, None, None, {"hidden": True})


def test_hidden_rows_and_columns_are_counted_and_listed() -> None:
    conformed, notes = landed(book(HEADER, *(pledge(f"Y{n}") for n in (1, 2, 3)), prepare=_hide))
    assert conformed.bronze.select("source_row", "registration_no", "right_name").rows() == [
        (row, f"Y{row - 1}", "釉料") for row in (2, 3, 4)
    ]
    assert "sheet 台账: 1 hidden row counted: 3" in notes
    assert "sheet 台账: hidden column D counted (权利名称)" in notes


def test_a_hidden_column_is_named_by_its_header_alone() -> None:
    def prepare(_: Any, sheet: Any) -> None:
        sheet.write_row(1, 9, ["张三丰"])
        sheet.set_column(9, 9, None, None, {"hidden": True})

    _, notes = landed(book(HEADER, pledge("Y1"), pledge("Y2"), prepare=prepare))
    assert "sheet 台账: hidden column J counted" in notes and "张三丰" not in "".join(notes)


def test_filtered_rows_are_called_so() -> None:
    def prepare(_: Any, sheet: Any) -> None:
        sheet.autofilter(0, 0, 2, 8)
        sheet.filter_column(8, "x == 张店区")
        sheet.set_row(1, None, None, {"hidden": True})

    _, notes = landed(book(HEADER, pledge("Y1"), pledge("Y2"), prepare=prepare))
    assert "sheet 台账: 1 filtered row counted: 2" in notes


def test_a_contract_may_set_aside_hidden_rows_and_count_hidden_sheets() -> None:
    other = contract("pledges").model_copy(update={"hidden_cells": "set_aside", "hidden_sheets": "counted"})
    content = book(HEADER, *(pledge(f"Y{n}") for n in (1, 2, 3)), prepare=_hide)
    table = read_excel(content, other)
    assert table.frame["质押登记号"].to_list() == ["Y1", "Y3"] and "权利名称" not in table.frame.columns
    assert "sheet 台账: 1 hidden row set aside: 3" in table.notes
    hide_first = book(
        HEADER, pledge("Y1"), prepare=lambda _, sheet: sheet.set_column(0, 0, None, None, {"hidden": True})
    )
    with pytest.raises(
        UnreadableFile, match=r"required column missing: 登记号.*hidden column A set aside \(质押登记号\)"
    ):
        read_excel(hide_first, other)


def test_a_title_over_all_columns_stands_once_and_a_merged_header_for_each_of_its_columns() -> None:
    def prepare(_: Any, sheet: Any) -> None:
        sheet.merge_range(0, 0, 0, 8, "2021年知识产权质押台账")
        sheet.merge_range(3, 4, 4, 4, "2021-03-05")
        sheet.merge_range(5, 0, 5, 8, "注:金额为登记金额")

    rows = [[], HEADER, pledge("Y1"), pledge("Y2", day=None), pledge("Y3", day=None)]
    conformed, notes = landed(book(*rows, prepare=prepare))
    assert conformed.bronze.select("registration_no", "registration_date").rows() == [
        (f"Y{number}", date(2021, 3, 5)) for number in (1, 2, 3)
    ]
    assert any("1 remark row set aside: 6" in note for note in notes)


def test_a_unit_that_the_format_writes_is_the_cells_unit() -> None:
    def prepare(made: Any, sheet: Any) -> None:
        sheet.write_number(1, 7, 5_000_000, made.add_format({"num_format": '#,##0"元"'}))
        sheet.write_number(2, 7, 5_000_000, made.add_format({"num_format": "#,##0,"}))  # shows 5,000

    conformed, _ = landed(book(HEADER, pledge("Y1"), pledge("Y2"), prepare=prepare))
    assert conformed.bronze["amount_yuan"].to_list() == [Decimal(5_000_000), Decimal(50_000_000)]


def test_zeros_that_the_format_shows_belong_to_the_number() -> None:
    def prepare(made: Any, sheet: Any) -> None:
        sheet.write_number(1, 0, 42, made.add_format({"num_format": "000000"}))

    conformed, _ = landed(book(HEADER, pledge("Y1"), prepare=prepare))
    assert conformed.bronze["registration_no"].to_list() == ["000042"]


def test_a_month_is_no_day_though_the_cell_holds_one() -> None:
    def prepare(made: Any, sheet: Any) -> None:
        sheet.write_number(1, 4, 44260, made.add_format({"num_format": 'yyyy"年"m"月"'}))

    conformed, _ = landed(book(HEADER, pledge("Y1"), prepare=prepare))
    assert rejects(conformed) == [(2, "date_unparseable", "registration_date", "2021-03")]


# One fault planted in a clean workbook: the right value, or named


@dataclass
class Planted:
    """A clean sheet of openpyxl's with one fault in it."""

    sheet: Worksheet
    row: int
    """A row of the sheet."""
    named: set[str] = field(default_factory=set)
    """Registrations that must not land with a value: rejected by name, or set aside with a note."""

    @property
    def number(self) -> str:
        return f"Y{self.row}"


def _error(planted: Planted) -> None:
    planted.sheet.cell(planted.row, 8).value = "#REF!"
    planted.sheet.cell(planted.row, 8).data_type = "e"
    planted.named.add(planted.number)


def _uncalculated(planted: Planted) -> None:
    planted.sheet.cell(planted.row, 8).value = "=1+1"
    planted.named.add(planted.number)


def _long_number(planted: Planted) -> None:
    planted.sheet.cell(planted.row, 1).value = 370300202100012416
    planted.named.add(planted.number)


def _float_right(planted: Planted) -> None:
    planted.sheet.cell(planted.row, 3).value = float(RIGHTS[0])


def _serial_day(planted: Planted) -> None:
    cell = planted.sheet.cell(planted.row, 5)
    cell.value, cell.number_format = 44260, random.Random(planted.row).choice(['yyyy"年"m"月"d"日"', "m/d/yy", "aaaa"])


def _hidden_row(planted: Planted) -> None:
    planted.sheet.row_dimensions[planted.row].hidden = True


def _hidden_column(planted: Planted) -> None:
    planted.sheet.column_dimensions["D"].hidden = True


def _hidden_sheet(planted: Planted) -> None:
    book = planted.sheet.parent
    assert book is not None
    copy = book.copy_worksheet(planted.sheet)
    copy.sheet_state = "veryHidden"
    copy.cell(planted.row, 8).value = 99999


def _merged(planted: Planted) -> None:
    for row in (planted.row, planted.row + 1):
        planted.sheet.cell(row, 4).value = None
    planted.sheet.cell(planted.row, 4).value = "合并的名称"
    planted.sheet.merge_cells(start_row=planted.row, end_row=planted.row + 1, start_column=4, end_column=4)


def _unit_in_format(planted: Planted) -> None:
    cell = planted.sheet.cell(planted.row, 8)
    cell.value, cell.number_format = 5_000_000, '0"元"'


def _thousands_in_format(planted: Planted) -> None:
    cell = planted.sheet.cell(planted.row, 8)
    cell.value, cell.number_format = 5_000_000, '0.0,"千元"'  # shows 5000.0千元


def _date_1904(planted: Planted) -> None:
    book = planted.sheet.parent
    assert book is not None
    book.epoch = CALENDAR_MAC_1904
    cell = planted.sheet.cell(planted.row, 5)
    cell.value, cell.number_format = 44260 - 1462, numbers.FORMAT_DATE_YYYYMMDD2


PLANTS = (
    *(_error, _uncalculated, _long_number, _float_right, _serial_day, _hidden_row, _hidden_column, _hidden_sheet),
    *(_merged, _unit_in_format, _thousands_in_format, _date_1904),
)


@one_process()
def _mutate(plant: Callable[[Planted], None], seed: int) -> None:
    drawn = random.Random(seed)
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    rows = drawn.randint(3, 9)
    sheet.append(HEADER)
    for row in range(2, rows + 2):
        sheet.append(pledge(f"Y{row}"))
    planted = Planted(sheet, drawn.randint(2, rows))
    plant(planted)
    made.save(content := io.BytesIO())
    conformed, notes = landed(content.getvalue())
    found = conformed.bronze.select("registration_no", "amount_yuan", "registration_date", "right_no").rows()
    right = {
        f"Y{row}": (Decimal(5_000_000), date(2021, 3, 5), RIGHTS[0])
        for row in range(2, rows + 2)
        if f"Y{row}" not in planted.named
    }
    assert {number: rest for number, *rest in found} == {number: list(rest) for number, rest in right.items()}
    named = {row for row, *_ in rejects(conformed)} | {planted.row for note in notes if f": {planted.row}" in note}
    assert not planted.named or planted.row in named
    assert conformed.bronze.filter(pl.col("registration_no").is_duplicated()).is_empty()


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.__name__.strip("_"))
def test_one_fault_in_a_clean_workbook_lands_right_or_is_named(plant: Callable[[Planted], None]) -> None:
    for seed in range(4):
        _mutate(plant, seed)
