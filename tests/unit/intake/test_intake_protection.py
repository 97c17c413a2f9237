"""Protection and finance: each source as the offices write it, with the traps of domain B.7, C.4, D.4 and D.8."""

import json
from datetime import date, datetime
from decimal import Decimal

import pytest

from pipelines.codes.credit_code import check_character
from tests.unit.intake.conftest import Land
from tests.unit.intake.test_intake_workbooks import workbook

CODE = "91370300164103727" + check_character("91370300164103727")
IDENTITY = "370303199001011234"
COMPANY, PERSON = "淄博样例陶瓷有限公司", "样小明"

STANDARD_2018 = (
    "CF_WSH,CF_XDR_MC,CF_XDR_LB,CF_XDR_SHXYM,CF_FRDB,CF_FR_ZJLX,CF_FR_ZJHM,CF_XDR_ZJLX,CF_XDR_ZJHM,CF_WFXW,CF_SY,CF_YJ,"
    "CF_CFLB,CF_NR,CF_NR_FK,CF_NR_WFFF,CF_JDRQ,CF_YXQ,CF_GSJZQ,CF_CFJG,CF_CFJGDM,BZ\n"
    f"淄市监处罚〔2021〕13号,{COMPANY},法人及非法人组织,{CODE.lower()},样大力,身份证,{IDENTITY},,,商标侵权,"
    f"当事人法定代表人样大力（{IDENTITY}）销售侵权商品，电话13800000000,《商标法》第五十七条,罚款,罚款1.5万元,1.5,0.25,"
    "2021/3/4,2099-12-31,2024-03-04,淄博市张店区市场监督管理局,11370300004224423Q,\n"
    f"淄市监处罚〔2021〕14号,{PERSON},自然人,***,,,,身份证,{IDENTITY},商标侵权,"
    f"{PERSON}销售侵权商品,《商标法》第五十七条,罚款,对{PERSON}罚款,0.05,,2021-03-05,,,淄博市张店区市场监督管理局,,\n"
)


def test_the_standard_of_2018_counts_in_ten_thousands(land: Land) -> None:
    found = land("penalties", STANDARD_2018)
    first, second = found.row(0), found.row(1)
    assert (first["fine_yuan"], first["confiscated_yuan"]) == (Decimal("15000.00"), Decimal("2500.00"))
    assert second["fine_yuan"] == Decimal("500.00") and second["confiscated_yuan"] is None  # missing is not zero
    assert (first["offender"], first["offender_key"], first["offender_kind"]) == (COMPANY, COMPANY, "organisation")
    assert first["offender_credit_code"] == CODE and second["offender_credit_code"] is None
    assert first["decision_date"] == date(2021, 3, 4) and first["publication_until"] == date(2024, 3, 4)
    assert (first["authority_division_code"], first["authority_rest"]) == ("370303", "市场监督管理局")
    assert found.aside.is_empty()


def test_nothing_about_persons_is_written_down(land: Land) -> None:
    found = land("penalties", STANDARD_2018)
    assert (found.row(1)["offender"], found.row(1)["offender_key"]) == ("自然人", None)
    assert found.row(0)["facts"] == "当事人法定代表人自然人（***）销售侵权商品，电话***"
    assert (found.row(1)["facts"], found.row(1)["content"]) == ("自然人销售侵权商品", "对自然人罚款")
    for personal in (PERSON, "样大力", IDENTITY, "13800000000"):
        assert personal not in found.written
    assert set(found.row()) & {"legal_representative", "identity"} == set()
    for header in ("CF_FRDB", "CF_FR_ZJLX", "CF_FR_ZJHM", "CF_XDR_ZJLX", "CF_XDR_ZJHM"):
        assert header in found.ledger["dropped_columns"]


def test_rows_set_aside_keep_no_person_either(land: Land) -> None:
    found = land("penalties", STANDARD_2018.replace("2021/3/4", "某日").replace("2021-03-05", "某日"))
    assert [reason for _, reason, _ in found.reasons()] == ["date_unparseable"] * 2
    for personal in (PERSON, "样大力", IDENTITY, "13800000000"):
        assert personal not in found.written


