"""A tiny city's penalties, cases, pledges, finance, lists, events, surveys and documents: every row is there for one rule.

What the figures should be is for test_protection to say.
"""

from datetime import date

from tests.dbt.world import Row, World

AS_OF = date(2023, 6, 30)
FIRST, LAST = date(2023, 1, 10), date(2023, 6, 30)

ZHANGDIAN = {"district": "张店区", "district_division_code": "370303"}
LINZI = {"district": "临淄区", "district_division_code": "370305"}
HIGH_TECH_ZONE = {"district": "高新区", "district_rest": "高新区"}
CITY_ITSELF = {"district": "市本级", "district_rest": "市本级"}
BEIJING = {"district": "海淀区", "district_division_code": "110108"}
CODE_A, CODE_B, CODE_C = "91370300MA3C000A1X", "91370300MA3C000B2Y", "91370300MA3C000C3Z"


def unit(name: str, code: str | None = None) -> Row:
    return {"unit": name, "unit_key": name, "unit_kind": "organisation", "credit_code": code}


def penalty(number: str, decided: date, code: str | None = CODE_A, zone: str | None = None, **more: object) -> Row:
    """A decision of Zhangdian's authority, or of a zone's, against one party."""
    place = {"authority_rest": f"{zone}市场监督管理局", "authority_division_code": "370300"}
    district = {"authority_rest": "市场监督管理局", "authority_division_code": "370303"}
    return {
        "decision_no": number,
        "decision_date": decided,
        "offender": f"甲{code}",
        "offender_key": f"甲{code}" if code else None,
        "offender_kind": "organisation" if code else "natural_person",
        "offender_credit_code": code,
        "authority": f"淄博市{zone or '张店区'}市场监督管理局",
        **(place if zone else district),
        **more,
    }


def case(number: str, kind: str, opened: date, closed: date | None = None, **more: object) -> Row:
    return {"case_no": number, "case_type": kind, "opened_on": opened, "closed_on": closed, **ZHANGDIAN, **more}


def pledge(number: str, kind: str, right: str, amount: float | None, **more: object) -> Row:
    return {
        "registration_no": number,
        "right_type": kind,
        "right_no": right,
        "registration_date": date(2022, 5, 10),
        "amount_yuan": amount,
        "pledgor": "甲",
        "pledgor_key": "甲",
        **ZHANGDIAN,
        **more,
    }


def listed(kind: str, approved: date, who: Row, where: Row = ZHANGDIAN, **more: object) -> Row:
    return {"list_type": kind, "approved_on": approved, "list_year": approved.year, **who, **where, **more}


def shown(subject: str, stage: str, day: date, title: str = "材料", **more: object) -> Row:
    return {"plan_id": "zibo_14fyp", "subject_id": subject, "stage": stage, "event_date": day, "title": title, **more}


PENALTIES = [
    # The seventh working day after, and one more; one decision against two parties.
    penalty("假1", date(2022, 3, 1), violation_type="假冒专利", fine_yuan=5000.0, published_on=date(2022, 3, 10),
            filed_on=date(2022, 2, 1), procedure="simple"),
    penalty("商1", date(2022, 3, 1), violation_type="其他", basis="《中华人民共和国商标法》第五十七条", fine_yuan=1000.0,
            published_on=date(2022, 3, 11), filed_on=date(2022, 1, 10), procedure="ordinary"),
    penalty("商1", date(2022, 3, 1), CODE_B, violation_type="其他", basis="《中华人民共和国商标法》第五十七条",
            fine_yuan=2000.0, published_on=date(2022, 3, 11), filed_on=date(2022, 1, 10), procedure="ordinary"),
    # National holidays, and the two weekend days worked for them, lie between.
    penalty("商2", date(2022, 9, 26), violation_type="侵犯注册商标专用权", published_on=date(2022, 10, 10),
            is_transferred=True, transferred_on=date(2022, 10, 20)),
    penalty("食1", date(2022, 5, 1), violation_type="经营标签不符合规定的食品", basis="食品安全法", fine_yuan=9999.0),
    penalty("密1", date(2022, 6, 1), None, "高新区", violation_type="其他", facts="当事人侵犯商业秘密", basis="反不正当竞争法"),
    # Published before it was decided: an error no number of days can be taken from.
    penalty("著1", date(2022, 11, 1), CODE_B, violation_type="其他", basis="著作权法", published_on=date(2022, 10, 30)),
    penalty("商0", date(2017, 2, 1), violation_type="商标侵权", is_transferred=True),
    penalty("商3", date(2022, 7, 1), violation_type="商标侵权"),
]  # fmt: skip

