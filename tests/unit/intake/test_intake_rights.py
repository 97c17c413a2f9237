"""Rights other than domestic patents: trademarks, families abroad, copyright, varieties, layouts, indications."""

import json
from datetime import date

import pytest

from pipelines.codes.credit_code import check_character
from tests.unit.intake.conftest import Land
from tests.unit.intake.test_intake_workbooks import workbook

COMPANY = "淄博样例陶瓷有限公司"
CODE = "91370300164103727" + check_character("91370300164103727")

REGISTER = "注册号,国际分类,商标名称,申请日期,注册公告日期,专用权期限开始,专用权期限截止,商标状态,商标类型,申请人名称（中文）,申请人地址（中文）,代理机构,联系电话\n"
BY_CLASS = (
    REGISTER
    + f"10205176,9;35,样例,2011-11-18,2013.01.21,2013-01-21,2033-01-20,注册,一般,{COMPANY},山东省淄博市张店区样例路1号,样例商标事务所,13800000000\n"
    "10205177,第21类、第 30 类,样例二,2011-11-18,2013.01.21,,,已注销,集体商标,样小明,山东省淄博市张店区样例路2号1-201,,\n"
    f"10205178,009,样例三,2023-11-18,,,,等待实质审查,一般,{COMPANY},山东省淄博市临淄区样例路3号,,\n"
)


def test_a_mark_in_several_classes_is_a_row_for_each(land: Land) -> None:
    found = land("trademarks", BY_CLASS.encode("gb18030"))
    assert found.bronze.select("source_row", "registration_no", "nice_class").rows() == [
        (2, "10205176", 9), (2, "10205176", 35), (3, "10205177", 21), (3, "10205177", 30), (4, "10205178", 9),
    ]  # fmt: skip
    assert (found.ledger["rows_in"], found.ledger["rows_out"]) == (5, 5)
    assert "2 records with several nice_class read as 2 more rows" in found.ledger["message"]


def test_owners_and_what_the_register_says(land: Land) -> None:
    found = land("trademarks", BY_CLASS)
    first, person = found.row(0), found.row(2)
    assert (first["status"], first["category"]) == ("registered", "ordinary")
    assert (first["exclusive_until"], first["registration_date"]) == (date(2033, 1, 20), date(2013, 1, 21))
    assert (first["owner_key"], first["owner_kind"], first["division_code"]) == (COMPANY, "organisation", "370303")
    assert (person["owner"], person["owner_key"], person["owner_kind"]) == ("自然人", None, "natural_person")
    assert (person["address"], person["status"], person["category"]) == (
        "山东省淄博市张店区",
        "surrendered",
        "collective",
    )
    assert found.row(4)["status"] == "pending" and found.row(4)["registration_date"] is None
    for personal in ("样小明", "1-201", "13800000000"):
        assert personal not in found.written


def test_classes_outside_the_classification_and_repeats(land: Land) -> None:
    found = land(
        "trademarks",
        "注册号,类别,商标名称\n1,0,甲\n2,46,乙\n3,9;9,丙\n4,九,丁\n5,,戊\n6,9,己\n6,9,己\n7,9,庚\n7,9,辛\n1.02E+07,9,壬\n",
    )
    assert found.reasons() == [
        (2, "number_out_of_range", "nice_class"),
        (3, "number_out_of_range", "nice_class"),
        (5, "number_unparseable", "nice_class"),
        (6, "required_missing", "nice_class"),
        (9, "key_conflict", "registration_no"),
        (10, "key_conflict", "registration_no"),
        (11, "identifier_spoiled", "registration_no"),
    ]
    assert found.bronze["registration_no"].to_list() == ["3", "6"]
    assert found.ledger["rows_duplicate"] == 1


AGENCY = {
    "regNo": "G1234567", "intCls": "24", "tmName": "样例", "appDate": "20111118", "regDate": "2013-1-21",
    "privateDateStart": "2013-01-21", "privateDateEnd": "2033-01-20", "applicantCn": COMPANY, "addressCn": "山东省淄博市桓台县样例镇",
    "agent": "样例商标事务所", "category": "证明商标", "status": "撤销", "announcementIssue": "1340", "jointly_owned": "0",
}  # fmt: skip


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_fields_of_agencies_records(land: Land, form: str) -> None:
    """Domain D.5: regNo, intCls, tmName … as agencies' systems export them."""
    header, values = list(AGENCY), list(AGENCY.values())
    content = ",".join(header) + "\n" + ",".join(values) + "\n" if form == "csv" else workbook(商标=[header, values])
    row = land("trademarks", content, f"list.{form}").row()
    assert (row["registration_no"], row["nice_class"], row["mark_name"]) == ("G1234567", 24, "样例")
    assert (row["application_date"], row["exclusive_until"]) == (date(2011, 11, 18), date(2033, 1, 20))
    assert (row["category"], row["status"], row["agency"]) == ("certification", "cancelled", "样例商标事务所")
    assert (row["owner"], row["division_code"], row["address_rest"]) == (COMPANY, "370321", "样例镇")
    assert json.loads(row["extras"]) == {"announcementIssue": "1340", "jointly_owned": "0"}


