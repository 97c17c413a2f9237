"""Several tables in one file, several sheets, columns that stand twice, totals: right values, or named; never silent."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.contracts.registry import contract
from pipelines.intake.conform import conform
from pipelines.intake.readers import read_member
from pipelines.intake.readers.base import UnreadableFile
from tests.unit.intake.test_intake_workbooks import workbook

HEADER = "登记号,权利类型,权利号,登记日期,出质人,质权人,质押金额(万元),区县"
IN_YUAN = HEADER.replace("万元", "元")
BARE = HEADER.replace("(万元)", "")
LISTED = "名单类型,级别,认定日期,单位名称"
EVENTS = "活动类型,活动名称,日期,区县,参加人数"


def pledge(number: str, amount: int) -> str:
    return f"{number},专利,201210424464.6,2021-03-05,淄博样例陶瓷有限公司,样例银行,{amount},张店区"


def unit(name: str) -> str:
    return f"优势企业,国家级,2022-12-01,淄博{name}有限公司"


def event(title: str, participants: int | str, district: str = "张店区") -> str:
    return f"培训,{title},2022-03-01,{district},{participants}"


@dataclass(frozen=True)
class Landed:
    """What one file became: rows of the columns asked for, (row, reason) of those set aside, and the notes."""

    rows: list[tuple[Any, ...]]
    aside: list[tuple[int, str]]
    notes: tuple[str, ...]


def land(source: str, content: str | bytes, *columns: str) -> Landed:
    content = content.encode() if isinstance(content, str) else content
    table = read_member("样例", content, source)
    conformed = conform([table.frame], contract(source), date(2024, 6, 30))
    counts = conformed.counts.row(0, named=True)
    assert counts["rows_in"] == table.frame.height
    assert counts["rows_in"] == counts["rows_out"] + counts["rows_quarantined"] + counts["rows_duplicate"]
    return Landed(
        conformed.bronze.select(columns).rows(),
        conformed.rejects.select("source_row", "reason").rows(),
        table.notes,
    )


def amounts(content: str | bytes) -> Landed:
    """The registrations of a list of pledges with their amounts in yuan."""
    return land("pledges", content, "registration_no", "amount_yuan")


def text(*lines: str) -> str:
    return "\n".join(lines) + "\n"


# The files of shared/data


def faulty(shared_data: Path, name: str) -> bytes:
    return (shared_data / "faulty-inputs" / name).read_bytes()


def test_a_second_table_has_the_unit_of_its_own_header(shared_data: Path) -> None:
    landed = amounts(faulty(shared_data, "02_pledges__second_table_in_yuan.xlsx"))
    assert landed.rows == [("Y1", Decimal(1_000_000)), ("Y2", Decimal(3_000_000))]
    assert landed.aside == []
    assert "sheet 台账: 1 further header row set aside: 6" in landed.notes


def test_two_blocks_side_by_side_are_both_read(shared_data: Path) -> None:
    content = faulty(shared_data, "02_designations__two_columns_side_by_side.csv")
    landed = land("designations", content, "unit")
    assert landed.rows == [(f"淄博{name}有限公司",) for name in "甲乙丙丁"]


def test_a_subtotal_is_no_event(shared_data: Path) -> None:
    landed = land("activities", faulty(shared_data, "07_activities__district_subtotals.csv"), "title", "participants")
    assert landed.rows == [("培训一", 120), ("培训二", 80)]
    assert landed.notes == ("1 total row set aside: 4",)


# A second header


def columns(line: str, order: str) -> str:
    cells = line.split(",")
    return ",".join(cells[int(position)] for position in order)


@pytest.mark.parametrize(
    ("between", "amount"),
    [
        ([HEADER], 300),
        ([IN_YUAN], 3_000_000),
        (["", IN_YUAN], 3_000_000),
        (["二、商标质押,,,,,,,", IN_YUAN], 3_000_000),
        (["二、商标质押,,,,,,,单位:元", BARE], 3_000_000),
        (["二、商标质押 单位:元", BARE], 3_000_000),
        ([BARE, ",,,,,,元,"], 3_000_000),
        (["续表 单位:万元", HEADER], 300),
        (["二、商标质押 单位:万元"], 300),
    ],
)
def test_what_stands_between_two_tables_holds_for_the_second(between: list[str], amount: int) -> None:
    landed = amounts(text(HEADER, pledge("Y1", 300), *between, pledge("Y2", amount)))
    assert landed.rows == [("Y1", Decimal(3_000_000)), ("Y2", Decimal(3_000_000))]
    assert landed.aside == []


@pytest.mark.parametrize(
    ("between", "says"),
    [
        ([BARE], "unit_unknown"),  # a header of its own without a unit: not the first one's
        (["二、商标质押 单位:元"], "row_malformed"),  # contradicts the header
        ([",,,,,,元,"], "row_malformed"),
        ([IN_YUAN.replace("登记号", "编号")], "row_malformed"),  # a required column is missing
        (["编号,权利种类,证号,日期,借款方,放款方,金额(元),县区"], "row_malformed"),  # nothing is known
        ([HEADER.replace("质押金额(万元)", "质押额度(元)")], "row_malformed"),  # renamed
        ([HEADER.replace("质押金额(万元)", "")], "row_malformed"),
        (["序号," + IN_YUAN], "row_malformed"),  # another number of columns
        (["登记号,权利类型,权利号,登记日期,质押金额(元)"], "row_malformed"),
    ],
)
def test_rows_under_what_is_not_understood_are_named(between: list[str], says: str) -> None:
    above = [pledge(f"Y{number}", 300) for number in (1, 2, 3)]
    landed = amounts(text(HEADER, *above, *between, pledge("Y4", 500)))
    assert landed.rows == [(f"Y{number}", Decimal(3_000_000)) for number in (1, 2, 3)]
    assert landed.aside == [(6, says)]


def test_a_title_gives_its_unit_to_the_header_it_first_stood_over() -> None:
    lines = ["单位:万元,,,,,,,", BARE, pledge("Y1", 300), "二、商标质押 单位:元,,,,,,,", pledge("Y2", 5_000_000)]
    landed = amounts(text(*lines))
    assert landed.rows == [("Y1", Decimal(3_000_000)), ("Y2", Decimal(5_000_000))]


def test_the_name_of_an_office_is_no_unit() -> None:
    landed = amounts(text(HEADER, pledge("Y1", 300), "填报单位:市知识产权局,,,,,,,", pledge("Y2", 300)))
    assert landed.rows == [("Y1", Decimal(3_000_000)), ("Y2", Decimal(3_000_000))]


def test_a_second_header_may_name_the_same_columns_in_another_order() -> None:
    order = "21076543"
    landed = amounts(text(HEADER, pledge("Y1", 300), columns(IN_YUAN, order), columns(pledge("Y2", 7), order)))
    assert landed.rows == [("Y1", Decimal(3_000_000)), ("Y2", Decimal(7))]


def test_field_names_below_the_header_are_a_header_as_well() -> None:
    codes = "registration_no,right_type,right_no,registration_date,pledgor,pledgee,amount_yuan,district"
    landed = amounts(text(HEADER, codes, pledge("Y1", 300)))
    assert landed.rows == [("Y1", Decimal(3_000_000))]
    assert landed.notes == ("1 repeated header row set aside: 2",)


def test_page_breaks_of_a_printed_list_are_set_aside() -> None:
    page = ["质押台账,,,,,,,", BARE, ",,,,,,万元,"]
    landed = amounts(text(*page, pledge("Y1", 300), *page, pledge("Y2", 300)))
    assert landed.rows == [("Y1", Decimal(3_000_000)), ("Y2", Decimal(3_000_000))]
    assert landed.notes[-2:] == ("1 title row set aside: 5", "2 repeated header rows set aside: 6, 7")


def test_a_header_of_two_rows_may_come_again() -> None:
    header = ["登记,,权利,,出质人,质权人,质押金额,区县", "号,日期,类型,号,,,万元,"]
    record = "Y{},2021-03-05,专利,201210424464.6,淄博样例有限公司,样例银行,{},张店区"
    in_yuan = [line.replace("万元", "元") for line in header]
    rows = [*header, record.format(1, 300), *header, record.format(2, 200), *in_yuan, record.format(3, 5)]
    assert amounts(text(*rows)).rows == [("Y1", Decimal(3_000_000)), ("Y2", Decimal(2_000_000)), ("Y3", Decimal(5))]


def test_a_table_above_the_header_is_not_taken_for_titles() -> None:
    rows = [HEADER.replace("登记号", "编号"), pledge("Y1", 300), pledge("Y2", 300), HEADER, pledge("Y3", 300)]
    with pytest.raises(UnreadableFile, match=r"row 1 looks like a header and lacks 登记号 .* row 4 has all"):
        amounts(text(*rows))


def test_a_summary_below_the_table_does_not_refuse_it() -> None:
    summary = ["区县,件数,质押金额(万元),,,,,", "张店区,1,300,,,,,", "合计,1,300,,,,,"]
    landed = amounts(text(HEADER, pledge("Y1", 300), "", *summary))
    assert landed.rows == [("Y1", Decimal(3_000_000))]
    assert landed.aside == [(5, "row_malformed")]
    assert "1 total row set aside: 6" in landed.notes


def test_tables_of_years_keep_unit_and_subject_of_their_titles() -> None:
    lines = [
        "指标：年末常住人口(万人),,",
        "地区,2018年,2017年",
        "北京市,2154,2171",
        "二、户籍人口(人),,",
        "地区,2018年,2017年",
        "北京市,13750001,13590001",
    ]
    landed = land("population", text(*lines), "kind", "persons")
    assert landed.rows == [
        ("resident", 21_540_000),
        ("resident", 21_710_000),
        ("registered", 13_750_001),
        ("registered", 13_590_001),
    ]
    without_header = text(*(line for number, line in enumerate(lines) if number != 4))
    assert land("population", without_header, "kind", "persons").rows == landed.rows


# Side by side


def test_each_block_has_its_own_unit() -> None:
    landed = amounts(text(f"{HEADER},,{IN_YUAN}", f"{pledge('Y1', 300)},,{pledge('Y2', 7)}"))
    assert landed.rows == [("Y1", Decimal(3_000_000)), ("Y2", Decimal(7))]
    assert landed.notes[0] == "columns 1 to 9 read as table 1 of 2 side by side"


def test_a_block_may_change_its_unit_further_down() -> None:
    pairs = [(HEADER, HEADER), (pledge("Y1", 300), pledge("Y2", 300)), (HEADER, IN_YUAN)]
    landed = amounts(text(*(f"{left},,{right}" for left, right in [*pairs, (pledge("Y3", 300), pledge("Y4", 7))])))
    assert dict(landed.rows) == {
        "Y1": Decimal(3_000_000),
        "Y2": Decimal(3_000_000),
        "Y3": Decimal(3_000_000),
        "Y4": Decimal(7),
    }


def test_a_shorter_block_ends_earlier() -> None:
    landed = land("designations", text(f"{LISTED},{LISTED}", f"{unit('甲')},{unit('丙')}", f"{unit('乙')},,,,"), "unit")
    assert landed.rows == [(f"淄博{name}有限公司",) for name in "甲乙丙"]
    assert not any("blank" in note for note in landed.notes)


def test_a_required_column_that_stands_twice_is_refused_where_it_says_two_things() -> None:
    lines = [f"年度,{LISTED},单位名称", f"2022,{unit('甲')},淄博丙有限公司"]
    with pytest.raises(UnreadableFile, match=r"'单位名称' stands twice .*first in row 2"):
        land("designations", text(*lines), "unit")
    assert land("designations", text(lines[0], f"2022,{unit('甲')},淄博甲有限公司"), "unit").rows == [
        ("淄博甲有限公司",)
    ]


def test_two_columns_for_one_field_are_noted_where_they_differ() -> None:
    landed = land("designations", text(f"{LISTED},企业名称", f"{unit('甲')},淄博乙有限公司"), "unit")
    assert landed.rows == [("淄博甲有限公司",)]
    assert landed.notes == (
        "the columns '单位名称' and '企业名称' both mean unit: the first is read, "
        "the second says something else in 1 rows (first: 2)",
    )


# Sheets


def sheet(*lines: str) -> list[list[str]]:
    return [line.split(",") for line in lines]


def test_each_sheet_keeps_its_unit_and_its_order() -> None:
    order = "76543210"
    content = workbook(
        一=sheet(HEADER, pledge("Y1", 300)),
        二=sheet(columns(IN_YUAN, order), columns(pledge("Y2", 7), order)),
        三=sheet("单位:千元", BARE, pledge("Y3", 5)),
        四=sheet(BARE, pledge("Y4", 5)),
    )
    landed = amounts(content)
    assert landed.rows == [("Y1", Decimal(3_000_000)), ("Y2", Decimal(7)), ("Y3", Decimal(5_000))]
    assert landed.aside == [(2, "unit_unknown")]


def test_a_sheet_goes_on_without_a_header_in_the_unit_of_the_last_table() -> None:
    landed = amounts(
        workbook(
            一=sheet(HEADER, pledge("Y1", 300), IN_YUAN, pledge("Y2", 7)),
            二=sheet(pledge("Y3", 8), pledge("Y4", 9), "合计,,,,,,17,"),
        )
    )
    assert landed.rows == [("Y1", Decimal(3_000_000)), ("Y2", Decimal(7)), ("Y3", Decimal(8)), ("Y4", Decimal(9))]
    assert "sheet 二: has no header and is read as the continuation of sheet 一" in landed.notes


@pytest.mark.parametrize(
    "lines",
    [
        [columns(pledge("Y2", 7), "76543210"), columns(pledge("Y3", 7), "76543210")],
        [columns(pledge("Y2", 7), "0123456"), columns(pledge("Y3", 7), "0123456")],
        ["编号,类,证号,日期,借款方,放款方,金额,县区", pledge("Y2", 7), pledge("Y3", 7)],
        [HEADER.replace("登记号", "编号"), pledge("Y2", 7)],
    ],
    ids=["another order", "fewer columns", "unknown header", "a column missing"],
)
def test_a_sheet_with_records_that_cannot_be_read_is_refused_by_name(lines: list[str]) -> None:
    with pytest.raises(UnreadableFile, match="sheet 二: "):
        amounts(workbook(一=sheet(HEADER, pledge("Y1", 300)), 二=sheet(*lines)))


def test_sheets_without_records_are_set_aside_with_their_rows() -> None:
    landed = amounts(
        workbook(
            封面=sheet("质押融资台账", "填报单位:,市知识产权局,填报日期:,2021-03-05"),
            填表说明=sheet("字段,类型,必填,示例", "登记号,文本,是,Y1", "登记日期,日期,是,2021-03-05"),
            台账=sheet(HEADER, pledge("Y1", 300)),
            汇总=sheet("区县,件数,质押金额(万元)", "张店区,1,300", "合计,1,300"),
            代码=sheet("代码,名称", "370303,张店区", "370305,临淄区"),
        )
    )
    assert landed.rows == [("Y1", Decimal(3_000_000))]
    assert landed.notes == tuple(
        f"sheet {name} set aside: it lacks the contract's columns ({rows} rows)"
        for name, rows in (("封面", 2), ("填表说明", 3), ("汇总", 3), ("代码", 3))
    )


def test_a_sheet_with_a_column_of_another_name_is_noted() -> None:
    renamed = HEADER.replace("质押金额(万元)", "质押额度")
    landed = amounts(workbook(一=sheet(HEADER, pledge("Y1", 300)), 二=sheet(renamed, pledge("Y2", 300))))
    assert "sheet 二 lacks 质押金额(万元) and has columns that are not known: 质押额度" in landed.notes


def test_year_tables_of_two_sheets_keep_their_units() -> None:
    content = workbook(
        一=sheet("年末常住人口(万人)", "地区,2018年,2017年", "北京市,2154,2171"),
        二=sheet("户籍人口(人)", "地区,2018年,2017年", "北京市,13750001,13590001"),
    )
    landed = land("population", content, "persons")
    assert landed.rows == [(21_540_000,), (21_710_000,), (13_750_001,), (13_590_001,)]


# Totals

LABELS = ["小计", "合计", "总计", "累计", "共计", "小 计", "一、合计", "1.小计", "(二)合计", "本页小计", "全市合计", "合计:", "合计(12件)", "总计200人次", "张店区小计", "培训合计", "Total", "Subtotal", "Grand Total", "其中:培训", "承前页"]  # fmt: skip


@pytest.mark.parametrize("line", [",{},,,200", ",,,{},200", "{},,,,200"])
@pytest.mark.parametrize("label", LABELS)
def test_a_total_is_told_in_any_label(label: str, line: str) -> None:
    landed = land("activities", text(EVENTS, event("培训一", 120), event("培训二", 80), line.format(label)), "title")
    assert landed.rows == [("培训一",), ("培训二",)]
    assert landed.aside == []
    assert landed.notes == ("1 total row set aside: 4",)


def test_a_total_with_every_cell_filled_is_told_by_its_sum() -> None:
    lines = [event("培训一", 120), event("培训二", 80), event("张店区小计", 200), event("讲座三", 5, "临淄区")]
    lines += [event("临淄区小计", 5, "临淄区"), event("年度总数", 205, "淄博市")]
    landed = land("activities", text(EVENTS, *lines), "title")
    assert landed.rows == [("培训一",), ("培训二",), ("讲座三",)]
    assert landed.notes == ("3 total rows set aside: 4, 6, 7",)


def test_what_may_be_a_total_or_a_record_is_quarantined() -> None:
    landed = land("activities", text(EVENTS, event("培训一", 120), event("专利累计", 80)), "title")
    assert landed.rows == [("培训一",)]
    assert landed.aside == [(3, "row_malformed")]


def test_a_record_stays_one_whatever_it_is_called() -> None:
    lines = [unit("甲"), unit("甲").replace("淄博甲", "合计科技"), unit("甲").replace("淄博甲", "小计算机")]
    assert len(land("designations", text(LISTED, *lines), "unit").rows) == 3
    header = "申请号,名称,公开（公告）号,公开（公告）日"
    rows = ["201210424464.6,专利累计,CN102889890A,2013.01.23", "201310699744.2,合计,CN103699744A,2014.04.02"]
    landed = land("patents", text(header, *rows, "合计,2件,,"), "title")
    assert landed.rows == [("专利累计",), ("合计",)]
    assert landed.notes == ("1 total row set aside: 4",)


def test_a_remark_beside_a_record_is_no_total() -> None:
    landed = land("activities", text(f"{EVENTS},备注", f"{event('培训一', 120)},累计"), "title")
    assert landed.rows == [("培训一",)]


@pytest.mark.parametrize(
    "line", ["张店区小计,,,,,,300,", "1件小计,专利,,,,,300,", ",,,,合计,,300,", "合计,,2件,,,,300,"]
)
def test_a_total_among_records_with_identifiers(line: str) -> None:
    landed = amounts(text(HEADER, pledge("Y1", 300), line))
    assert landed.rows == [("Y1", Decimal(3_000_000))]
    assert landed.aside == []
    assert landed.notes == ("1 total row set aside: 3",)


# One fault planted in a clean table


FAULTS = {
    "header in yuan": [IN_YUAN],
    "header without unit": [BARE],
    "another order": [columns(IN_YUAN, "10234567")],
    "a column renamed": [HEADER.replace("登记号", "编号")],
    "unit line": ["二、 单位:元,,,,,,,"],
    "unit row": [",,,,,,元,"],
    "subtotal": ["张店区小计,,,,,,{sum},"],
    "subtotal in the last column": [",,,,,,{sum},张店区小计"],
    "page break": ["质押台账,,,,,,,", HEADER],
}


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(1, 9_999), min_size=2, max_size=6),
    st.data(),
    st.sampled_from(sorted(FAULTS)),
)
def test_one_fault_never_changes_a_value_in_silence(figures: list[int], data: st.DataObject, fault: str) -> None:
    at = data.draw(st.integers(1, len(figures) - 1))
    records = [pledge(f"Y{number}", figure) for number, figure in enumerate(figures)]
    if fault == "another order":
        records[at:] = [columns(record, "10234567") for record in records[at:]]
    planted = [line.format(sum=sum(figures[:at])) for line in FAULTS[fault]]
    landed = amounts(text(HEADER, *records[:at], *planted, *records[at:]))
    factor = 1 if fault in ("header in yuan", "another order") else 10_000
    right = {f"Y{n}": figure * (10_000 if n < at else factor) for n, figure in enumerate(figures)}
    assert all(right[number] == amount for number, amount in landed.rows)
    assert len(landed.rows) + len(landed.aside) == len(figures)
    if fault in ("subtotal", "subtotal in the last column", "page break", "header in yuan", "another order"):
        assert landed.aside == []