CASES = [
    case("纠1", "patent_dispute", date(2021, 12, 1), date(2022, 4, 1), ip_kind="patent"),
    case("纠2", "patent_dispute", date(2022, 12, 1), ip_kind="patent"),
    case("裁1", "administrative_ruling", date(2022, 1, 1), date(2022, 2, 1)),
    case("调1", "mediation", date(2022, 1, 1), date(2022, 2, 1), **LINZI),
    case("援1", "aid", date(2022, 1, 1)),
    case("法1", "court_case", date(2022, 1, 1), date(2022, 2, 1), district=None, district_division_code=None,
         authority="淄博市中级人民法院"),
    case("关1", "customs_seizure", date(2022, 1, 1), items=100, value_yuan=50_000.0, batches=3),
    case("关2", "customs_seizure", date(2022, 1, 2)),
    case("商2", "criminal_transfer", date(2022, 10, 21)),
    case("移2", "criminal_transfer", date(2022, 11, 21)),
]  # fmt: skip

PLEDGES = [
    pledge(
        "Y1", "patent", "1", 10_000_000.0, is_rollover=True, enterprise_size="small", application_no="201010000001.1"
    ),
    pledge("Y1", "patent", "2", 10_000_000.0, is_rollover=True, enterprise_size="small"),
    pledge("Y2", "patent", "3", 2_000_000.0, enterprise_size="large", **LINZI),
    pledge("Y2", "trademark", "4", 2_000_000.0, enterprise_size="large", **LINZI),
    pledge("Y3", "patent", "5", 1_000_000.0),
    pledge("Y3", "patent", "6", 3_000_000.0),
    pledge("Y4", "trademark", "7", 5_000_000.0, released_on=date(2022, 12, 1)),
    pledge("Y5", "trademark", "8", 4_000_000.0),
    pledge("Y6", "patent", "9", 7_000_000.0, **BEIJING),
]
REGISTER = [pledge("Y5", "trademark", "8", None, district=None, district_division_code=None)]

FINANCE = [
    {"contract_no": n, "product_type": kind, "issued_on": date(2022, 3, 3), "amount_yuan": amount, "premium_yuan": premium,
     **ZHANGDIAN}
    for n, kind, amount, premium in [
        ("保1", "insurance", 1_000_000.0, 5_000.0), ("保2", "insurance", None, None), ("券1", "securitisation", 2e8, None),
        ("债1", "bond", 1e8, None), ("投1", "investment", 3_000_000.0, None)]
]  # fmt: skip

DEALS = [
    {"deal_no": n, "deal_type": kind, "application_no": patent, "deal_date": day, "amount_yuan": amount,
     "is_high_value": high, **ZHANGDIAN}
    for n, kind, patent, day, amount, high in [
        ("1", "transfer", "201010000001.1", date(2022, 3, 3), 500_000.0, None),
        ("1", "transfer", "201010000002.2", date(2022, 3, 3), 500_000.0, None),
        ("2", "licence", "201010000003.3", date(2022, 3, 4), 100_000.0, None),
        ("3", "licence", "201010000003.3", date(2022, 3, 5), None, None),
        ("4", "reserve_intake", "201010000004.4", date(2021, 3, 4), 9_000.0, True),
        ("5", "reserve_intake", "201010000004.4", date(2022, 3, 4), 9_000.0, True),
        ("6", "reserve_intake", "201010000005.5", date(2022, 3, 4), 9_000.0, True),
        ("7", "reserve_intake", "201010000006.6", date(2022, 3, 4), 9_000.0, False)]
]  # fmt: skip

