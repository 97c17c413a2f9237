"""Grammar of legal notices: labels, titles, changes, and how notices are told apart in plain text."""

import csv
from pathlib import Path

import pytest

from pipelines.intake.readers import gazette_text
from pipelines.intake.readers.base import ROW, Notes, RawTable, UnreadableFile
from pipelines.intake.readers.gazette_text import (
    contradicts,
    event_code,
    looks_like_gazette_text,
    parse_notice,
    read_gazette_text,
)


def fields(text: str) -> dict[str, str]:
    return parse_notice(text, Notes()).fields


def rows(table: RawTable, *columns: str) -> list[tuple[str | None, ...]]:
    return table.frame.select(columns).rows()


def test_notice_of_an_invalidation_with_full_width_punctuation() -> None:
    notice = parse_notice(
        "专利权部分无效\n专 利 号：ZL201210424464.6\n无效宣告决定号：４０１２３\n无效宣告决定日：２０２２．０３．０１\n委内编号：5W118123",
        Notes(),
    )
    assert notice.title == "专利权部分无效"
    assert event_code(notice) == "IP01"
    assert notice.fields == {
        "application_no": "ZL201210424464.6",
        "decision_no": "４０１２３",  # values are as delivered; the contract folds them
        "decision_date": "２０２２．０３．０１",
        "委内编号": "5W118123",
    }


def test_licence() -> None:
    assert fields(
        "合同备案号:2021370000012\n让与人:甲大学\n受让人:乙公司\n许可种类:独占许可\n备案日:20210305\n专利号:ZL 2012 1 0424464.6"
    ) == {
        "contract_no": "2021370000012",
        "licensor": "甲大学",
        "licensee": "乙公司",
        "licence_kind": "独占许可",
        "effective_date": "20210305",
        "application_no": "ZL 2012 1 0424464.6",
    }


CHANGE_FORMS = {
    "labels name the holder": "变更前专利权人:甲厂\n变更前地址:淄博市张店区\n变更后专利权人:甲公司\n变更后地址:淄博市临淄区",
    "short labels": "变更前权利人:甲厂\n变更后权利人:甲公司\n变更前地址:淄博市张店区\n变更后地址:淄博市临淄区",
    "matter first": "变更事项:专利权人\n变更前:甲厂\n变更后:甲公司\n变更事项:地址\n变更前:淄博市张店区\n变更后:淄博市临淄区",
    "matter and short labels": "变更事项:专利权人\n变更前权利人:甲厂\n变更后权利人:甲公司\n变更事项:地址\n变更前权利人:淄博市张店区\n变更后权利人:淄博市临淄区",
    "one line": "变更事项：专利权人  变更前权利人：甲厂　变更后权利人：甲公司 变更事项:地址 变更前:淄博市张店区 变更后:淄博市临淄区",
    "nested labels": "变更前:专利权人姓名或名称:甲厂\n变更后:专利权人姓名或名称:甲公司\n变更前:地址:淄博市张店区\n变更后:地址:淄博市临淄区",
}


@pytest.mark.parametrize("form", CHANGE_FORMS.values(), ids=CHANGE_FORMS.keys())
def test_every_form_of_a_change_gives_the_same_fields(form: str) -> None:
    notice = parse_notice(f"专利权人的姓名或者名称、地址的变更\n{form}", Notes())
    assert notice.fields == {
        "party_before": "甲厂",
        "party_after": "甲公司",
        "address_before": "淄博市张店区",
        "address_after": "淄博市临淄区",
    }
    assert event_code(notice) == "CP03"


def test_joint_holders_follow_the_first_named() -> None:
    """The real form: a bare 变更后 belongs to the co-holder line above it, and may be empty."""
    assert fields("变更前专利权人:甲公司\n变更后专利权人:乙公司\n变更前共同专利权人:丙大学\n变更后:") == {
        "party_before": "甲公司;丙大学",
        "party_after": "乙公司",
    }


@pytest.mark.parametrize(
    ("title", "text", "code"),
    [
        ("专利权人的姓名或者名称、地址的变更", "变更前:甲厂\n变更后:甲公司", "CP01"),
        ("专利权人的姓名或者名称、地址的变更", "变更前地址:淄博\n变更后地址:济南", "CP02"),
        ("专利权人的姓名或者名称、地址的变更", "变更前地址:淄博\n变更后地址:淄博", ""),
        ("专利申请权、专利权的转移", "变更前专利权人:甲\n变更后专利权人:乙", "TR01"),
        ("专利申请权、专利权的转移", "变更前申请人:甲\n变更后申请人:乙", "TA01"),
        ("专利申请权、专利权的转移", "登记生效日:20200101", ""),
        ("著录事项变更", "变更事项:发明人\n变更前:张三\n变更后:张三;李四", "CB03"),
        ("著录事项变更", "变更事项:申请人\n变更前:甲\n变更后:乙", "CB02"),
        ("著录事项变更", "变更事项:代理机构\n变更前:甲\n变更后:乙", "CB01"),
        ("【 专利权质押合同登记的注销 】", "", "PC01"),
        ("专利权质押合同登记的消失", "", ""),
    ],
)
def test_event_code_from_title_and_content(title: str, text: str, code: str) -> None:
    text = text.replace("变更前:甲厂", "变更事项:专利权人\n变更前:甲厂")
    assert event_code(parse_notice(f"{title}\n{text}", Notes())) == code


def test_pledge_change_keeps_both_sides() -> None:
    assert fields("登记号:Y2024370300001\n变更日:20240401\n变更事项:质权人\n变更前:甲银行\n变更后:乙银行") == {
        "contract_no": "Y2024370300001",
        "effective_date": "20240401",
        "变更前质权人": "甲银行",
        "pledgee": "乙银行",
    }


