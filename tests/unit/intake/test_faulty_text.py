"""Delimited text and damage: each faulty file gives its right value, and so do other members of its kind."""

from collections.abc import Callable

import polars as pl
import pytest

from pipelines.intake.bronze import quarantined_rows
from pipelines.intake.readers import read_member
from pipelines.intake.run import ingest
from pipelines.paths import Warehouse
from tests.unit.intake.conftest import HEADER, ROWS, Deliver, Land

PLEDGES = "质押登记号,权利类型,权利号,权利名称,质押登记日,出质人,质权人,质押金额(万元),区县"
PLEDGE = "Y1,专利,201210424464.6,釉料,2021-03-05,淄博样例陶瓷有限公司,样例银行,500,张店区"

Content = Callable[[str], bytes]


def refusal(warehouse: Warehouse, deliver: Deliver, source: str, content: str | bytes, name: str = "list.csv") -> str:
    """The message with which one file is refused."""
    deliver(f"{source}/2024-01-31/{name}", content)
    (refused,) = ingest(warehouse, source).rejected
    return refused.message


def patents(*rows: str) -> str:
    return "\n".join([HEADER, *rows]) + "\n"


def pledge(**cells: str) -> str:
    names = ("no", "kind", "right", "title", "day", "pledgor", "pledgee", "amount", "district")
    given = dict(zip(names, PLEDGE.split(","), strict=True)) | cells
    return f"{PLEDGES}\n{','.join(given.values())}\n"


# Quotation marks


def test_stray_marks_refuse_the_file_and_name_both_rows(
    warehouse: Warehouse, deliver: Deliver, faulty: Content
) -> None:
    said = refusal(warehouse, deliver, "patents", faulty("01_patents__quotes_two_titles.csv"))
    assert "a quotation mark in row 3 (line 3)" in said and "down to row 6 (line 6)" in said
    assert "remove the stray marks in rows 3 and 6" in said


# The end mark of DOS, padding, the euro sign


def test_the_end_mark_of_dos_ends_the_file(land: Land, faulty: Content) -> None:
    landed = land("patents", faulty("10_patents__dos_end_of_file.csv"))
    assert landed.bronze["title"].to_list() == ["釉料", "纤维"]


def test_padding_is_no_text(land: Land, faulty: Content) -> None:
    landed = land("patents", faulty("10_patents__nul_padding.csv"))
    assert landed.bronze["title"].to_list() == ["釉料", "纤维"]


def test_byte_80_is_the_euro_sign(land: Land, faulty: Content) -> None:
    assert land("patents", faulty("10_patents__euro_sign_cp936.csv")).row()["title"] == "售价€票据处理"


@pytest.mark.parametrize("before", [0, 60])
def test_where_a_byte_stands_makes_no_difference(land: Land, before: int) -> None:
    """The first 4,096 characters are no better than the rest."""
    more = [f"201210424464.6,一种陶瓷釉料{n},CN1028{n:05d}A,2013.01.23,,,,C04B35/00" for n in range(before)]
    text = (
        patents(
            *more, ROWS[0].replace("一种陶瓷釉料", "釉料\0\0"), ROWS[1].replace("样例纤维", "样例\x01纤维"), ROWS[2]
        )
        + "\x1a\x1a"
    )
    landed = land("patents", text)
    assert landed.bronze["title"].to_list()[before:] == ["釉料", "一种样例 纤维", "一种样例容器"]


def test_a_nul_inside_a_value_is_a_lost_character(land: Land) -> None:
    landed = land("patents", patents(ROWS[0].replace("陶瓷", "陶\0瓷"), ROWS[1]))
    assert landed.reasons() == [(2, "encoding_damaged", "title")]


# Text marks of spreadsheets


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("11_pledges__apostrophe_before_numbers.csv", ("2021980000001", "201210424464.6")),
        ("11_pledges__backtick_before_numbers.csv", ("2021980000001", "12345678")),
    ],
)
def test_a_mark_before_a_number_is_no_part_of_it(
    land: Land, faulty: Content, name: str, numbers: tuple[str, str]
) -> None:
    row = land("pledges", faulty(name)).row()
    assert (row["registration_no"], row["right_no"]) == numbers


@pytest.mark.parametrize("mark", list("'`’‘＇｀´′"))
def test_marks_stand_before_dates_and_amounts_too(land: Land, mark: str) -> None:
    marked = pledge(no=f"{mark}2021", day=f"{mark}2021-03-05", amount=f"{mark}500")
    row = land("pledges", marked).row()
    assert row["registration_no"] == "2021" and str(row["registration_date"]) == "2021-03-05"
    assert float(row["amount_yuan"]) == 5_000_000


@pytest.mark.parametrize(
    ("title", "kept"),
    [("'47", "'47"), ("'釉料'", "'釉料'"), ("’Round", "’Round"), ("'2021980000001", "2021980000001")],
)
def test_a_name_keeps_its_apostrophe(land: Land, title: str, kept: str) -> None:
    assert land("pledges", pledge(title=title)).row()["right_name"] == kept