LISTS = [
    # Three years, or again three from the second approval; the last day of the third year is not one of them.
    listed("advantage", date(2019, 1, 1), unit("甲公司", CODE_A), level="national"),
    listed("advantage", date(2021, 6, 1), unit("甲公司", CODE_A), level="national"),
    listed("advantage", date(2019, 12, 31), unit("乙公司", CODE_B), level="national"),
    # Once by code and once by name; a third by name alone.
    listed("key_unit", date(2022, 3, 1), unit("甲公司", CODE_A), level="city"),
    listed("key_unit", date(2022, 4, 1), unit("甲公司"), level="county"),
    listed("key_unit", date(2022, 4, 1), unit("丙公司"), LINZI, level="county"),
    listed("cultivation_centre", date(2022, 11, 1), unit("甲公司", CODE_A), batch="第一批"),
    listed("cultivation_centre", date(2022, 12, 1), unit("甲公司", CODE_A), batch="第二批"),
    listed("cultivation_centre", date(2022, 12, 1), unit("丙公司"), LINZI, batch="第二批"),
    listed("cultivation_centre", date(2023, 5, 1), unit("甲公司", CODE_A), batch="第一批"),
    listed("navigation_project", date(2022, 5, 1), unit("甲公司", CODE_A), item_name="导航一", item_no="D1"),
    listed("navigation_project", date(2022, 6, 1), unit("甲公司", CODE_A), item_name="导航一", item_no="D1", batch="增补"),
    listed("navigation_project", date(2022, 5, 1), unit("甲公司", CODE_A), item_name="导航二", item_no="D2"),
    listed("mediation_body", date(2021, 1, 1), unit("调解一"), removed_on=date(2022, 6, 1)),
    listed("mediation_body", date(2022, 5, 1), unit("调解二")),
    listed("mediation_body", date(2022, 5, 1), unit("调解三"), HIGH_TECH_ZONE),
    listed("mediation_body", date(2022, 5, 1), unit("调解四"), CITY_ITSELF),
    listed("workstation", date(2020, 1, 1), unit("站一"), valid_until=date(2022, 12, 31)),
    listed("workstation", date(2020, 1, 1), unit("站二"), removed_on=date(2022, 12, 31)),
    listed("workstation", date(2020, 1, 1), unit("站三"), BEIJING),
    listed("award_advanced_collective", date(2019, 3, 1), unit("淄博市"), CITY_ITSELF, list_year=2018),
    listed("award_advanced_collective", date(2019, 12, 1), unit("淄博市"), CITY_ITSELF),
    listed("award_advanced_collective", date(2019, 12, 2), unit("淄博市"), CITY_ITSELF, batch="补发"),
]  # fmt: skip

ACTIVITIES = [
    {"activity_type": kind, "title": title, "held_on": date(2022, 4, 26), "participants": people, **ZHANGDIAN}
    for kind, title, people in [
        ("training", "一", 100), ("seminar", "二", 50), ("training", "三", None), ("publicity", "四", 1000), ("service", "五", 5)]
]  # fmt: skip

SURVEYS = [
    {"survey_type": "protection_satisfaction", "region_code": "370300", "period_type": "year",
     "period_start": date(2022, 1, 1), "period_end": date(2022, 12, 31), "score": score, "organiser": who, "published_on": on}
    for score, who, on in [(80.5, "调查一", date(2023, 3, 1)), (81.5, "调查二", date(2023, 4, 1))]
]  # fmt: skip

DOCUMENTS = [
    shown("T07", "approval", date(2021, 6, 1)),
    shown("T07", "accepted", date(2022, 5, 1)),
    shown("T13", "reported", date(2022, 5, 1), "甲"),
    shown("T13", "reported", date(2023, 5, 1), "乙"),
    shown("B23", "operating", date(2019, 1, 1)),
    shown("B24", "approval", date(2019, 1, 1)),
    shown("3.1.1-a", "issued", date(2022, 1, 1)),
    shown("3.1.2-a", "issued", date(2022, 1, 1)),
    shown("3.4.1-h", "issued", date(2022, 1, 1)),
    shown("3.4.1-h", "withdrawn", date(2023, 1, 1)),
    shown("3.4.2-g", "operating", date(2022, 1, 1), "一", item="行政裁决"),
    shown("3.4.2-g", "accepted", date(2022, 2, 1), "二", item="多元调解"),
    shown("3.4.2-g", "operating", date(2022, 3, 1), "三", item="多元调解"),
    shown("3.4.2-g", "approval", date(2022, 3, 1), "四", item="商事仲裁"),
    shown("3.4.2-g", "operating", date(2022, 3, 1), "五", item="名单之外的功能"),
    shown("3.1.1-c", "held", date(2021, 3, 1), "上年一"),
    shown("3.1.1-c", "held", date(2021, 4, 1), "上年二"),
    shown("3.1.1-c", "held", date(2022, 3, 1), "当年"),
    shown("9.9.9-z", "held", date(2022, 3, 1), "规划没有的任务"),
]


def deliver(world: World) -> None:
    """Two deliveries of what changes between them, one of everything else."""
    world.deliver("penalties", FIRST, PENALTIES)
    world.deliver("penalties", LAST, [PENALTIES[-1] | {"is_withdrawn": True}])
    world.deliver("pledges", FIRST, PLEDGES)
    world.deliver("pledges", LAST, REGISTER)
    released = {"event_code": "PC01", "event_date": date(2023, 3, 5), "effective_date": date(2023, 3, 1)}
    world.deliver("patent_events", LAST, [{"application_no": "201010000001.1", "contract_no": "Y1", **released}])
    for source, rows in {
        "case_ledger": CASES,
        "ip_finance": FINANCE,
        "deals": DEALS,
        "designations": LISTS,
        "activities": ACTIVITIES,
        "surveys": SURVEYS,
        "task_evidence": DOCUMENTS,
    }.items():
        world.deliver(source, LAST, rows)