def test_a_list_with_chinese_headers_and_the_unit_in_the_header(land: Land) -> None:
    found = land(
        "penalties",
        "行政处罚决定书文号,行政相对人名称,统一社会信用代码,违法行为类型,处罚类别,罚款金额（元）,处罚决定日期,公示日期,立案日期,处理程序,处罚机关,是否移送,移送日期,备注\n"
        f'淄市监处罚〔2022〕1号,{COMPANY},{CODE},假冒专利,罚款,"61,853",2022年7月27日,2022-08-03,2022-06-01,简易程序,淄博市市场监督管理局,否,,\n'
        f"淄市监处罚〔2022〕2号,{COMPANY},{CODE},假冒专利,罚款,3万元,2022年7月28日,,,02,高新区市场监督管理局,是,2022-08-01,\n",
    )
    first, second = found.row(0), found.row(1)
    assert (first["fine_yuan"], second["fine_yuan"]) == (Decimal("61853.00"), Decimal("30000.00"))
    assert (first["procedure"], second["procedure"]) == ("simple", "ordinary")
    assert (first["is_transferred"], second["is_transferred"]) == (False, True)
    assert second["transferred_on"] == date(2022, 8, 1) and first["transferred_on"] is None
    assert first["authority_division_code"] == "370300"
    assert (second["authority"], second["authority_division_code"]) == ("高新区市场监督管理局", None)


VERSION_2016 = (
    "CF_WSH,CF_CFMC,CF_CFLB1,CF_CFLB2,CF_SY,CF_YJ,CF_XDR_MC,CF_XDR_SHXYM,CF_XDR_ZDM,CF_XDR_GSDJ,CF_XDR_SFZ,CF_FR,CF_JG,CF_JDRQ,CF_XZJG,CF_ZT,DFBM,SJC,BZ\n"
    f"淄工商处字〔2017〕9号,{PERSON}商标侵权案,罚款,没收非法财物,销售侵权商品,《商标法》第六十条,{PERSON},,,,{IDENTITY},样大力,罚款5000元,20170619,淄博市工商行政管理局临淄分局,0,370300,2017-06-20 10:11:12,\n"
)


def test_the_version_of_2016(land: Land) -> None:
    found = land("penalties", VERSION_2016, day="2018-01-31")
    row = found.row()
    assert (row["penalty_class"], row["content"], row["fine_yuan"]) == ("罚款", "罚款5000元", None)
    assert (row["decision_date"], row["authority_division_code"]) == (date(2017, 6, 19), "370300")
    assert '"CF_CFMC":"自然人商标侵权案"' in row["extras"] and '"CF_CFLB2":"没收非法财物"' in row["extras"]
    for personal in (PERSON, "样大力", IDENTITY):
        assert personal not in found.written


MUNICIPAL = (
    "case_name,extend_1,punish_type,admin_punish_doc,punish_content,law_basis,punish_money,illegality_money,"
    "punish_decide_tm,punish_valid_dt,public_deadline,casedeptname,case_process_type,case_source_date,is_deported,deport_time,opt_type\n"
    "样例公司侵权案,商标侵权,罚款,样市监罚〔2019〕1号,罚款10000元,《商标法》第五十七条,10000,暂无,"
    "2019-5-22 0:00:00,无处罚期限,1900-1-1 0:00:00,淄博市临淄区市场监督管理局,01,2019-4-1 0:00:00,0,,i\n"
)


def test_the_municipal_variant_counts_in_yuan(land: Land) -> None:
    row = land("penalties", MUNICIPAL).row()
    assert (row["fine_yuan"], row["confiscated_yuan"]) == (Decimal("10000.00"), None)
    assert (row["decision_date"], row["filed_on"]) == (date(2019, 5, 22), date(2019, 4, 1))
    assert (row["valid_until"], row["publication_until"]) == (None, None)
    assert (row["procedure"], row["is_transferred"], row["is_withdrawn"]) == ("simple", False, False)
    assert row["authority_division_code"] == "370305"


def test_the_records_of_the_enterprise_register(land: Land) -> None:
    record = {
        "penDecNo": "样市监罚〔2020〕1号", "illegActType": "商标侵权", "penContent": "罚款5000元",
        "penAuth_CN": "淄博市高青县市场监督管理局", "penDecIssDate": "2020-03-04", "publicDate": "2020-03-11",
    }  # fmt: skip
    row = land("penalties", json.dumps([record], ensure_ascii=False), "list.json").row()
    assert (row["decision_date"], row["published_on"]) == (date(2020, 3, 4), date(2020, 3, 11))
    assert (row["authority_division_code"], row["violation_type"], row["fine_yuan"]) == ("370322", "商标侵权", None)


