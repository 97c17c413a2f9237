"""Workbooks against an independent reader: what lands is what LibreOffice shows, whoever wrote the file.

Generated cells of every kind and format are written by openpyxl, by xlsxwriter and by LibreOffice's own converter, in
both date systems, and compared with LibreOffice's export of the same sheet as shown on the screen.
"""

import csv
import io
import json
import random
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pyarrow as pa
import pytest
import xlsxwriter
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from pipelines.contracts.registry import contract
from pipelines.intake.conform import conform
from pipelines.intake.readers import read_member
from pipelines.intake.workbooks import program
from tests.conftest import converted

DAYS = ("yyyy-mm-dd", "yyyy/m/d", 'yyyy"年"m"月"d"日"', '[$-804]yyyy"年"m"月"d"日";@', "yyyy.mm.dd", "yyyy-mm-dd hh:mm")
MONTHS = ('yyyy"年"m"月"', "yyyy")
NUMBERS = ("General", "0", "0.00", "#,##0.00", "#,##0.00;[Red]-#,##0.00", "#,##0_);(#,##0)", "0.00E+00")
PERCENTAGES = ("0%", "0.00%", "0.0 %")
PADDED = ("000000", '"CN"000000000"A"', "000-0000")
UNITS = ('0"万元"', '#,##0.00"元"', '0"人次"', "#,##0,", '0.0,,"百万"', '0\\.0,"万元"')
TEXTS = ("中文", "00123", "1e5", "'x", 'a"b', "多\n行", "TRUE", "=1+1", "2021-03-05", "𠮷田", "10%", "1/2", "a&<b>")
AS_SHOWN = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false"


class Cell(NamedTuple):
    kind: str
    code: str
    value: Any


def cells(seed: int) -> list[Cell]:
    """Some of every kind; none blank, so that every reader sees as many rows."""
    drawn = random.Random(seed)
    found = [Cell("day", code, drawn.randint(32_000, 46_000) + drawn.choice([0, 0, 0.4375])) for code in DAYS * 4]
    found += [Cell("month", code, drawn.randint(32_000, 46_000)) for code in MONTHS * 3]
    amounts = [0, 0.1 + 0.2, 1234567.891, 201210424464.6, 123456789012345, -5000]
    found += [Cell("number", code, drawn.choice([*amounts, drawn.uniform(-1e6, 1e9)])) for code in NUMBERS * 6]
    found += [Cell("figure", code, drawn.choice([0.8532, 1, 1.2345, 0.00123, 0.07])) for code in PERCENTAGES * 4]
    found += [Cell("figure", code, drawn.randint(1, 9_999_999)) for code in PADDED * 3]
    found += [Cell("figure", code, drawn.choice([500, 1234, 250_000, 12_345_678])) for code in UNITS * 3]
    found += [Cell("text", "@", text) for text in TEXTS]
    return [*found, Cell("boolean", "General", True), Cell("boolean", "General", False)]


def by_xlsxwriter(file: Path, drawn: list[Cell], is_1904: bool) -> None:
    book = xlsxwriter.Workbook(str(file), {"date_1904": is_1904})
    sheet = book.add_worksheet("S")
    for row, cell in enumerate(drawn):
        write = {"text": sheet.write_string, "boolean": sheet.write_boolean}.get(cell.kind, sheet.write_number)
        write(row, 0, cell.value, book.add_format({"num_format": cell.code}))
    book.close()


def by_openpyxl(file: Path, drawn: list[Cell], is_1904: bool) -> None:
    book = openpyxl.Workbook()
    if is_1904:
        book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    assert sheet is not None
    for row, cell in enumerate(drawn, start=1):
        written = sheet.cell(row, 1)
        written.value, written.number_format = cell.value, cell.code
        if cell.kind == "text":
            written.data_type = "s"
    book.save(file)


def landed(file: Path) -> list[str]:
    """The first column as the intake's own process gives it."""
    answers = io.BytesIO()
    content = file.read_bytes()
    program.main(io.BytesIO(len(content).to_bytes(program.LENGTH) + content), answers)
    given = io.BytesIO(answers.getvalue())
    assert given.read(1) == program.SHEET
    table = pa.ipc.open_stream(given).read_all()
    assert not json.loads(table.schema.metadata[b"sheet"])["is_fast"]
    return [str(text) for text in table.column(0).to_pylist()]


