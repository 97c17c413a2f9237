"""Headers are matched by meaning; the header rows are those of real deliveries."""

import csv
from pathlib import Path

import pytest

from pipelines.contracts.headers import match, missing, normalise, split_unit
from pipelines.contracts.registry import contract

GAZETTE = [
    "item",
    "name",
    "authorization_notice_id",
    "authorized_announcement_date",
    "filing_id",
    "filing_date",
    "patentee",
    "designer",
    "address",
    "Int.Cl.",
]
CNIPR = [
    "申请号",
    "公开（公告）号",
    "公开（公告）日",
    "申请日",
    "专利号",
    "名称",
    "主分类号",
    "分类号",
    "分案原申请号",
    "优先权",
    "申请（专利权）人",
    "发明（设计）人",
    "地址",
    "颁证日",
    "国际申请",
    "国际公布",
    "进入国家日期",
    "专利代理机构",
    "代理人",
    "摘要",
    "主权项",
    "参考文献",
    "审查员",
    "光盘号",
    "PCT公开",
]
SEARCH_SYSTEM = [
    "专利类型",
    "专利名称",
    "法律状态",
    "法律状态最后修改日期",
    "申请公布日/授权公告日",
    "申请号",
    "申请日",
    "申请人/专利权人",
    "发明人",
]
YEARLY = [
    "专利名称",
    "申请人",
    "申请人地址",
    "申请人城市",
    "申请人区县",
    "申请号",
    "申请日",
    "申请年份",
    "公开公告号",
    "公开公告日",
    "授权公告号",
    "授权公告日",
]


@pytest.mark.parametrize(
    "written",
    ["公开(公告)号", "公开（公告）号", " 公开 公告号 ", "公开\u00a0(公告) 号", "公开[公告]号", "公开（公告）号\n"],
)
def test_width_blanks_and_brackets_do_not_count(written: str) -> None:
    assert match(contract("patents"), [written]).fields == {"publication_no": written}


def test_case_does_not_count() -> None:
    assert normalise("INT. CL.") == normalise("Int.Cl.")


def test_the_gazette_list() -> None:
    found = match(contract("patents"), GAZETTE)
    assert found.fields == {
        "title": "name", "publication_no": "authorization_notice_id", "publication_date": "authorized_announcement_date",
        "application_no": "filing_id", "filing_date": "filing_date", "applicant": "patentee", "inventor": "designer",
        "address": "address", "ipc": "Int.Cl.",
    }  # fmt: skip
    assert found.ordinals == ("item",) and found.personal == ("designer",) and found.unknown == ()


def test_the_full_export_keeps_what_it_does_not_know_and_drops_persons() -> None:
    found = match(contract("patents"), CNIPR)
    assert found.fields["application_no"] == "申请号" and found.fields["applicant"] == "申请（专利权）人"
    assert found.personal == ("发明（设计）人", "代理人", "审查员")
    assert "专利号" in found.unknown  # the second column for the same field
    assert set(found.unknown) >= {"优先权", "主权项", "PCT公开"}


def test_the_search_system_list() -> None:
    found = match(contract("patents"), SEARCH_SYSTEM).fields
    assert found["legal_status_date"] == "法律状态最后修改日期" and found["publication_date"] == "申请公布日/授权公告日"
    assert found["patent_type"] == "专利类型" and "publication_no" not in found


def test_the_yearly_export_has_its_own_columns_for_the_grant() -> None:
    found = match(contract("patents"), YEARLY)
    assert found.fields["publication_no"] == "公开公告号" and found.fields["grant_publication_no"] == "授权公告号"
    assert found.unknown == ("申请人城市", "申请人区县", "申请年份")


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("常住人口(万人)", "万人"),
        ("常住人口（单位：万人）", "万人"),
        ("人数", "人数"),
        ("persons", "persons"),
        ("常住人口", None),
    ],
)
def test_a_unit_in_brackets_or_in_the_name_is_kept(header: str, unit: str | None) -> None:
    found = match(contract("population"), [header])
    assert found.fields == {"persons": header} and found.units.get("persons") == unit


def test_a_unit_that_the_field_cannot_have_is_not_read_over() -> None:
    assert match(contract("population"), ["常住人口(户)"]).fields == {}


def test_a_bracket_is_taken_off_only_at_the_end() -> None:
    assert split_unit("申请（专利权）人") == ("申请(专利权)人", None)


@pytest.mark.parametrize(
    "header", ["联系电话", "法定代表人", "身份证号码", "发明人电话", "经办人", "E-mail", "家庭住址"]
)
def test_columns_about_persons_are_recognised_by_their_header(header: str) -> None:
    assert match(contract("patents"), ["申请号", header]).personal == (header,)


def test_missing_columns_are_said_in_words() -> None:
    assert missing(contract("patents"), {"applicant"}) == [
        "名称 (title)",
        "申请号 (application_no) or 公开(公告)号 (publication_no)",
    ]


def test_a_column_that_follows_from_another_is_not_missing() -> None:
    assert missing(contract("population"), {"region_name", "reference_date", "kind", "persons"}) == []
    assert missing(contract("patent_events"), {"application_no", "event_title", "event_date"}) == []
    figures = {"indicator_id", "region_name", "period", "value", "unit", "published_on", "document"}
    assert missing(contract("official_figures"), figures) == []


