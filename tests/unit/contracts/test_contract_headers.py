"""Headers are matched by meaning; the header rows are those of real deliveries."""

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
