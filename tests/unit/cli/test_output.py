"""Numbers as `ipw` prints them."""

import io
import sys
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest

from pipelines.cli.output import Format, show
from pipelines.errors import ConfigError
from pipelines.release.display import rounded


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""),
        (True, "True"),
        (24_500, "24,500"),
        (-3.0, "-3"),
        (14.6892, "14.69"),
        (2.675, "2.68"),  # half up, of the number as written
        (Decimal("1015.92"), "1,015.92"),
        (-0.0042, "-0.0042"),
        (0.00126, "0.0013"),
        (0.005, "0.01"),
        (-1e-15, "0.00"),
        (0.0, "0"),
    ],
)
def test_numbers_are_rounded_half_up_and_never_to_nothing(value: object, shown: str) -> None:
    assert rounded(value) == shown


ROWS = [{"name": "=1+1", "no": "202210018063", "on": date(2021, 2, 3), "value": -1.23456}, {"name": None, "no": "07"}]
COLUMNS = {"name": "名称 name", "no": "号 no", "on": "日期 on", "value": "值 value"}


def as_workbook(capsysbinary: pytest.CaptureFixture[bytes], *, is_synthetic: bool) -> bytes:
    show(ROWS, COLUMNS, Format.XLSX, is_synthetic=is_synthetic)
    return capsysbinary.readouterr().out


def test_a_workbook_holds_text_as_text_and_numbers_unrounded(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    book = as_workbook(capsysbinary, is_synthetic=True)
    (sheet,) = openpyxl.load_workbook(io.BytesIO(book)).worksheets
    assert sheet.title == "合成数据 SYNTHETIC" and "SYNTHETIC" in sheet.oddHeader.left.text
    header, first, second = sheet.iter_rows()
    assert [cell.value for cell in header] == list(COLUMNS.values())
    assert [(cell.value, cell.data_type) for cell in first] == [
        ("=1+1", "s"), ("202210018063", "s"), (datetime(2021, 2, 3), "d"), (-1.23456, "n"),
    ]  # fmt: skip
    assert [cell.value for cell in second] == [None, "07", None, None]
    assert as_workbook(capsysbinary, is_synthetic=True) == book
    real = openpyxl.load_workbook(io.BytesIO(as_workbook(capsysbinary, is_synthetic=False))).active
    assert real.title == "数据 data"


def test_a_workbook_is_not_thrown_at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    with pytest.raises(ConfigError, match=r"--format xlsx > table\.xlsx"):
        show(ROWS, COLUMNS, Format.XLSX)
