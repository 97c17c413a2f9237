"""Marks, families, other rights and parties from bronze rows to the marts, where several models have to agree.

Every record is there for one rule; each rule alone is a dbt unit test.
"""

from datetime import date
from pathlib import Path

import pytest

from tests.dbt.conftest import AS_OF, BEIJING, HIGH_TECH_ZONE, LINZI, NOWHERE_IN_ZIBO, ZHANGDIAN, event, grant
from tests.dbt.test_tiny_city import value
from tests.dbt.world import Row, World

OLD_CODE, OTHER_CODE, THIRD_CODE = "91370300MA00000001", "91370300MA00000002", "91370300MA00000003"
EARLIER = date(2022, 6, 30)


def named(field: str, name: str | None, code: str | None = None) -> Row:
    """A party as intake gives it; None is a natural person."""
    if name is None:
        return {field: "自然人", f"{field}_key": None, f"{field}_kind": "natural_person"}
    return {field: name, f"{field}_key": name, f"{field}_kind": "organisation"} | (
        {"credit_code": code} if code else {}
    )


def mark(number: str, registered: date | None, until: date | None, where: Row, classes: tuple[int, ...] = (9,), **more: object) -> list[Row]:  # fmt: skip
    """A registration, one row per class."""
    common = {
        "registration_no": number,
        "registration_date": registered,
        "exclusive_until": until,
        "status": "registered",
    }
    return [common | {"nice_class": nice_class} | dict(where) | more for nice_class in classes]


def member(office: str, number: str, kind: str | None, application_no: str | None, **more: object) -> Row:
    """A publication of a family member."""
    return {
        "member_office": office,
        "member_publication_no": number,
        "member_kind": kind,
        "application_no": application_no,
        **more,
    }


def deliver_patents(world: World) -> None:
    """Inventions granted in 2013, filed on 2010-03-01; the first is renamed twice and lapses."""
    old = date(2013, 5, 1)
    world.deliver(
        "patents",
        date(2022, 1, 10),
        [
            grant("201010000001.1", old, ZHANGDIAN, **named("applicant", "旧名有限公司")),
            grant("201010000002.2", old, ZHANGDIAN, **named("applicant", "共名有限公司")),
            grant("201010000004.4", old, HIGH_TECH_ZONE, **named("applicant", None)),
            grant("201010000005.5", old, NOWHERE_IN_ZIBO),
        ],
    )
    names = [("旧名有限公司", "中名有限公司"), ("中名有限公司", "新名有限公司")]
    renames = [
        dict(event("201010000001.1", code, noticed)) | {"party_before_key": before, "party_after_key": after}
        for (before, after), code, noticed in zip(names, ("CP01", "CP03"), (date(2015, 1, 1), date(2017, 1, 1)), strict=True)
    ]  # fmt: skip
    world.deliver(
        "patent_events", AS_OF, [*renames, event("201010000001.1", "CF01", date(2021, 9, 1), date(2020, 3, 1))]
    )


def deliver_marks(world: World) -> None:
    """Two deliveries; the later one renews a mark, surrenders a class of it and knows an invalidation."""
    owner = named("owner", "新名有限公司", OLD_CODE)
    first = mark("1", date(2012, 1, 7), date(2022, 1, 6), ZHANGDIAN, (9, 35), **owner)
    doubtful = mark("2", date(2013, 3, 7), date(2023, 3, 6), ZHANGDIAN) + mark(
        "3", date(2013, 3, 7), date(2033, 3, 6), ZHANGDIAN
    )
    abroad = {"international_registration_no": "1500001", "international_registration_date": date(2020, 3, 1)}
    zone = mark("5", date(2014, 2, 1), date(2024, 1, 31), HIGH_TECH_ZONE, (9, 35), **abroad, **named("owner", None))
    elsewhere = mark("4", date(2012, 1, 7), date(2032, 1, 6), BEIJING, **named("owner", "共名有限公司", OTHER_CODE))
    pending = mark("6", None, None, ZHANGDIAN, status="pending", **named("owner", "共名有限公司", THIRD_CODE))
    world.deliver("trademarks", date(2022, 1, 15), [*first, *doubtful, *zone, *elsewhere, *pending])
    blank: Row = {}
    world.deliver(
        "trademarks",
        AS_OF,
        [
            *mark("1", None, date(2032, 1, 6), blank),
            *mark("1", None, None, blank, (35,), status="surrendered", status_date=date(2021, 5, 1)),
            *mark("2", None, None, blank, status="invalidated", status_date=date(2022, 3, 1)),
            *mark("3", None, None, blank, status="cancelled"),
        ],
    )