@pytest.mark.parametrize(
    ("header", "field", "unit"),
    [
        ("CF_NR_FK", "fine_yuan", "万元"),
        ("cf_nr_fk", "fine_yuan", "万元"),
        ("CF_NR_WFFF", "confiscated_yuan", "万元"),
        ("punish_money", "fine_yuan", "元"),
        ("CF_NR_FK（元）", "fine_yuan", "元"),
        ("罚款金额(万元)", "fine_yuan", "万元"),
        ("罚款金额（单位：亿元）", "fine_yuan", "亿元"),
        ("罚款金额万元", "fine_yuan", "万元"),
        ("罚款金额:元", "fine_yuan", "元"),
        ("罚款金额", "fine_yuan", None),
        ("fine", "fine_yuan", None),
    ],
)
def test_the_unit_of_a_fine(header: str, field: str, unit: str | None) -> None:
    """The header says it, or the standard that the header belongs to; a Chinese title alone says nothing."""
    found = match(contract("penalties"), [header])
    assert found.fields == {field: header} and found.units.get(field) == unit


def test_a_word_that_ends_in_a_unit_is_no_unit_of_a_text() -> None:
    assert match(contract("penalties"), ["处罚内容万元"]).fields == {}
    assert match(contract("penalties"), ["罚款金额(美元)"]).fields == {}


@pytest.mark.parametrize(
    ("source", "headers"),
    [
        ("penalties", ["法定代表人", "CF_FR", "CF_FRDB", "CF_FR_ZJHM", "CF_XDR_ZJLX", "CF_XDR_SFZ", "法人身份证号", "LEGAL_REPRESENT_IDCARD"]),
        ("case_ledger", ["请求人", "被申请人", "原告", "承办人", "执法人员"]),
        ("copyrights", ["作者"]),
        ("plant_varieties", ["培育人"]),
        ("ic_layouts", ["布图设计创作人"]),
        ("patent_families", ["发明人", "inventors"]),
        ("activities", ["主讲人"]),
        ("pledges", ["联系人", "联系电话"]),
    ],
)  # fmt: skip
def test_columns_of_persons_of_each_source(source: str, headers: list[str]) -> None:
    assert match(contract(source), headers).personal == tuple(headers)


@pytest.fixture(scope="module")
def dictionary(shared_data: Path) -> dict[str, list[dict[str, str]]]:
    """A city's real data catalogue, read in place: table → its fields."""
    tables: dict[str, list[dict[str, str]]] = {}
    file = shared_data / "cn-gov-field-dictionary" / "ningbo_market_regulation_tables.csv"
    with file.open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            tables.setdefault(row["table_name_cn"], []).append(row)
    return tables


NAMES = ("field_cn", "field_std", "source_field")


@pytest.mark.parametrize("names", NAMES)
@pytest.mark.parametrize(
    ("source", "table"),
    [
        ("pledges", "知识产权出质登记公示信息"),
        ("pledges", "宁波市市场监督领域知识产权出质登记公示信息"),
        ("penalties", "行政处罚决定信息"),
    ],
)
def test_tables_of_a_citys_catalogue_are_complete(
    dictionary: dict[str, list[dict[str, str]]], source: str, table: str, names: str
) -> None:
    headers = [field[names] for field in dictionary[table] if field[names]]
    found = match(contract(source), headers)
    assert missing(contract(source), set(found.fields)) == []


PLEDGES = {
    "业务主键": "registration_no", "统一社会信用代码": "pledgor_credit_code", "知识产权登记号": "right_no", "名称": "right_name",
    "种类": "right_type", "出质人名称": "pledgor", "质权人名称": "pledgee", "公示日期": "registration_date",
}  # fmt: skip


def test_what_the_registers_pledge_fields_mean(dictionary: dict[str, list[dict[str, str]]]) -> None:
    fields = dictionary["知识产权出质登记公示信息"]
    found = {names: match(contract("pledges"), [field[names] for field in fields]) for names in NAMES}
    for names in NAMES:
        by_header = {header: field for field, header in found[names].fields.items()}
        assert {f["field_cn"]: by_header[f[names]] for f in fields if f["field_cn"] in PLEDGES} == PLEDGES
        assert len(by_header) == len(PLEDGES)


@pytest.mark.parametrize("names", NAMES[:2])
@pytest.mark.parametrize(
    "table", ["宁波市全省双公示行政处罚归集信息", "行政处罚公示信息", "省回流-宁波市政务服务网行政处罚决定信息"]
)
def test_tables_without_an_authority_are_refused_for_that_alone(
    dictionary: dict[str, list[dict[str, str]]], table: str, names: str
) -> None:
    headers = [field[names] or field["source_field"] for field in dictionary[table]]
    found = match(contract("penalties"), headers)
    assert missing(contract("penalties"), set(found.fields)) == ["处罚机关 (authority)"]


def test_persons_in_a_citys_catalogue_are_dropped(dictionary: dict[str, list[dict[str, str]]]) -> None:
    tables = ("宁波市全省双公示行政处罚归集信息", "行政处罚公示信息")
    persons = ("法定代表人", "法人姓名", "法人身份证号")
    for names in NAMES:
        fields = [field for table in tables for field in dictionary[table] if field["field_cn"].startswith(persons)]
        assert len(fields) == 5
        for field in fields:
            assert match(contract("penalties"), [field[names]]).personal == (field[names],)