def test_families_abroad(land: Land) -> None:
    found = land(
        "patent_families",
        "CN application,country,海外申请号,同族公开号,文献种类,国际申请日,海外公开日,海外授权日,状态,申请人,申请人地址,发明人\n"
        f"201210424464.6,WO,PCT/CN2013/070001,WO 2013/123456,A1,2013-01-04,2013-08-29,,公布,{COMPANY},山东省淄博市张店区样例路1号,样小明\n"
        f"201210424464.6,美国,14/123456,US 9123456,B2,2014-01-04,2015-09-01,2015-09-01,授权,{COMPANY},,样小明\n"
        f",usa,,US 2016/0123456,A1,2014-01-04,2016-05-01,,失效,{COMPANY},,\n"
        f"201210424464.6,EP,,EP2123456,A1,2015-01-04,2014-05-01,,授权,{COMPANY},,\n"
        f"201210424464.6,XYZ,,XY1,A1,,,,,{COMPANY},,\n",
    )
    assert found.bronze.select("member_office", "member_publication_no", "member_kind", "status").rows() == [
        ("WO", "WO2013/123456", "A1", "pending"), ("US", "US9123456", "B2", "granted"),
    ]  # fmt: skip
    assert found.reasons() == [
        (4, "code_unknown", "member_office"),
        (5, "date_order", "filing_date"),
        (6, "code_unknown", "member_office"),
    ]
    assert found.row()["application_no"] == "201210424464.6" and found.row()["applicant_key"] == COMPANY
    assert "样小明" not in found.written and found.ledger["dropped_columns"] == '["发明人"]'


def test_software_and_works(land: Land) -> None:
    found = land(
        "copyrights",
        "登记号,证书号,登记类型,软件名称,版本号,著作权人,首次发表日期,登记日期,权利取得方式,作者,区县\n"
        f"2014SR001852,软著登字第0671096号,计算机软件,样例系统,V1.0,{COMPANY},未发表,2014-01-07,原始取得,,张店区\n"
        f"软著登字第2016SR172900号,,软件,样例系统二,V2.0,{COMPANY},1900-01-01,2016-07-11,原始取得,,高新区\n"
        f"鲁作登字-2021-F-00012345,,美术作品,样例图,,样小明,2020-12-31,2021-02-03,原始取得,样大力,周村区\n"
        f"软著登字第0671097号,,软件,样例系统三,V1.0,{COMPANY},,2014-01-08,原始取得,,张店区\n"
        f"2014SR001853,,,样例系统四,V1.0,{COMPANY},,2014-01-08,受让,,张店区\n",
    )
    assert found.bronze.select("registration_no", "certificate_no", "work_kind").rows() == [
        ("2014SR001852", "软著登字第0671096号", "software"),
        ("2016SR172900", None, "software"),
        ("鲁作登字-2021-F-00012345", None, "works"),
        ("2014SR001853", None, "software"),
    ]
    assert found.reasons() == [(5, "registration_no_malformed", "registration_no")]
    assert found.bronze["first_published_on"].to_list() == [None, None, date(2020, 12, 31), None]
    assert found.row(2)["owner"] == "自然人" and found.row(2)["district_division_code"] == "370306"
    for personal in ("样小明", "样大力"):
        assert personal not in found.written


def test_plant_varieties_of_both_registers(land: Land) -> None:
    found = land(
        "plant_varieties",
        "品种权申请号,品种名称,属种,登记机关,品种权人,地址,申请日,品种权号,授权公告日,终止日,培育人\n"
        f"20191234567,样例麦1号,普通小麦,农业农村部,{COMPANY},山东省淄博市张店区,2019-03-04,CNA20191234567,2021-06-18,,样小明\n"
        "20200001,样例槐,刺槐,国家林业和草原局,样小明,山东省淄博市沂源县样例村1号,2020-03-04,,,,样小明\n",
    )
    assert found.bronze["register"].to_list() == ["agriculture", "forestry"]
    assert found.row(1)["address"] == "山东省淄博市沂源县" and found.row()["grant_date"] == date(2021, 6, 18)
    assert "样小明" not in found.written


def test_layouts_of_integrated_circuits(land: Land) -> None:
    found = land(
        "ic_layouts",
        "布图设计登记号,布图设计名称,布图设计权利人,地址,布图设计创作人,申请日,颁证日\n"
        f"BS.205012345,样例芯片,{COMPANY},山东省淄博市张店区样例路1号,样小明,2020-11-03,2021-01-05\n",
    )
    row = found.row()
    assert (row["registration_no"], row["layout_name"], row["owner"]) == ("BS.205012345", "样例芯片", COMPANY)
    assert (row["application_date"], row["certificate_date"]) == (date(2020, 11, 3), date(2021, 1, 5))
    assert "样小明" not in found.written


def test_indications_and_the_users_of_their_sign(land: Land) -> None:
    found = land(
        "geographical_indications",
        "登记类别,记录类型,编号,地理标志名称,注册人,专用标志使用人,统一社会信用代码,登记日期,注销日期,区县\n"
        "地理标志证明商标,地理标志,1234567,样例苹果,样例苹果协会,,,2012-03-04,,沂源县\n"
        f"地理标志保护产品,专用标志使用人,2010年第1号,样例陶瓷,,{COMPANY},{CODE},2013-03-04,,淄川区\n"
        "农产品地理标志,地理标志,AGI01234,样例桃,样例农民专业合作社,,,2014-03-04,2020-01-01,样例县\n",
    )
    assert found.bronze.select("register", "record_type").rows() == [
        ("mark", "gi"), ("product", "authorised_user"), ("agricultural", "gi")
    ]  # fmt: skip
    assert (found.row(1)["user"], found.row(1)["user_key"], found.row(1)["credit_code"]) == (COMPANY, COMPANY, CODE)
    assert (found.row(0)["holder"], found.row(0)["user_key"]) == ("样例苹果协会", None)
    assert (found.row(2)["district"], found.row(2)["district_division_code"]) == ("样例县", None)