@pytest.mark.parametrize("header", ["罚款金额", "罚款", "fine"])
def test_a_fine_without_any_unit_is_refused(land: Land, header: str) -> None:
    found = land(
        "penalties",
        f"行政处罚决定书文号,行政相对人名称,{header},处罚决定日期,处罚机关\n"
        f"甲1号,{COMPANY},10000,2021-03-04,淄博市市场监督管理局\n"
        f"甲2号,{COMPANY},1万元,2021-03-04,淄博市市场监督管理局\n"
        f"甲3号,{COMPANY},,2021-03-04,淄博市市场监督管理局\n",
    )
    assert found.reasons() == [(2, "unit_unknown", "fine_yuan")]
    assert found.bronze["fine_yuan"].to_list() == [Decimal("10000.00"), None]


def test_a_unit_row_goes_before_the_standard(land: Land) -> None:
    sheet = [
        ["CF_WSH", "CF_XDR_MC", "CF_NR_FK", "CF_JDRQ", "CF_CFJG"],
        [None, None, "元", None, None],
        ["甲1号", COMPANY, 10000, datetime(2021, 3, 4), "淄博市市场监督管理局"],
    ]
    assert land("penalties", workbook(处罚=sheet), "处罚.xlsx").row()["fine_yuan"] == Decimal("10000.00")


@pytest.mark.parametrize(
    ("written", "kept", "reported"),
    [
        (CODE.lower(), CODE, None),
        (CODE[:-1] + ("0" if CODE[-1] != "0" else "1"), None, "credit_code_check_character in offender_credit_code: 1"),
        ("370303000123456", None, "credit_code_malformed in offender_credit_code: 1"),
        ("9137**********727C", None, None),
        (IDENTITY, None, "credit_code_malformed in offender_credit_code: 1"),
    ],
)
def test_a_wrong_credit_code_is_left_out_and_the_row_kept(
    land: Land, written: str, kept: str | None, reported: str | None
) -> None:
    found = land(
        "penalties",
        f"行政处罚决定书文号,行政相对人名称,统一社会信用代码,处罚决定日期,处罚机关\n甲1号,{COMPANY},{written},2021-03-04,淄博市市场监督管理局\n",
    )
    assert found.row()["offender_credit_code"] == kept
    assert (found.ledger["message"] or "") == (f"kept with {reported}" if reported else "")
    assert IDENTITY not in found.written


def test_an_identity_number_never_passes_for_a_credit_code(land: Land) -> None:
    """One in 31 identity numbers satisfies the credit code's check character."""
    bodies = (f"37030319900101{serial:03d}" for serial in range(1000))
    passing = next(body + check_character(body) for body in bodies if check_character(body) in "0123456789X")
    found = land(
        "penalties",
        f"行政处罚决定书文号,行政相对人名称,当事人证件号码,处罚决定日期,处罚机关\n甲1号,{PERSON},{passing},某日,淄博市市场监督管理局\n"
        f"甲2号,{PERSON},{passing},2021-03-04,淄博市市场监督管理局\n",
    )
    assert found.row()["offender_credit_code"] is None and found.aside.height == 1
    assert passing not in found.written


def test_two_persons_of_one_decision_are_no_contradiction(land: Land) -> None:
    header = "行政处罚决定书文号,行政相对人名称,罚款金额(元),处罚决定日期,处罚机关\n"
    rows = [f"甲1号,{name},{fine},2021-03-04,淄博市市场监督管理局\n" for name, fine in ((PERSON, 100), ("样大力", 200))]
    assert land("penalties", header + "".join(rows)).bronze["fine_yuan"].to_list() == [Decimal(100), Decimal(200)]
    companies = header + "".join(row.replace(PERSON, COMPANY).replace("样大力", COMPANY) for row in rows)
    assert [reason for _, reason, _ in land("penalties", companies, "b.csv").reasons()] == ["key_conflict"] * 2


# --- pledges ---------------------------------------------------------------------------------------------------------

LEDGER = [
    "质押登记号",
    "权利类型",
    "专利号",
    "质押登记日",
    "出质人",
    "质权人",
    "{}",
    "企业规模",
    "是否续贷",
    "区县",
    "出质人地址",
]
PATENTS = ("ZL201210424464.6", "ZL201310699744.2")


def ledger(amount_header: str, amounts: tuple[object, object], *, units: list[object] | None = None) -> bytes:
    """A package of two patents under one registration, its amount on both rows, below two title rows, with totals."""
    header = [name.format(amount_header) for name in LEDGER]
    rows = [
        ["Y2021370000123", "专利", number, datetime(2021, 5, 6), COMPANY, "样例银行股份有限公司;样小明", amount, "小型", "是", "张店区", "山东省淄博市张店区样例路1号"]
        for number, amount in zip(PATENTS, amounts, strict=True)
    ]  # fmt: skip
    total = ["合计", None, None, None, None, None, amounts[0]]
    sheet = [
        ["样例市专利质押融资台账"],
        ["填报日期：2021年5月"],
        header,
        *([units] if units else []),
        *rows,
        total,
        ["注：合成样例"],
    ]
    return workbook(台账=sheet)