def deliver_categories(world: World) -> None:
    """What makes inventions high value: rights abroad, pledges, awards; and well-known marks on the same lists."""
    world.deliver(
        "patent_families",
        AS_OF,
        [
            member("US", "US2014001", "A1", "201010000001.1", member_application_no="14/1", **ZHANGDIAN),
            member("US", "US9000001", "B2", "201010000001.1", member_application_no="14/1", grant_date=date(2015, 1, 1)),
            member("EP", "EP3000000", "A1", "201010000004.4", publication_date=date(2018, 1, 1), status="pending"),
            member("EP", "EP3000000", "B1", "201010000004.4", publication_date=date(2019, 5, 1), status="granted"),
            member("WO", "WO2014001", "A1", "201010000002.2", filing_date=date(2014, 6, 1), **ZHANGDIAN),
            member("CN", "CN1000002", "B", "201010000002.2", grant_date=date(2013, 5, 1), **ZHANGDIAN),
            member("JP", "JP6000001", "B2", "201010000002.2", status="granted", **ZHANGDIAN),
            member("KR", "KR2000001", "Y1", None, grant_date=date(2015, 1, 1), **ZHANGDIAN),
        ],
    )  # fmt: skip
    package = {"registration_no": "Y1", "registration_date": date(2018, 4, 1), "amount_yuan": 12_000_000.0}
    small = {"registration_no": "Y2", "registration_date": date(2018, 4, 1), "amount_yuan": 9_999_999.0}
    world.deliver(
        "pledges",
        AS_OF,
        [
            {**package, "right_type": "patent", "right_no": number, "application_no": number, **HIGH_TECH_ZONE}
            for number in ("201010000004.4", "201010000005.5")
        ]
        + [{**small, "right_type": "patent", "right_no": "201010000002.2", "application_no": "201010000002.2", **ZHANGDIAN}],
    )  # fmt: skip
    world.deliver(
        "designations",
        AS_OF,
        [
            {"list_type": "national_patent_award", "approved_on": date(2017, 12, 1), "item_no": "201010000005.5",
             "application_no": "201010000005.5", "level": "national", **ZHANGDIAN},
            *[{"list_type": "well_known_mark", "approved_on": approved, "item_no": number, "route": route,
               "list_year": approved.year, **named("unit", "新名有限公司"), **ZHANGDIAN}
              for number, route, approved in [("1", "administrative", date(2013, 5, 1)),
                                              ("1", "administrative", date(2014, 5, 1)), ("7", "judicial", date(2015, 5, 1))]],
        ],
    )  # fmt: skip


def deliver_other_rights(world: World) -> None:
    """The district decides the place, not the address; a unit of two indications counts once."""
    linzi = {"district": "临淄区", "district_division_code": "370305", **ZHANGDIAN}
    software = {"work_kind": "software", "registration_date": date(2020, 5, 1)}
    world.deliver(
        "copyrights",
        AS_OF,
        [
            {"registration_no": "2020SR1", **software, **linzi, **named("owner", "共名有限公司")},
            {"registration_no": "2020SR2", **software, **BEIJING},
            {"registration_no": "F1", **software, "work_kind": "works", "district": "市本级"},
        ],
    )
    world.deliver(
        "plant_varieties",
        AS_OF,
        [
            {"application_no": "20180001", "register": register, "application_date": date(2018, 2, 1), **where}
            for register, where in [("agriculture", {**LINZI, "grant_date": date(2020, 2, 1)}), ("forestry", LINZI)]
        ],
    )
    world.deliver(
        "ic_layouts",
        AS_OF,
        [{"registration_no": "BS1", "application_date": date(2019, 1, 1), "certificate_date": date(2019, 9, 1), **LINZI}],
    )  # fmt: skip
    gi = {"record_type": "gi", "gi_name": "合成样例陶瓷", "registered_on": date(2012, 1, 1), **ZHANGDIAN}
    user = {"record_type": "authorised_user", "gi_name": "合成样例陶瓷", "registered_on": date(2015, 1, 1), **ZHANGDIAN}
    world.deliver(
        "geographical_indications",
        AS_OF,
        [
            *[{**gi, "register": register, "gi_no": "1"} for register in ("mark", "product", "agricultural")],
            {**gi, "register": "product", "gi_no": "2", "ended_on": date(2020, 1, 1)},
            {**user, "register": "mark", "gi_no": "1", **named("user", "旧名有限公司")},
            {**user, "register": "product", "gi_no": "1", **named("user", "新名有限公司", OLD_CODE)},
            {**user, "register": "product", "gi_no": "1", **named("user", None)},
        ],
    )