def test_persons_are_left_out_and_reported_without_their_names() -> None:
    notes = Notes()
    notice = parse_notice(
        "著录事项变更\n申请号:2021109912188\n变更事项:发明人\n变更前:张三\n变更后:李四\n联系人:王五\n收件人:赵六\n文件名称:手续合格通知书",
        notes,
    )
    assert notice.fields == {"application_no": "2021109912188", "文件名称": "手续合格通知书"}
    assert notes.lines() == (
        "change left out, names or contacts of persons: 发明人",
        "label left out, names or contacts of persons: 联系人",
        "label left out, names or contacts of persons: 收件人",
    )


def test_second_value_of_a_field_is_kept_beside_the_first() -> None:
    assert fields("登记生效日:20240101\n解除日:20240601\n备案日:20240701\n登记生效日:20240101") == {
        "effective_date": "20240101",
        "other_effective_date": "解除日:20240601;备案日:20240701",
    }


def test_lines_without_label_continue_the_value_above() -> None:
    notes = Notes()
    notice = parse_notice(
        "专利权部分无效\n审查结论:宣告权利要求1无效，\n在权利要求2的基础上维持有效\n收件人:张三\n李四", notes
    )
    assert notice.fields == {"审查结论": "宣告权利要求1无效，在权利要求2的基础上维持有效"}
    assert notes.lines()[1] == "line left out: neither title nor label, and no value above it to continue"


def test_contradiction_needs_a_known_title() -> None:
    assert contradicts("PC01", "专利权质押合同登记的生效")
    assert not contradicts("CP02", "专利权人的姓名或者名称、地址的变更")
    assert not contradicts("PC01", "从未见过的标题")
    assert not contradicts("", "专利权质押合同登记的生效")


def test_titles_lead_to_official_codes(shared_data: Path) -> None:
    with (shared_data / "inpadoc-legal-codes/cn_legal_event_codes.csv").open(encoding="utf-8") as file:
        official = {row["Event-code"].strip() for row in csv.DictReader(file)}
    used = {code for codes in gazette_text._titles().values() for code in codes}
    assert used - official == {"CD02"}  # designs are outside the EPO's list
    assert {"PE01", "PM01", "PC01", "EE01", "EC01", "TR01", "CF01", "CX01", "AV01", "IW01", "RR01"} <= used


# --- plain text --------------------------------------------------------------------------------------------------

GAZETTE = """发明专利公报 第40卷第11期
公告日:2024.03.15

专利权质押合同登记的生效
IPC(主分类):C12N1/20
专利号：ZL 201210424464.6
登记号:Y2024370300001
登记生效日:20240228
出质人:甲公司
质权人:某某银行淄博分行

IPC(主分类):G06F9/50
专利号:ZL202110991218.8、ZL202111286633.X
登记号:Y2024370300002
登记生效日:20240229
出质人:乙公司
质权人:某某银行淄博分行
未缴年费专利权终止
专利号:ZL201510481495.9
终止日:20230801
专利号:ZL201610158350.X
终止日:20230802
"""


def test_gazette_text() -> None:
    table = read_gazette_text(GAZETTE, "patent_events", "gb18030")
    assert rows(table, ROW, "event_code", "application_no", "contract_no", "effective_date", "event_date") == [
        (1, "PE01", "ZL 201210424464.6", "Y2024370300001", "20240228", "2024.03.15"),
        (2, "PE01", "ZL202110991218.8", "Y2024370300002", "20240229", "2024.03.15"),
        (3, "PE01", "ZL202111286633.X", "Y2024370300002", "20240229", "2024.03.15"),
        (4, "CF01", "ZL201510481495.9", None, "20230801", "2024.03.15"),
        (5, "CF01", "ZL201610158350.X", None, "20230802", "2024.03.15"),
    ]
    assert table.frame["pledgor"].to_list() == ["甲公司", "乙公司", "乙公司", None, None]
    assert table.frame["main_ipc"].to_list() == ["C12N1/20", "G06F9/50", "G06F9/50", None, None]
    assert (table.reader, table.encoding) == ("text/gazette", "gb18030")
    assert table.notes == ("heading set aside (1 time, first: 发明专利公报 第40卷第11期)",)


def test_windows_line_ends_and_indents_change_nothing() -> None:
    text = GAZETTE.replace("\n", "\r\n  ").replace("\r\n  \r\n", "\r\n\r\n")
    assert read_gazette_text(text, "patent_events").frame.equals(read_gazette_text(GAZETTE, "patent_events").frame)


def test_unknown_title_gives_no_code() -> None:
    table = read_gazette_text("专利权的某种新事项\n专利号:ZL201510481495.9\n公告日:20240101", "patent_events")
    assert rows(table, "event_code", "event_title", "event_date") == [(None, "专利权的某种新事项", "20240101")]


def test_delivered_code_and_title_labels_win() -> None:
    table = read_gazette_text("法律状态:专利权的转移\n事务代码:TR01\n申请号:2021109912188", "patent_events")
    assert rows(table, "event_code", "event_title") == [("TR01", "专利权的转移")]


def test_text_without_notices_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="holds no legal notice"):
        read_gazette_text("专利权的转移\n\n公告日:20240101\n", "patent_events")
    with pytest.raises(UnreadableFile, match="deliver it under patent_events"):
        read_gazette_text(GAZETTE, "patents")


def test_gazette_text_is_told_from_tables_and_prose() -> None:
    assert looks_like_gazette_text(GAZETTE)
    assert looks_like_gazette_text("专利权的转移\n专利号:ZL201510481495.9")
    assert not looks_like_gazette_text("专利号,登记号,登记生效日\nZL201510481495.9,Y1,2024-01-01\n")
    assert not looks_like_gazette_text("专利号\t登记号\n各位同事：请查收附件。\n")