@pytest.mark.parametrize(
    ("content", "yuan"),
    [
        (ledger("融资金额（万元）", (700, 700)), "7000000.00"),
        (ledger("融资金额(亿元)", (0.07, 0.07)), "7000000.00"),
        (ledger("质押金额（元）", ("7,000,000", "7,000,000")), "7000000.00"),
        (ledger("质押金额万元", (700, 700)), "7000000.00"),
        (ledger("融资金额", ("700万元", "0.07亿")), "7000000.00"),
        (ledger("融资金额", (700, 700), units=[None] * 6 + ["万元"]), "7000000.00"),
    ],
)
def test_a_ledger_says_its_unit_in_header_cell_or_unit_row(land: Land, content: bytes, yuan: str) -> None:
    found = land("pledges", content, "台账.xlsx")
    assert found.bronze["amount_yuan"].to_list() == [Decimal(yuan)] * 2
    assert found.bronze["application_no"].to_list() == ["201210424464.6", "201310699744.2"]
    row = found.row()
    assert (row["registration_no"], row["right_type"], row["registration_date"]) == (
        "Y2021370000123",
        "patent",
        date(2021, 5, 6),
    )
    assert (row["enterprise_size"], row["is_rollover"]) == ("small", True)
    assert (row["district"], row["district_division_code"], row["district_rest"]) == ("张店区", "370303", None)
    assert (row["pledgor_key"], row["pledgor_kind"], row["division_code"]) == (COMPANY, "organisation", "370303")
    assert row["pledgee"] == "样例银行股份有限公司;自然人" and "样小明" not in found.written
    assert "1 total row set aside" in found.ledger["message"] and found.aside.is_empty()


def test_a_ledger_under_a_title_that_says_the_unit(land: Land) -> None:
    sheet = [["质押台账（单位：万元）"], [name.format("融资金额") for name in LEDGER]]
    sheet.append(
        ["Y2021370000123", "专利", PATENTS[0], "2021.05.06", COMPANY, "样例银行", 700, "微型", "否", "高新区", None]
    )
    row = land("pledges", workbook(台账=sheet), "台账.xlsx").row()
    assert row["amount_yuan"] == Decimal("7000000.00")
    assert (row["district"], row["district_division_code"]) == ("高新区", None)  # a zone has no code


def test_a_ledger_with_a_header_over_two_merged_rows(land: Land) -> None:
    sheet = [
        ["质押登记号", "权利", None, "质押登记日", "出质人", None, "融资金额"],
        [None, "类型", "号", None, "名称", "地址", "（万元）"],
        ["Y2021370000123", "商标", "10205176", "20210506", COMPANY, "山东省淄博市张店区样例路1号", 24.89],
    ]
    row = land("pledges", workbook(台账=sheet), "台账.xlsx").row()
    assert (row["right_type"], row["right_no"], row["application_no"]) == ("trademark", "10205176", None)
    assert (row["amount_yuan"], row["pledgor"], row["division_code"]) == (Decimal("248900.00"), COMPANY, "370303")


def test_a_ledger_without_unit_is_refused_row_by_row(land: Land) -> None:
    found = land("pledges", ledger("融资金额", (700, 800)), "台账.xlsx")
    assert [reason for _, reason, _ in found.reasons()] == ["unit_unknown"] * 2 and found.bronze.is_empty()


REGISTRY = "lic_id,pripid,uni_social_crd_cd,tmreg_no,tm_nm,kinds,pledgor_nm,imporg_nm,state,public_dt"


def test_the_enterprise_register_has_no_amount(land: Land) -> None:
    found = land(
        "pledges",
        f"{REGISTRY}\n1001,p1,{CODE.lower()},10205176,样例,1,{COMPANY},样例银行股份有限公司,1,2017-2-4 0:00:00\n",
    )
    row = found.row()
    assert (row["registration_no"], row["right_type"], row["right_no"]) == ("1001", "trademark", "10205176")
    assert (row["amount_yuan"], row["pledgor_credit_code"]) == (None, CODE)
    assert row["registration_date"] == date(2017, 2, 4) and row["right_name"] == "样例"


def test_a_kind_of_right_that_nobody_attests_is_not_guessed(land: Land) -> None:
    found = land("pledges", f"{REGISTRY}\n1001,p1,,10205176,样例,3,{COMPANY},样例银行,1,2017-2-4 0:00:00\n")
    assert found.reasons() == [(2, "code_unknown", "right_type")]