def deliver_rights(world: World) -> None:
    deliver_patents(world)
    deliver_marks(world)
    deliver_categories(world)
    deliver_other_rights(world)


@pytest.fixture(scope="module")
def rights(tmp_path_factory: pytest.TempPathFactory) -> World:
    """The records above, built with all data tests passing."""
    return World.built(tmp_path_factory.mktemp("rights"), deliver_rights, as_of=AS_OF)


@pytest.mark.parametrize(
    ("indicator", "region", "year", "view", "expected"),
    [
        # Both classes of mark 1; mark 2 until it was declared invalid in 2022; mark 3 ended on a day nobody told; mark 4
        # is elsewhere.
        ("tm_valid", "370300", 2013, "statutory", 3),
        ("tm_valid", "370303", 2014, "statutory", 5),
        # Class 35 of mark 1 was surrendered in 2021; class 9 was renewed before it ended in January 2022.
        ("tm_valid", "370303", 2021, "statutory", 4),
        ("tm_valid", "370303", 2022, "statutory", 3),
        ("tm_valid", "370303", 2022, "management", 1),
        ("tm_valid", "3703A1", 2022, "management", 2),
        # What was announced stays announced.
        ("tm_registrations", "370300", 2013, "statutory", 2),
        # Two classes, one international registration.
        ("tm_madrid", "370300", 2020, "statutory", 1),
        ("tm_madrid", "3703A1", 2020, "management", 1),
        # One mark recognised twice by the administration, one by a court.
        ("tm_well_known", "370300", 2015, "statutory", 2),
        ("tm_well_known_administrative", "370300", 2015, "statutory", 1),
        ("tm_well_known_judicial", "370300", 2015, "statutory", 1),
        # US; EP only by its granted document, placed by its Chinese application; not JP without date, nor KR's model.
        ("overseas_inv_grants", "370303", 2015, "statutory", 1),
        ("overseas_inv_grants", "3703A1", 2019, "management", 1),
        ("pct_applications", "370300", 2014, "statutory", 1),
        # Patent 1 has a right abroad from 2015 until it lapses in March 2020, patent 4 from 2019.
        ("inv_hv_family", "370300", 2015, "statutory", 1),
        ("inv_hv_family", "370300", 2019, "statutory", 2),
        ("inv_hv_family", "370300", 2020, "statutory", 1),
        # Both patents of a package of twelve million; not the patent of a smaller registration.
        ("inv_hv_pledged", "370300", 2018, "statutory", 2),
        ("inv_hv_awarded", "370300", 2017, "statutory", 1),
        # Patents 1, 4 and 5, the last two in two categories each: the union, not the sum.
        ("inv_high_value", "370300", 2019, "statutory", 3),
        ("cr_software", "370305", 2020, "statutory", 1),
        ("cr_software", "370300", 2020, "statutory", 1),
        ("cr_works", "3703ZZ", 2020, "statutory", 1),
        ("pv_applications", "370305", 2018, "statutory", 2),
        ("pv_grants", "370305", 2020, "statutory", 1),
        ("ic_applications", "370300", 2019, "statutory", 1),
        ("ic_registrations", "370300", 2019, "statutory", 1),
        ("gi_marks", "370300", 2020, "statutory", 1),
        ("gi_products", "370300", 2019, "statutory", 2),
        ("gi_products", "370300", 2020, "statutory", 1),
        ("gi_agricultural", "370300", 2020, "statutory", 1),
        # Under its former and its present name one unit; a natural person is none.
        ("gi_authorised_users", "370300", 2020, "statutory", 1),
    ],
)
def test_figures(rights: World, indicator: str, region: str, year: int, view: str, expected: object) -> None:
    assert value(rights, indicator, region, year, view) == expected


def test_what_is_not_counted_says_why(rights: World) -> None:
    marks = rights.query(
        "select mark_key, uncounted_reason from fct_trademark where uncounted_reason is not null order by all"
    )
    assert marks == [("3 9", "end_date_missing"), ("6 9", "not_registered")]
    members = rights.query(
        "select member_office, uncounted_reason from fct_patent_family where counted_as is null order by all"
    )
    assert members == [("CN", "domestic"), ("JP", "grant_date_missing"), ("KR", "not_an_invention")]


