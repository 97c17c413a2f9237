"""Workbooks: sheets, units, merged headers, identifiers with zeros, dates, and files that are broken."""

import io
from datetime import datetime
from typing import Any

import pytest
import xlsxwriter

from pipelines.contracts.registry import contract
from pipelines.intake.readers import read_member
from pipelines.intake.readers.base import ROW, RawTable, UnreadableFile

HEADER = ["申请号", "名称", "公开（公告）号", "公开（公告）日"]


def workbook(**sheets: list[list[Any]]) -> bytes:
    """A workbook of these sheets, row by row; a datetime becomes a date cell, None stays blank."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"default_date_format": "yyyy-mm-dd"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for position, row in enumerate(rows):
            for column, cell in enumerate(row):
                if cell is not None:
                    sheet.write(position, column, cell)
    book.close()
    return content.getvalue()


def read(content: bytes, source: str = "patents") -> RawTable:
    return read_member("样例.xlsx", content, source)


def test_identifiers_keep_their_zeros_and_numbers_their_digits() -> None:
    rows = [HEADER, [2018305140799, "甲", "CN305252224S", datetime(2019, 7, 12)], ["003703", "乙", "00123", 20190712]]
    frame = read(workbook(清单=rows)).frame
    assert frame["申请号"].to_list() == ["2018305140799", "003703"]
    assert frame["公开（公告）号"].to_list() == ["CN305252224S", "00123"]
    assert frame["公开（公告）日"].to_list() == ["2019-07-12", "20190712"]
    assert frame[ROW].to_list() == [2, 3]


def test_blank_rows_and_titles_above_count_in_row_numbers() -> None:
    table = read(workbook(清单=[[], ["专利清单"], [None, "2019年"], HEADER, ["201210424464.6", "甲", None, None]]))
    assert table.frame[ROW].to_list() == [5]
    assert table.frame["公开（公告）号"].to_list() == [None]
    assert "sheet 清单: row 2 set aside: title" in table.notes


def test_all_sheets_with_the_contracts_columns_are_read_and_told_apart() -> None:
    table = read(
        workbook(
            说明=[["本表由样例局填报"]],
            一月=[HEADER, ["201210424464.6", "甲", "CN102889890A", "2013.01.23"]],
            二月=[
                ["专利申请号", "专利名称", "公开号", "公开日"],
                ["201310699744.2", "乙", "CN103699744A", "2014.04.02"],
            ],
        )
    )
    assert table.frame.drop(ROW).rows() == [
        ("201210424464.6", "甲", "CN102889890A", "2013.01.23", "一月"),
        ("201310699744.2", "乙", "CN103699744A", "2014.04.02", "二月"),
    ]
    assert "sheet 说明 set aside: it lacks the contract's columns (1 row)" in table.notes


def test_a_unit_row_gives_its_column_the_unit() -> None:
    rows = [
        ["淄博市人口统计表"],
        ["行政区划代码", "地区", "时点", "口径", "常住人口"],
        [None, None, None, None, "万人"],
        ["370300", "淄博市", "2020-11-01", "常住人口", 470.4138],
        ["合计", None, None, None, 470.4138],
        ["注：样例"],
    ]
    table = read(workbook(人口=rows), "population")
    assert "常住人口(万人)" in table.frame.columns
    assert table.frame.height == 1
    assert [note.removeprefix("sheet 人口: ") for note in table.notes] == [
        "row 1 set aside: title",
        "row 3 set aside: units",
        "1 total row set aside: 5",
        "1 remark row set aside: 6 (注：样例)",
    ]


def test_a_header_merged_over_columns() -> None:
    rows = [["申请", None, "公开（公告）", None, "名称"], ["号", "日", "号", "日", None], ["201210424464.6", "20121030", "CN102889890A", "20130123", "甲"]]  # fmt: skip
    frame = read(workbook(清单=rows)).frame
    assert frame.drop(ROW).columns == ["申请号", "申请日", "公开（公告）号", "公开（公告）日", "名称"]


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.95])
def test_a_truncated_workbook_is_refused_in_a_sentence(kept: float) -> None:
    content = workbook(清单=[HEADER, ["201210424464.6", "甲", "CN102889890A", "2013.01.23"]])
    with pytest.raises(UnreadableFile, match=r"样例\.xlsx: .*(damaged|workbook)"):
        read(content[: int(len(content) * kept)])


def test_a_workbook_without_the_columns_says_which_headers_it_has() -> None:
    with pytest.raises(UnreadableFile, match=r"名称 \(title\).*headers seen: 申请号, 公开日"):
        read(workbook(清单=[["申请号", "公开日"], ["201210424464.6", "2013.01.23"]]))


def test_a_workbook_without_cells_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="no sheet with cells"):
        read(workbook(空表=[]))


def far_corner() -> bytes:
    """A workbook of two cells, for which the library fills the whole rectangle between them: 17 billion cells."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content)
    sheet = book.add_worksheet()
    sheet.write(0, 0, "申请号")
    sheet.write(1_048_575, 16_383, "x")
    book.close()
    return content.getvalue()


def test_a_cell_at_the_far_corner_cannot_take_the_process_with_it() -> None:
    """The library runs in a process of its own, which may die."""
    with pytest.raises(UnreadableFile, match="cannot be opened"):
        read(far_corner())


def test_the_contract_decides_what_is_read() -> None:
    assert contract("patents").field("application_no").headers  # the tables above rely on its headers
