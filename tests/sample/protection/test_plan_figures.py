"""The plan's figures of 2016-20 come out of the ledgers, and the states of 2021-25 that every status needs."""

import pytest

from pipelines.sample import city
from pipelines.sample.protection import evidence
from tests.sample.protection.conftest import EARLY, Drawn

FIVE_YEARS = {
    "enf_patent_cases": 965,  # B04
    "enf_patent_disputes": 59,  # B05
    "enf_patent_counterfeit": 906,  # B06
    "enf_trademark": 405,  # B07
    "enf_copyright": 15,  # B08
    "pledge_projects": 245,  # B11
    "award_advanced_collective": 3,  # B22
}
END_OF_2020 = {
    "aid_subcentres": 11,  # B09
    "workstations": 26,  # B10
    "reserved_high_value": 106,  # B13
    "ent_advantage": 35,  # B14
    "ent_demonstration": 9,  # B15
    "zone_traditional_ip": 1,  # B16
    "district_national_pilot": 6,  # B17
    "park_national_demo": 1,  # B18
    "district_provincial_pilot": 7,  # B19
}


@pytest.mark.parametrize(("indicator", "expected"), FIVE_YEARS.items())
def test_five_year_totals_are_the_plans(drawn: Drawn, indicator: str, expected: int) -> None:
    assert drawn.period(indicator, 2016, 2020) == expected


@pytest.mark.parametrize(("indicator", "expected"), END_OF_2020.items())
def test_levels_at_the_end_of_2020_are_the_plans(drawn: Drawn, indicator: str, expected: int) -> None:
    assert drawn.value(indicator, 2020) == expected


def test_pledges_add_up_as_printed(drawn: Drawn) -> None:
    assert drawn.period("pledge_amount", 2016, 2020) == pytest.approx(24.89, abs=1e-9)
    assert drawn.period("pledge_projects", 2011, 2015) == 38
    assert drawn.period("pledge_amount", 2011, 2015) == pytest.approx(3.88, abs=1e-9)
    assert drawn.value("pledge_amount_patent", 2020) == pytest.approx(11.1, abs=1e-9)
    for year in range(2011, 2026):
        parts = (drawn.value(f"pledge_amount_{kind}", year) for kind in ("patent", "trademark", "mixed"))
        assert sum(parts) == pytest.approx(drawn.value("pledge_amount", year), abs=1e-9)


def test_trainings_are_a_little_more_than_390_and_22_000_people(drawn: Drawn) -> None:
    assert 390 < drawn.period("training_events", 2016, 2020) < 400
    assert round(drawn.period("training_people", 2016, 2020), 1) == 2.2


@pytest.mark.parametrize("view", ["statutory", "management"])
@pytest.mark.parametrize("indicator", [*FIVE_YEARS, *END_OF_2020, "pledge_amount", "training_events", "mediations"])
def test_regions_of_a_view_add_up_to_the_city(drawn: Drawn, indicator: str, view: str) -> None:
    regions = {getattr(cell, view) for cell in city.CELLS}
    for year in (2018, 2020, 2024):
        total = sum(drawn.value(indicator, year, str(region), view) for region in regions)
        assert total == pytest.approx(drawn.value(indicator, year, view=view), abs=1e-9)


@pytest.mark.parametrize("indicator", ["enf_trademark", "pledge_projects", "training_events", "workstations"])
def test_every_district_and_zone_has_some(drawn: Drawn, indicator: str) -> None:
    for region in {cell.management for cell in city.CELLS} - {city.UNALLOCATED}:
        assert sum(drawn.value(indicator, year, str(region), "management") for year in range(2016, 2026)) > 0, region


def test_centres_fail_in_their_last_year_and_projects_never(drawn: Drawn) -> None:
    assert [drawn.value("cultivation_centres", year) for year in range(2021, 2026)] == [12, 12, 12, 12, 4]
    assert all(drawn.value("navigation_projects", year) >= 10 for year in range(2021, 2026))


def test_well_known_marks_stay_below_the_plans_hundred(drawn: Drawn) -> None:
    assert 90 < drawn.value("tm_well_known", 2025) <= 100
    for year in (2015, 2020, 2025):
        routes = drawn.value("tm_well_known_administrative", year) + drawn.value("tm_well_known_judicial", year)
        assert routes == drawn.value("tm_well_known", year)


def test_key_units_reach_a_hundred_with_the_second_level_in_2024(drawn: Drawn) -> None:
    assert drawn.value("key_units", 2023) < 100 and drawn.value("key_units_county", 2023) == 0
    union, one, other = (drawn.value(name, 2024) for name in ("key_units", "key_units_city", "key_units_county"))
    assert union >= 100 and max(one, other) < union < one + other


def test_mediation_covers_everything_in_2023_and_the_citys_own_body_covers_nothing(drawn: Drawn) -> None:
    shares = [drawn.value("mediation_coverage", year) for year in (2020, 2022, 2023, 2025)]
    assert shares == [37.5, 87.5, 100.0, 100.0]
    assert drawn.value("mediation_coverage", 2023, view="management") == 100
    assert drawn.value("mediation_coverage", 2020, view="management") == pytest.approx(400 / 11)
    assert drawn.value("mediation_districts", 2023, city.UNALLOCATED) == 0
    assert drawn.value("mediation_bodies", 2023, city.UNALLOCATED) == 1


def test_platform_functions_come_one_after_the_other(drawn: Drawn) -> None:
    assert [drawn.value("platform_functions", year) for year in range(2021, 2026)] == [0, 3, 6, 9, 10]


def test_evidence_leaves_one_target_and_one_document_out() -> None:
    subjects = {row.subject for row in evidence.rows()}
    shown_only_by_evidence = {f"T{n:02d}" for n in range(8, 17)}
    assert shown_only_by_evidence - subjects == {"T10"}
    assert {row.item for row in evidence.rows() if row.subject == "3.1.2-d"} == {"职务发明", "质押融资"}
    built = {row.stage: row.day.year for row in evidence.rows() if row.subject == "T07"}
    assert built == {"application": 2020, "approval": 2021, "accepted": 2022, "operating": 2022}


def test_less_was_known_in_january_2021(drawn: Drawn) -> None:
    """Decisions published in January came later; two reported for November were taken back."""
    assert drawn.value("enf_trademark", 2020, known=EARLY) != drawn.value("enf_trademark", 2020)
    assert drawn.truth.filter((drawn.truth["known_at"] == EARLY) & (drawn.truth["year"] > 2020)).is_empty()
    taken_back = 2
    assert drawn.value("enf_published", 2020, known=EARLY) < drawn.value("enf_published", 2020) + taken_back


def test_published_values_of_the_nation_are_the_newest_vintage(drawn: Drawn) -> None:
    assert drawn.value("patent_intensive_gdp_share", 2022, "100000") == 12.6
    assert drawn.value("overseas_inv_grants", 2020, "100000") == 40_000
    assert drawn.value("pledge_amount", 2020, "370000") == 226.99
    assert drawn.value("inv_valid_per_10k_rank", 2020) == 3