def test_classes_of_marks_add_up_to_the_valid_marks(rights: World) -> None:
    rows = rights.query(
        "select nice_class, valid_marks from trademark_classes "
        "where region_code = '370300' and region_view = 'statutory' and year = 2022 order by all"
    )
    assert rows == [(9, 2), (35, 1)]


def test_names_of_one_party_lead_to_its_credit_code(rights: World) -> None:
    """Renamed twice, with a credit code only under the last name; the middle name stands in no record."""
    party = f"select name, credit_code, former_names, n_names, sources from dim_party where party_id = '{OLD_CODE}'"
    sources = "designations;geographical_indications;patents;trademarks"
    assert rights.query(party) == [("新名有限公司", OLD_CODE, "旧名有限公司", 2, sources)]
    assert rights.query("select party_id from fct_patent where patent_key = '201010000001.1'") == [(OLD_CODE,)]


def test_a_name_of_several_credit_codes_is_none_of_them(rights: World) -> None:
    rows = rights.query(
        "select party_id, credit_code, is_shared from party_name where name = '共名有限公司' order by all"
    )
    own = [party for party, code, _ in rows if code is None]
    assert len(own) == 1 and own[0].startswith("N-")
    assert rows == [(OTHER_CODE, OTHER_CODE, True), (THIRD_CODE, THIRD_CODE, True), (own[0], None, True)]
    assert rights.query("select party_id from fct_patent where patent_key = '201010000002.2'") == [(own[0],)]
    assert rights.query("select party_id from fct_other_right where right_key = 'copyright 2020SR1'") == [(own[0],)]


def test_natural_persons_are_no_parties(rights: World) -> None:
    assert rights.query("select count(*) from party_name where name = '自然人'") == [(0,)]
    assert rights.query("select party_id from fct_patent where applicant_kind = 'natural_person'") == [(None,)]
    assert rights.query("select distinct party_id from fct_trademark where owner_kind = 'natural_person'") == [(None,)]


def test_a_category_leads_back_to_the_record_that_says_so(rights: World) -> None:
    """A pledge opens its category, and the union where it comes first; an award later adds nothing to the union."""
    rows = rights.query(
        "select indicator_id, effective_date, split_part(source_path, '/', 1) from fct_contribution "
        "where record_id = '201010000005.5' and region_view = 'statutory' and indicator_id like 'inv_h%' order by all"
    )
    assert rows == [
        ("inv_high_value", date(2017, 12, 1), "designations"),
        ("inv_hv_awarded", date(2017, 12, 1), "designations"),
        ("inv_hv_pledged", date(2018, 4, 1), "pledges"),
        ("inv_hv_ten_years", date(2020, 3, 2), "patents"),
    ]
    flags = "is_hv_family, is_hv_pledged, is_hv_awarded, is_hv_ten_years"
    assert rights.query(f"select {flags} from fct_patent where patent_key = '201010000005.5'") == [
        (False, True, True, True)
    ]


def test_before_the_renewal_was_known_the_mark_had_ended(world: World) -> None:
    """As known a year earlier: no renewal, no surrender, no invalidation, and no cancellation without a date."""
    deliver_rights(world)
    world.write_inputs(as_of=EARLIER, known_at=EARLIER)
    world.build("fct_trademark")
    valid = "select mark_key from fct_trademark where is_valid and region_code is not null order by all"
    assert world.query(valid) == [("2 9",), ("3 9",), ("5 35",), ("5 9",)]


BREAKAGES = {
    "party_groups_have_converged": "update intermediate.int_party_groups set group_key = name_key",
    "one_party_per_credit_code": "update intermediate.int_party_identifiers set party_id = 'N-0' "
    "where identifier = '新名有限公司'",
    "classes_add_up_to_valid_marks": "update marts.trademark_classes set valid_marks = valid_marks + 1 "
    "where nice_class = 9 and region_code = '370303'",
}


def test_reconciliation_tests_notice_wrong_parties_and_classes(rights: World, tmp_path: Path) -> None:
    for name, statement in BREAKAGES.items():
        with rights.altered(tmp_path / "broken", statement) as broken:
            assert broken.ask(name) == "fail", name
