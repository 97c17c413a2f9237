"""Placeholders, dates, classifications and headers as offices, databases and programs write them."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipelines.contracts.headers import candidates, match
from pipelines.contracts.registry import contract, contracts

Faulty = Callable[[str], Any]

PLEDGES = "质押登记号,权利类型,权利号,权利名称,质押登记日,出质人,质权人,质押金额(万元),解除日期,区县"

NOTHING = (
    r"\N", r"\\N", "None", "NONE", "null", "Null", "NULL", "(null)", "<null>", "[null]", "{null}", "'NULL'", "ＮＵＬＬ", "（空）",
    "NaT", "nan", "NaN", "-nan", "<NA>", "#N/A", "N/A", "N/A.", "n.a.", "N / A", "空", "空值", "空白", "无", "（无）", "无。", "暂 无",
    "没有", "不详", "不明", "未知", "不适用", "不涉及", "待定", "待补充", "未填写", "暂缺", "-", "--", "—", "――", "－", "﹣", "…", "……",
    "***", "/", "\\", "[]", "{}", "unknown", "Not Applicable", "undefined", "nil", "TBD",
)  # fmt: skip


@pytest.fixture
def faulty(land: Any, shared_data: Path) -> Faulty:
    """Lands one of the shared faulty files by its name."""

    def one(name: str) -> Any:
        kind_source = name.split("__")[0]
        content = (shared_data / "faulty-inputs" / name).read_bytes()
        return land(kind_source.split("_", 1)[1], content, name, "2024-06-30")

    return one


# --- placeholders ----------------------------------------------------------------------------------------------


def test_null_of_databases(faulty: Faulty) -> None:
    landed = faulty("06_pledges__null_of_databases.csv")
    columns = ("pledgor", "pledgor_kind", "pledgor_key", "pledgee", "district", "district_division_code")
    assert landed.bronze.select(columns).rows() == [(None,) * 6] * 2
    assert landed.bronze["amount_yuan"].cast(float).to_list() == [5_000_000, 5_000_000]
    assert "自然人" not in landed.written and landed.reasons() == []


def test_nothing_is_nothing_in_every_kind_of_field(land: Any) -> None:
    """Text, code, number, date, names and places; never a party, never a person."""
    rows = [f"Y{n},专利,201210424464.6,{w},2021-03-05,{w},{w},{w},{w},{w}" for n, w in enumerate(NOTHING)]
    landed = land("pledges", "\n".join([PLEDGES, *rows]))
    columns = ("right_name", "pledgor", "pledgor_kind", "pledgee", "amount_yuan", "released_on", "district")
    assert landed.reasons() == []
    found = dict(zip(NOTHING, landed.bronze.select(columns).rows(), strict=True))
    assert {word: row for word, row in found.items() if set(row) != {None}} == {}
    assert "自然人" not in landed.written


@pytest.mark.parametrize("word", [r"\N", "None", "(null)", "不详", "——", "NaT"])
def test_nothing_in_a_required_field_is_missing(land: Any, word: str) -> None:
    for at, field in ((0, "registration_no"), (1, "right_type"), (2, "right_no"), (4, "registration_date")):
        cells = ["Y1", "专利", "201210424464.6", "釉料", "2021-03-05", "甲有限公司", "乙银行", "500", "", "张店区"]
        cells[at] = word
        landed = land("pledges", f"{PLEDGES}\n{','.join(cells)}", f"{at}.csv")
        assert landed.reasons() == [(2, "required_missing", field)]


def test_what_only_looks_like_nothing_stays(land: Any) -> None:
    rows = [
        "Y1,专利,201210424464.6,空调,2021-03-05,无锡样例有限公司,空港样例银行,0,2021-03-06,张店区",
        "Y2,专利,201210424464.6,无缝钢管,2021-03-05,NAN样例公司,无;样例银行;None,0.00,2021-03-06,张店区",
    ]
    landed = land("pledges", "\n".join([PLEDGES, *rows]))
    assert landed.bronze.select("right_name", "pledgor", "pledgee").rows() == [
        ("空调", "无锡样例有限公司", "空港样例银行"),
        ("无缝钢管", "NAN样例公司", "样例银行"),
    ]
    assert landed.bronze["amount_yuan"].cast(float).to_list() == [0, 0]


def test_a_mark_can_be_called_nothing(land: Any) -> None:
    names = ["无", "空", "NULL", "NAN", r"\N", "(null)", "—", "N/A"]
    rows = [f"1234567{n},9,{name},淄博样例有限公司" for n, name in enumerate(names)]
    landed = land("trademarks", "\n".join(["注册号,国际分类,商标名称,注册人", *rows]))
    assert landed.bronze["mark_name"].to_list() == ["无", "空", "NULL", "NAN", None, None, None, None]


def test_a_country_can_be_na(land: Any) -> None:
    landed = land("patent_families", "申请号,受理局,海外公开号\n201210424464.6,NA,NA123\n201210424464.6,null,XX1")
    assert landed.bronze["member_office"].to_list() == ["NA"]
    assert landed.reasons() == [(3, "required_missing", "member_office")]


def test_nobody_is_no_person_in_free_text_unknown_columns_and_quarantine(land: Any) -> None:
    content = (
        "行政处罚决定书文号,行政相对人名称,违法行为类型,处罚决定日期,处罚机关,原权利人\n"
        "淄罚1号,None,None of the marks was licensed,2021-12-10,淄博市市场监督管理局,\\N\n"
        "淄罚2号,不详,假冒专利,不是日期,淄博市市场监督管理局,None\n"
    )
    landed = land("penalties", content)
    assert landed.bronze["violation_type"].to_list() == ["None of the marks was licensed"]
    assert landed.reasons() == [(3, "date_unparseable", "decision_date")]
    assert "自然人" not in landed.written


def test_no_code_of_a_contract_is_a_placeholder() -> None:
    """Else the spelling would never be read: it has to be listed as genuine."""
    for source in contracts().values():
        words = {word.lower() for word in source.sentinels}
        for field in source.fields:
            spellings = {s.lower() for code, all_ in (field.values or {}).items() for s in [code, *all_]}
            assert not spellings & words - {word.lower() for word in field.genuine}, (source.source, field.name)


def test_a_word_that_is_no_sentinel_cannot_be_genuine() -> None:
    pledges = contract("pledges")
    spoiled = pledges.model_dump() | {"fields": [{**pledges.fields[0].model_dump(), "genuine": ["瓷"]}]}
    with pytest.raises(ValueError, match="no sentinel to take back: 瓷"):
        type(pledges).model_validate(spoiled)


@pytest.mark.parametrize(
    "written",
    [
        "0", "００００００００", "00000000", "0000-00-00", "0000-00-00 00:00:00", "0000/00/00", "0000年00月00日", "1900-1-1", "1900/1/1 0:00:00",
        "1900-01-01T00:00:00", "1900年1月1日", "1900/1/0", "1900/1/0 0:00:00", "1899-12-30 00:00:00", "0001-01-01T00:00:00",
        "9999-12-31", "9999-12-31 23:59:59", "99991231", "9999/9/9", "长期", "长期有效", "永久", "至今", "无 期限", "待定",
    ],
)  # fmt: skip
def test_days_that_mean_no_date(land: Any, written: str) -> None:
    row = f"Y1,专利,201210424464.6,釉料,2021-03-05,淄博样例有限公司,样例银行,500,{written},张店区"
    landed = land("pledges", f"{PLEDGES}\n{row}")
    assert landed.reasons() == [] and landed.bronze["released_on"].to_list() == [None]


# --- dates -----------------------------------------------------------------------------------------------------


def test_midnight_in_beijing_as_utc(faulty: Faulty) -> None:
    assert faulty("08_pledges__iso_utc_year_end.csv").bronze["registration_date"].to_list() == [date(2021, 1, 1)]


def test_dates_of_14_digits_and_characters(faulty: Faulty) -> None:
    landed = faulty("14_penalties__dates_14_digits_and_characters.csv")
    assert landed.bronze["decision_date"].to_list() == [date(2021, 12, 10)] * 3 and landed.reasons() == []


# --- the backfile ------------------------------------------------------------------------------------------------


def test_classification_of_the_backfile(faulty: Faulty) -> None:
    row = faulty("12_patents__v221_classification_ipc.xml").row()
    assert (row["application_no"], row["publication_no"], row["publication_kind"]) == (
        "200410123456.3",
        "CN1234567",
        "C",
    )
    assert (row["main_ipc"], row["ipc"]) == ("C04B35/00", "C04B35/00;H01M10/05")


def test_a_table_with_the_classification_of_earlier_editions(land: Any) -> None:
    content = (
        "申请号,名称,公开（公告）号,公开（公告）日,申请（专利权）人,分类号\n"
        '85100001,一种样例陶瓷,CN85100001A,1985.09.10,样例研究所,"Int. Cl.4 C04B 35/00,//H01M 10/05"\n'
    )
    row = land("patents", content).row()
    assert (row["application_no"], row["patent_type"], row["main_ipc"], row["ipc"]) == (
        "85100001.0",
        "invention",
        "C04B35/00",
        "C04B35/00;H01M10/05",
    )


# --- headers -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "field", "headers"),
    [
        (
            "penalties",
            "decision_no",
            ["行政处罚决定文书号", "行政处罚决定书号", "行政处罚文书号", "处罚决定书编号", "wh"],
        ),
        ("penalties", "offender", ["行政相对人", "被处罚单位名称", "被处罚当事人", "企业名称或自然人姓名"]),
        ("penalties", "offender_credit_code", ["行政相对人代码（统一社会信用代码）", "纳税人识别号", "nsrsbh"]),
        ("penalties", "decision_date", ["作出处罚决定的日期", "行政处罚日期", "cfrq"]),
        ("penalties", "authority", ["作出处罚决定的机关名称", "处罚机构", "行政处罚机关"]),
        ("penalties", "violation_type", ["案由", "违法行为"]),
        ("penalties", "facts", ["主要违法事实（案由）", "违法事实和证据"]),
        ("pledges", "registration_no", ["质押合同登记号", "专利权质押登记号"]),
        ("pledges", "pledgor", ["质押人", "出质单位"]),
        ("pledges", "registration_date", ["质押生效日", "质押登记生效日"]),
        ("trademarks", "registration_no", ["申请/注册号", "商标号"]),
        ("trademarks", "registration_date", ["核准注册日"]),
        ("copyrights", "registration_no", ["软件著作权登记号", "作品著作权登记号"]),
        ("patents", "applicant", ["[标]当前申请(专利权)人", "[标]原始申请(专利权)人"]),
        ("patents", "main_ipc", ["IPC主分类-小组"]),
        ("patents", "publication_date", ["公开(公告)日期", "公开/公告日"]),
    ],
)
def test_headers_of_real_files(source: str, field: str, headers: list[str]) -> None:
    for header in headers:
        assert match(contract(source), [header]).fields == {field: header}


def test_a_header_means_one_field_of_a_source() -> None:
    for source in contracts().values():
        for field in source.fields:
            for header in [field.name, field.title.zh, *field.headers]:
                assert {name for _, name, _ in candidates(source, header)} == {field.name}, (source.source, header)


def test_a_penalty_under_the_headers_of_another_province(land: Any) -> None:
    content = (
        "行政处罚决定文书号,被处罚单位名称,案由,处罚金额(万元),作出处罚决定的日期,作出处罚决定的机关名称\n"
        "淄市监罚〔2021〕1号,淄博样例商贸有限公司,侵犯注册商标专用权,0.5,2021-12-10,淄博市市场监督管理局\n"
    )
    row = land("penalties", content).row()
    assert (row["decision_no"], row["offender"], float(row["fine_yuan"]), row["decision_date"]) == (
        "淄市监罚〔2021〕1号",
        "淄博样例商贸有限公司",
        5000.0,
        date(2021, 12, 10),
    )


def test_names_between_strokes_are_several_names(land: Any) -> None:
    """As PatSnap joins them; a person among companies stays no less a person."""
    content = (
        "公开(公告)号,申请号,标题,[标]当前申请(专利权)人,IPC分类号\n"
        "CN102889890B,201210424464.6,釉料,样小明 | 淄博样例陶瓷有限公司,C04B35/00 | H01M10/05\n"
    )
    landed = land("patents", content)
    row = landed.row()
    assert (row["applicant"], row["applicant_count"], row["ipc"]) == ("自然人", 2, "C04B35/00;H01M10/05")
    assert "样小明" not in landed.written