def agrees(cell: Cell, screen: str, text: str) -> bool:
    """Whether a landed text means what the screen shows, which may be rounded."""
    if cell.kind == "text":
        return text == screen
    if cell.kind == "boolean":
        return text == screen.lower()
    if cell.kind == "month":
        return _digits(text) == _digits(screen)
    if cell.kind == "day":
        seen_digits = _digits(screen)
        kept_digits = [*_digits(text), 0, 0, 0]  # a day lands without its midnight
        return len(seen_digits) >= 3 and kept_digits[: len(seen_digits)] == seen_digits
    number = re.compile(r"-?\d+(?:\.\d+)?(?:E[+-]\d+)?")
    (seen, of_screen), (kept, of_text) = (
        (number.search(whole), number.sub("", whole, count=1)) for whole in (_plain(screen), _plain(text))
    )
    if seen is None or kept is None or of_screen != of_text:
        return False
    if cell.code in PADDED:
        return seen[0] == kept[0]
    exponent = float(seen[0].partition("E")[2] or 0)
    unit = 10.0 ** (exponent - len(seen[0].partition("E")[0].partition(".")[2]))
    return abs(float(seen[0]) - float(kept[0])) <= unit * 0.5000001


def _digits(text: str) -> list[int]:
    return [int(digits) for digits in re.findall(r"\d+", text)]


def _plain(text: str) -> str:
    bracketed = re.fullmatch(r"\s*\((.*)\)\s*", text)
    return (f"-{bracketed[1]}" if bracketed else text).replace(",", "").replace(" ", "")


@pytest.mark.parametrize("is_1904", [False, True], ids=["1900", "1904"])
def test_what_lands_is_what_libreoffice_shows(is_1904: bool, tmp_path: Path) -> None:
    drawn = cells(20261129 + is_1904)
    by_xlsxwriter(written := tmp_path / "xlsxwriter.xlsx", drawn, is_1904)
    by_openpyxl(tmp_path / "openpyxl.xlsx", drawn, is_1904)
    shown = converted(written, AS_SHOWN, tmp_path).read_text(encoding="utf-8")
    screen = [row[0] for row in csv.reader(io.StringIO(shown, newline=""))]
    files = [written, tmp_path / "openpyxl.xlsx"]
    for kind in ("xls", "ods", "xlsx"):
        folder = tmp_path / kind
        folder.mkdir()
        files.append(converted(written, kind, folder))
    for file in files:
        texts = landed(file)
        assert len(texts) == len(screen) == len(drawn)
        wrong = [found for found in zip(drawn, screen, texts, strict=True) if not agrees(*found)]
        assert not wrong, f"{file.parent.name}/{file.name}: {wrong}"


HEADER = ["质押登记号", "权利类型", "权利号", "权利名称", "质押登记日", "出质人", "质权人", "质押金额(万元)", "区县"]


@pytest.mark.parametrize("kind", ["xls", "ods", "xlsx", "xlsm"])
def test_what_is_hidden_merged_or_at_fault_is_told_in_every_format(kind: str, tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(written := tmp_path / "台账.xlsx")) as book:
        sheet, old = book.add_worksheet("台账"), book.add_worksheet("旧稿")
        old.hide()
        old.write_row(0, 0, HEADER)
        for row, amount in enumerate((100, 200, 300, 400, 500, 600), start=1):
            cells = [f"Y{row}", "专利", "201210424464.6", "釉料", "2021-03-05", "淄博样例有限公司", "样例银行", amount]
            sheet.write_row(row, 0, [*cells, "张店区"])
            old.write_row(row, 0, [f"Z{row}", *cells[1:], "张店区"])
        sheet.write_row(0, 0, HEADER)
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_column(3, 3, None, None, {"hidden": True})
        sheet.write_formula(3, 7, "=1/0", None, "#DIV/0!")
        sheet.merge_range(4, 4, 5, 4, "2021-03-06")
        sheet.write_number(6, 7, 0.06, book.add_format({"num_format": '0.00"亿元"'}))
    (folder := tmp_path / kind).mkdir()
    file = converted(written, kind, folder)
    table = read_member(file.name, file.read_bytes(), "pledges")
    conformed = conform([table.frame], contract("pledges"), date(2024, 6, 30))
    assert conformed.bronze.select("registration_no", "amount_yuan", "registration_date", "right_name").rows() == [
        ("Y1", Decimal(1_000_000), date(2021, 3, 5), "釉料"),
        ("Y2", Decimal(2_000_000), date(2021, 3, 5), "釉料"),
        ("Y4", Decimal(4_000_000), date(2021, 3, 6), "釉料"),
        ("Y5", Decimal(5_000_000), date(2021, 3, 6), "釉料"),
        ("Y6", Decimal(6_000_000), date(2021, 3, 5), "釉料"),
    ]
    assert conformed.rejects.select("source_row", "reason", "field").rows() == [
        (4, "number_unparseable", "amount_yuan"),
    ]
    assert "hidden sheet 旧稿 set aside: 7 rows" in table.notes
    assert "sheet 台账: 1 hidden row counted: 3" in table.notes
    assert "sheet 台账: hidden column D counted (权利名称)" in table.notes