def test_a_pledged_patent_with_a_wrong_number_still_counts_as_a_project(land: Land) -> None:
    header = "质押登记号,权利类型,专利号,质押登记日,出质人\n"
    found = land(
        "pledges",
        header
        + f"Y1,专利,201210424464.5,2021-05-06,{COMPANY}\nY2,商标,201210424464.5,2021-05-06,{COMPANY}\nY3,专利,2.01E+11,2021-05-06,{COMPANY}\n",
    )
    assert found.bronze["application_no"].to_list() == [None, None]
    assert found.ledger["message"] == "kept with application_no_not_found in right_no: 1"
    assert found.reasons() == [(4, "identifier_spoiled", "right_no")]


# --- finance, deals, cases --------------------------------------------------------------------------------------------


def test_insurance_and_securitisation(land: Land) -> None:
    found = land(
        "ip_finance",
        "产品类型,保单号,险种,投保人,统一社会信用代码,签发日期,保险金额(万元),保费（元）,起保日期,终保日期,区县\n"
        f'保险,PB-1,专利被侵权损失保险,{COMPANY},{CODE},2022.03.01,50,"3,000.50",2022-03-02,2023-03-01,博山区\n'
        f"证券化,ABS-1,,{COMPANY},,2023-06-30,30000,,,,张店区\n"
        "保险,PB-2,宠物保险,样例科技有限公司,,2022-03-01,1,1,,,博山区\n",
    )
    first, second = found.row(0), found.row(1)
    assert (first["insurance_kind"], first["amount_yuan"], first["premium_yuan"]) == (
        "infringement_loss",
        Decimal("500000.00"),
        Decimal("3000.50"),
    )
    assert (second["product_type"], second["amount_yuan"]) == ("securitisation", Decimal("300000000.00"))
    assert (first["unit"], first["unit_key"], first["district_division_code"]) == (COMPANY, COMPANY, "370304")
    assert found.reasons() == [(4, "code_unknown", "insurance_kind")]


def test_deals(land: Land) -> None:
    found = land(
        "deals",
        "交易编号,交易类型,专利号,成交日期,成交金额（万元）,转让方,受让方,是否高价值,交易平台,区县\n"
        f"T1,转让,ZL201210424464.6,2022-01-05,12.5,样小明,{COMPANY},是,样例运营平台,沂源县\n"
        f"T1,转让,ZL201310699744.2,2022-01-05,12.5,样小明,{COMPANY},否,样例运营平台,沂源县\n"
        f"T2,收储,,2022-01-06,,{COMPANY},样例收储中心,是,样例运营平台,\n"
        f"T3,许可,2.01E+12,2022-01-06,1,{COMPANY},样例科技有限公司,是,,\n",
    )
    assert found.bronze["application_no"].to_list() == ["201210424464.6", "201310699744.2", None, None]
    assert found.bronze["seller"].to_list()[:2] == ["自然人"] * 2 and found.row()["seller_key"] is None
    assert found.row()["buyer_key"] == COMPANY and found.row()["amount_yuan"] == Decimal("125000.00")
    assert "application_no_spoiled in application_no: 1" in found.ledger["message"]
    assert "样小明" not in found.written


def test_a_ledger_of_cases_without_the_people_in_it(land: Land) -> None:
    found = land(
        "case_ledger",
        "案号,案件类型,知识产权类型,请求人,被请求人,受理日期,结案日期,处理程序,处理结果,件数,货值（万元）,批次,区县,承办单位,承办人\n"
        "淄知纠〔2021〕1号,专利侵权纠纷,专利,样小明,样大力,2021-01-05,2021-02-05,一般程序,调解结案，联系13800000000,,,,淄川区,淄博样例局,样小红\n"
        "海关1,海关扣留,商标,样小明,,2021-01-06,,,没收,1.2万件,30.5,3批,市本级,样例海关,\n",
    )
    first, second = found.row(0), found.row(1)
    assert (first["case_type"], first["procedure"], first["closed_on"]) == (
        "patent_dispute",
        "ordinary",
        date(2021, 2, 5),
    )
    assert first["result"] == "调解结案，联系***" and first["district_division_code"] == "370302"
    assert (second["items"], second["value_yuan"], second["batches"]) == (12_000, Decimal("305000.00"), 3)
    assert (second["district"], second["district_division_code"]) == ("市本级", None)
    for personal in ("样小明", "样大力", "样小红", "13800000000"):
        assert personal not in found.written
