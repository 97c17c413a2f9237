"""Binary workbooks: records written here by hand, shown to be a workbook by an independent reader (calamine)."""

import io
import struct
import zipfile
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import fastexcel
import pytest

from pipelines.contracts.registry import contract
from pipelines.intake.conform import conform
from pipelines.intake.readers import read_member
from pipelines.intake.readers.base import UnreadableFile
from tests.unit.intake.test_faulty_workbooks import HEADER, rejects

FORMATS = ("General", "yyyy\\-mm\\-dd", "0.00%", '0"元"')
DAY, PERCENT, YUAN = 1, 2, 3


@dataclass(frozen=True)
class Styled:
    """A number under one of FORMATS."""

    value: float
    style: int


@dataclass(frozen=True)
class Error:
    """A cell that shows an error."""

    code: int


Cell = str | float | Styled | Error | None


def record(kind: int, data: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, length = b"", len(data)
    while length >= 0x80:
        size, length = size + bytes([length & 0x7F | 0x80]), length >> 7
    return head + size + bytes([length]) + data


def text(value: str) -> bytes:
    encoded = value.encode("utf-16-le")
    return struct.pack("<I", len(encoded) // 2) + encoded


def cell(column: int, value: Cell) -> bytes:
    style = value.style if isinstance(value, Styled) else 0
    head = struct.pack("<II", column, style)
    if isinstance(value, str):
        return record(6, head + text(value))
    if isinstance(value, Error):
        return record(3, head + bytes([value.code]))
    number = value.value if isinstance(value, Styled) else value
    assert number is not None
    return record(5, head + struct.pack("<d", number))


def sheet(rows: list[list[Cell]], hidden: set[int], merged: list[tuple[int, int, int, int]]) -> bytes:
    found = [record(129), record(148, struct.pack("<IIII", 0, len(rows) - 1, 0, 8)), record(145)]
    for number, row in enumerate(rows):
        flags = 0x10 if number in hidden else 0
        found.append(record(0, struct.pack("<IIHBBB", number, 0, 300, 0, flags, 0) + struct.pack("<I", 0)))
        found += [cell(column, value) for column, value in enumerate(row) if value is not None]
    found.append(record(146))
    for area in merged:
        top, left, bottom, right = area
        found.append(record(176, struct.pack("<IIII", top, bottom, left, right)))
    return b"".join([*found, record(130)])


def workbook(
    *sheets: tuple[str, int, list[list[Cell]]],
    is_1904: bool = False,
    hidden: set[int] | None = None,
    merged: list[tuple[int, int, int, int]] | None = None,
) -> bytes:
    """A binary workbook: name, state (0 visible, 1 hidden, 2 very hidden) and rows of each sheet."""
    styles = record(615, struct.pack("<I", len(FORMATS) - 1))
    for number, code in enumerate(FORMATS[1:], start=164):
        styles += record(44, struct.pack("<H", number) + text(code))
    styles += record(616) + record(617, struct.pack("<I", len(FORMATS)))
    for number in (0, 164, 165, 166):
        styles += record(47, struct.pack("<HHHHHH", 0, number, 0, 0, 0, 0) + bytes(4))
    styles += record(618)
    book = record(131) + record(153, struct.pack("<II", int(is_1904), 0) + text("")) + record(143)
    relations = ""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        for number, (name, state, rows) in enumerate(sheets, start=1):
            book += record(156, struct.pack("<II", state, number) + text(f"rId{number}") + text(name))
            relations += RELATION.format(number, "worksheet", f"worksheets/sheet{number}.bin")
            package.writestr(f"xl/worksheets/sheet{number}.bin", sheet(rows, hidden or set(), merged or []))
        relations += RELATION.format(len(sheets) + 1, "styles", "styles.bin")
        package.writestr("xl/workbook.bin", book + record(144) + record(132))
        package.writestr("xl/styles.bin", record(278) + styles + record(279))
        package.writestr("xl/_rels/workbook.bin.rels", RELATIONS.format(relations))
        package.writestr("_rels/.rels", RELATIONS.format(RELATION.format(1, "officeDocument", "xl/workbook.bin")))
        package.writestr("[Content_Types].xml", "<Types/>")
    return content.getvalue()


RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
RELATION = (
    '<Relationship Id="rId{}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}" '
    'Target="{}"/>'
)


def pledge(number: str, amount: Cell = 500.0, day: Cell = "2021-03-05") -> list[Cell]:
    return [number, "专利", "201210424464.6", "釉料", day, "淄博样例陶瓷有限公司", "样例银行", amount, "张店区"]


def rows(*found: list[Cell]) -> list[list[Cell]]:
    header: list[Cell] = [*HEADER]
    return [header, *found]


def test_the_records_are_a_workbook_for_others_too() -> None:
    content = workbook(("台账", 0, rows(pledge("Y1"))))
    table = fastexcel.read_excel(content).load_sheet(0, dtypes="string").to_arrow().to_pylist()
    assert [(row["质押登记号"], row["质押金额(万元)"]) for row in table] == [("Y1", "500")]


def test_a_binary_workbook_lands_as_its_reader_sees_it() -> None:
    found = rows(
        pledge("Y1", Styled(5_000_000, YUAN), Styled(44260 - 1462, DAY)),
        pledge("Y2", Error(15)),
        pledge("Y3"),
        pledge("Y4", day="2021-03-06"),
        pledge("Y5", day=None),
    )
    content = workbook(
        ("台账", 0, found), ("旧稿", 2, rows(pledge("Y9"))), is_1904=True, hidden={3}, merged=[(4, 4, 5, 4)]
    )
    table = read_member("台账.xlsb", content, "pledges")
    conformed = conform([table.frame], contract("pledges"), date(2024, 6, 30))
    assert conformed.bronze.select("registration_no", "amount_yuan", "registration_date").rows() == [
        ("Y1", Decimal(5_000_000), date(2021, 3, 5)),
        ("Y3", Decimal(5_000_000), date(2021, 3, 5)),
        ("Y4", Decimal(5_000_000), date(2021, 3, 6)),
        ("Y5", Decimal(5_000_000), date(2021, 3, 6)),
    ]
    assert rejects(conformed) == [(3, "number_unparseable", "amount_yuan", "#VALUE!")]
    assert table.reader == "xlsb"
    assert "very hidden sheet 旧稿 set aside: 2 rows" in table.notes
    assert any("1 hidden row counted: 4" in note for note in table.notes)
    assert "xlsb does not tell whether formulas were calculated" in table.notes


@pytest.mark.parametrize("cut", [40, 2])
def test_a_sheet_that_breaks_off_refuses_the_file(cut: int) -> None:
    content = workbook(("台账", 0, rows(pledge("Y1"))))
    damaged = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(damaged, "w") as after:
        for name in before.namelist():
            after.writestr(name, before.read(name)[:-cut] if name.endswith("sheet1.bin") else before.read(name))
    with pytest.raises(UnreadableFile, match=r"台账\.xlsb: the workbook cannot be opened"):
        read_member("台账.xlsb", damaged.getvalue(), "pledges")
