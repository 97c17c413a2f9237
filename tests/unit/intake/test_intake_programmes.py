"""Lists, events, surveys, evidence and published figures as offices keep them."""

from datetime import date, datetime

import pytest

from tests.unit.intake.conftest import Land
from tests.unit.intake.test_intake_workbooks import workbook

COMPANY = "淄博样例陶瓷有限公司"
LIST = "名单类型,级别,年度,批次,单位名称,项目名称,项目编号,认定日期,有效期至,认定途径,区县\n"


def test_entries_of_many_lists(land: Land) -> None:
    found = land(
        "designations",
        LIST + f"国家知识产权优势企业,国家级,2021年度,第一批,{COMPANY},,,2021-12-01,2024-11-30,,张店区\n"
        f"驰名商标,国家级,2019,,{COMPANY},样例,10205176,2019-05-06,,司法认定,博山区\n"
        "中国专利奖,国家级,2020,,样小明,一种样例纤维,ZL201310699744.2,2020-07-14,,,\n"
        "专利导航计划项目,省级,2022,,,样例产业专利导航,DH-2022-1,2022-06-30,,,经开区\n"
        "中国专利奖,国家级,2020,,样例化工有限公司,一种样例容器,ZL201510481495.0,2020-07-14,,,\n"
        "样例称号,国家级,2020,,样例化工有限公司,,,2020-07-14,,,\n"
        "国家知识产权优势企业,国家级,2021,,,,,2021-12-01,,,\n",
    )
    assert found.bronze.select("list_type", "level", "list_year", "application_no").rows() == [
        ("advantage", "national", 2021, None),
        ("well_known_mark", "national", 2019, None),
        ("national_patent_award", "national", 2020, "201310699744.2"),
        ("navigation_project", "provincial", 2022, None),
        ("national_patent_award", "national", 2020, None),
    ]
    assert (found.row(0)["unit_key"], found.row(0)["valid_until"]) == (COMPANY, date(2024, 11, 30))
    assert (found.row(1)["route"], found.row(1)["item_no"]) == ("judicial", "10205176")
    assert (found.row(2)["unit"], found.row(2)["unit_key"]) == ("自然人", None) and "样小明" not in found.written
    assert found.row(3)["district_division_code"] is None
    assert found.reasons() == [(7, "code_unknown", "list_type"), (8, "key_missing", "unit")]
    assert found.ledger["message"] == "kept with application_no_not_found in item_no: 1"


@pytest.mark.parametrize(
    ("written", "day", "is_reported"),
    [
        ("2021年12月1日", date(2021, 12, 1), False),
        ("2021年12月", date(2021, 12, 31), True),
        ("2021", date(2021, 12, 31), True),
        ("2021年度", date(2021, 12, 31), True),
        ("202102", date(2021, 2, 28), True),
    ],
)
def test_a_list_that_says_only_the_month_or_year_is_read_and_reported(
    land: Land, written: str, day: date, is_reported: bool
) -> None:
    found = land("designations", LIST + f"优势企业,国家级,2021,,{COMPANY},,,{written},,,张店区\n")
    assert found.row()["approved_on"] == day
    assert ("kept with date_imprecise in approved_on: 1" in (found.ledger["message"] or "")) == is_reported


def test_a_day_that_must_be_exact_is_not_made_up(land: Land) -> None:
    found = land("activities", "活动类型,活动名称,举办日期\n培训班,样例培训,2021年6月\n培训班,样例培训,2021\n")
    assert [reason for _, reason, _ in found.reasons()] == ["date_unparseable"] * 2


def test_a_ledger_of_events(land: Land) -> None:
    sheet = [
        ["样例市知识产权活动台账"],
        ["序号", "活动类型", "活动名称", "举办日期", "参加人数（人次）", "主办单位", "主讲人", "区县"],
        [1, "培训班", "样例专利培训班", datetime(2021, 4, 26), 120, "样例局", "样小明", "桓台县"],
        [2, "宣传活动", "样例宣传周", datetime(2021, 4, 20), "1.2万", "样例局", None, "市本级"],
        ["合计", None, None, None, 12120],
    ]
    found = land("activities", workbook(活动=sheet), "活动.xlsx")
    assert found.bronze.select("activity_type", "participants", "district_division_code").rows() == [
        ("training", 120, "370321"), ("publicity", 12_000, None),
    ]  # fmt: skip
    assert "样小明" not in found.written


def test_surveys_by_name_of_the_region(land: Land) -> None:
    found = land(
        "surveys",
        "调查类型,地区,调查期间,得分,样本量,调查机构,公布日期\n"
        "知识产权保护满意度,淄博市,2022年,85.3,1200份,样例调查中心,2023-03-01\n"
        "社会认知度,全国,2022,80.61分,,样例调查中心,2023-03-01\n",
    )
    assert found.bronze.select("survey_type", "region_code", "period_type", "period_end", "score", "sample_size").rows() == [
        ("protection_satisfaction", "370300", "year", date(2022, 12, 31), 85.3, 1200),
        ("public_awareness", "100000", "year", date(2022, 12, 31), 80.61, None),
    ]  # fmt: skip


def test_evidence_for_tasks(land: Land) -> None:
    found = land(
        "task_evidence",
        "规划,任务编号,阶段,材料名称,文号,日期,分项,数量,计量单位,区县,链接\n"
        "zibo_14fyp,3.4.2-g,投入运行,样例平台运行通知,淄样〔2022〕1号,2022-03-01,申请受理,1,项,,https://example.org/1\n"
        "zibo_14fyp,T07,验收,样例验收意见,,2022-11-01,,,,高新区,\n"
        "zibo_14fyp,T07,进行中,样例,,2022-11-01,,,,,\n",
    )
    assert found.bronze.select("subject_id", "stage", "item", "quantity", "unit").rows() == [
        ("3.4.2-g", "operating", "申请受理", 1.0, "项"), ("T07", "accepted", None, None, None),
    ]  # fmt: skip
    assert found.reasons() == [(4, "code_unknown", "stage")]


@pytest.mark.parametrize(
    ("region", "code"), [("全国", "100000"), ("中国", "100000"), ("100000", "100000"), ("山东省", "370000")]
)
def test_figures_of_the_nation_and_the_provinces(land: Land, region: str, code: str) -> None:
    column = "区划代码" if region.isdigit() else "地区"
    found = land(
        "official_figures",
        f"指标,{column},期间,数值,单位,公布日期,文件\ninv_valid_per_10k,{region},2020,6.3,件,2021-03-01,样例公报\n",
    )
    assert found.row()["region_code"] == code