@pytest.mark.parametrize(
    "written", ['="20219"', '"=""20219"""', '=""20219""', '=T("20219")', "20219\t", "\u200b20219\u00a0", "2021\u200b9"]
)
def test_numbers_written_as_text_are_read_as_numbers(land: Land, written: str) -> None:
    assert land("pledges", pledge(no=written)).row()["registration_no"] == "20219"


# Damage


def test_half_a_character_sets_its_row_aside(land: Land, faulty: Content) -> None:
    landed = land("patents", faulty("09_patents__half_a_character.json"), "list.json")
    assert landed.reasons() == [(1, "encoding_damaged", "title")]
    assert landed.aside["value"].to_list() == ["釉料\ufffd"]


def test_mojibake_in_a_cell_is_reported_with_its_value(land: Land, faulty: Content) -> None:
    landed = land("pledges", faulty("10_pledges__mojibake_in_cells.csv"))
    assert landed.reasons() == [(2, "encoding_damaged", "pledgor")]
    assert landed.aside["value"].to_list() == ["淄博锟斤拷瓷有限公司"]


@pytest.mark.parametrize("title", ["????????", "娣勫崥鏍蜂緥", "烫烫烫烫", "×¨ÀûÎÄ¼þ", "ä¸“åˆ©", "陶\ufffd"])
def test_damage_is_noticed_in_every_format(land: Land, title: str) -> None:
    xml = (
        "<?xml version='1.0' encoding='UTF-8'?><cn-patent-document country='CN'><cn-bibliographic-data>"
        f"<invention-title>{title}</invention-title></cn-bibliographic-data></cn-patent-document>"
    )
    json = f'[{{"申请号":"201210424464.6","名称":"{title}","公开号":"CN102889890A","公开日":"2013-01-23"}}]'
    for name, content in (("a.csv", patents(ROWS[0].replace("一种陶瓷釉料", title))), ("b.json", json), ("c.xml", xml)):
        frame = read_member(name, content.encode(), "patents").frame
        assert title in frame.row(0), name
    landed = land("patents", json, "b.json")
    assert landed.reasons() == [(1, "encoding_damaged", "title")]


def test_one_bad_json_file_is_refused_by_name_and_the_others_land(warehouse: Warehouse, deliver: Deliver) -> None:
    good = '[{"申请号":"201210424464.6","名称":"釉料","公开号":"CN102889890A","公开日":"2013-01-23"}]'
    deliver("patents/2024-01-31/good.json", good)
    deliver("patents/2024-01-31/bad.json", good.replace("名称", "名\\udc00"))
    deliver("patents/2024-01-31/worse.json", good.replace("}", ""))
    result = ingest(warehouse, "patents")
    assert sorted(refused.source_path.rpartition("/")[2] for refused in result.rejected) == ["bad.json", "worse.json"]
    assert pl.read_parquet(warehouse.bronze / "patents" / "*.parquet")["title"].to_list() == ["釉料"]


def test_a_damaged_header_refuses_the_file(warehouse: Warehouse, deliver: Deliver) -> None:
    said = refusal(warehouse, deliver, "patents", patents(ROWS[0]).replace("地址", "锟斤拷址"))
    assert "encoding_damaged: the header '锟斤拷址'" in said


def test_a_damaged_name_of_a_person_is_not_shown(land: Land, warehouse: Warehouse) -> None:
    landed = land("pledges", pledge(pledgor="样小明;淄博锟斤拷瓷有限公司"))
    assert landed.aside["value"].to_list() == ["自然人;淄博锟斤拷瓷有限公司"]
    assert "样小明" not in quarantined_rows(warehouse).write_json()


# Encodings


@pytest.mark.parametrize(
    "encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "gb18030"]
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(land: Land, encoding: str, end: str) -> None:
    landed = land("patents", patents(*ROWS).replace("\n", end).encode(encoding))
    assert landed.bronze["title"].to_list() == ["一种陶瓷釉料", "一种样例纤维", "一种样例容器"]
    assert landed.bronze["source_row"].to_list() == [2, 3, 4]


def test_files_pasted_together_are_one_table(land: Land) -> None:
    landed = land("patents", "\ufeff" + patents(ROWS[0]) + "\ufeff" + patents(ROWS[1]).replace("\n", "\r\n"))
    assert landed.bronze["source_row"].to_list() == [2, 4]


@pytest.mark.parametrize("separator", [";", "\t", "|", "^"])
def test_a_line_that_names_the_separator_is_no_row(land: Land, separator: str) -> None:
    text = f"sep={separator}\r\n" + patents(*ROWS).replace(",", separator)
    assert land("patents", text).bronze["source_row"].to_list() == [2, 3, 4]


def test_a_cell_torn_by_a_line_break_sets_both_its_rows_aside(land: Land) -> None:
    torn = pledge().rstrip("\n") + "\n某街道\n" + PLEDGE.replace("Y1", "Y2") + "\n第 1 页 共 2 页\n"
    landed = land("pledges", torn)
    assert landed.reasons() == [(2, "row_malformed", None), (3, "row_malformed", None)]
    assert landed.bronze["registration_no"].to_list() == ["Y2"]
