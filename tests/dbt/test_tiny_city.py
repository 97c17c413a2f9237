"""From bronze rows to the marts: the rules where several models have to agree. Each rule alone is a dbt unit test."""

from datetime import date
from typing import Any

import pytest

from pipelines.plans import load_plan
from pipelines.plans.model import Bilingual
from tests.dbt.conftest import AS_OF, deliver_city
from tests.dbt.published import kinds_that_evidence_gives, published
from tests.dbt.world import World


def value(world: World, indicator: str, region: str, year: int, view: str = "statutory") -> Any:
    """The value of one year, or the word `no row`."""
    rows = world.query(
        f"select value from fct_indicator_value where indicator_id = '{indicator}' and region_code = '{region}' "
        f"and region_view = '{view}' and period_type = 'year' and period_end = date '{year}-12-31'"
    )
    assert len(rows) <= 1
    return rows[0][0] if rows else "no row"


@pytest.mark.parametrize(
    ("indicator", "region", "year", "view", "expected"),
    [
        # Granted in 2013: 1 to 5, 8 and 9 (6 is elsewhere, 7 is invalidated in full, 11 withdrawn, 3 came in 2021).
        ("inv_valid", "370300", 2013, "statutory", 6),
        # Patent 1 lapsed on 2020-03-01 by a notice of 2021; the restored lapse of patent 8 never happened.
        ("inv_valid", "370300", 2019, "statutory", 6),
        ("inv_valid", "370300", 2020, "statutory", 5),
        # Patent 2 moves to Linzi in 2019, patent 3, granted in 2021, never.
        ("inv_valid", "370305", 2018, "statutory", 0),
        ("inv_valid", "370305", 2019, "statutory", 1),
        ("inv_valid", "370305", 2022, "statutory", 2),
        # The high-tech zone is inside Zhangdian by statute and beside it in the management view.
        ("inv_valid", "370303", 2022, "statutory", 4),
        ("inv_valid", "370303", 2022, "management", 3),
        ("inv_valid", "3703A1", 2022, "management", 1),
        ("inv_valid", "3703A1", 2022, "statutory", "no row"),
        ("inv_valid", "3703ZZ", 2022, "statutory", 1),
        ("inv_valid", "3703ZZ", 2022, "management", 1),
        ("inv_valid", "370322", 2022, "statutory", 0),
        # Grants stay where they were granted, invalidated or not, and A and B are one patent.
        ("inv_grants", "370303", 2013, "statutory", 6),
        ("inv_grants", "370305", 2013, "statutory", 0),
        # The application of patent 1 was filed from Linzi, its spoiled twin of patent 2 is the same patent.
        ("inv_applications", "370305", 2010, "statutory", 1),
        ("inv_applications", "370300", 2010, "statutory", 10),
        ("patent_transfers", "370303", 2019, "statutory", 1),
        ("patent_transfers", "370303", 2022, "statutory", 1),
        ("patent_lapses", "370303", 2020, "statutory", 1),
        ("patent_lapses", "370300", 2017, "statutory", "no row"),
        # High value: patent 9 by its class from its grant; by the end of 2020 all filed in March 2010 and still valid.
        ("inv_high_value", "370300", 2019, "statutory", 1),
        ("inv_hv_sei", "370300", 2021, "statutory", 1),
        ("inv_hv_ten_years", "370300", 2020, "statutory", 5),
        ("inv_high_value", "370300", 2020, "statutory", 5),
        # Filed on 2012-06-30: not yet later than ten years on 2022-06-30, but by the year's end.
        ("inv_high_value", "370305", 2021, "statutory", 1),
        ("inv_high_value", "370305", 2022, "statutory", 2),
    ],
)
def test_figures(city: World, indicator: str, region: str, year: int, view: str, expected: object) -> None:
    assert value(city, indicator, region, year, view) == expected


def test_density_divides_by_residents_and_says_which(city: World) -> None:
    rows = city.query(
        "select region_code, region_view, value, denominator, obs_status, population_vintage from fct_indicator_value "
        "where indicator_id = 'inv_valid_per_10k' and period_type = 'year' and period_end = date '2022-12-31' "
        "and region_code in ('370300', '370303') order by all"
    )
    vintage = "2020-11-01 census"
    assert rows == [
        ("370300", "management", 70_000 / 4_704_138, 4_704_138, "P", vintage),
        ("370300", "statutory", 70_000 / 4_704_138, 4_704_138, "P", vintage),
        ("370303", "management", None, None, "L", None),
        ("370303", "statutory", 4 * 10_000 / 1_000_000, 1_000_000, "P", vintage),
    ]


def test_running_year_stops_at_the_reference_date(city: World) -> None:
    rows = city.query(
        "select distinct observed_until, obs_status from fct_indicator_value "
        "where indicator_id = 'inv_valid' and period_end = date '2023-12-31'"
    )
    assert rows == [(AS_OF, "P")]
    assert value(city, "inv_valid", "370300", 2023) == 8
    assert city.query("select max(effective_date) <= date '2023-06-30' from fct_contribution") == [(True,)]


def test_published_national_figure_is_an_observed_value(city: World) -> None:
    rows = city.query(
        "select region_code, value, unit, n_records from fct_indicator_value where indicator_id = 'royalties_trade'"
    )
    assert rows == [("100000", 3872.5, "亿元", None)]


def test_evidence_is_the_rows_behind_the_value(city: World) -> None:
    """What is published as evidence gives the value: of every kind, period type and view there is here."""
    kinds = kinds_that_evidence_gives(city)
    for period_type in ("month", "quarter", "half", "year", "plan"):
        assert kinds > {
            ("flow", None, period_type),
            ("stock", None, period_type),
            ("ratio", "population", period_type),
        }
    assert ("observed", None, "year") in kinds


def test_evidence_names_the_delivered_row(city: World) -> None:
    with published(city) as connection:
        moved = connection.execute(
            "select record_id, delta, source_path, source_row, side from evidence('inv_valid', '370305', date '2019-12-31')"
        ).fetchall()
        assert moved == [("201010000002.2", 1, "patent_events/2022-01-11/03.csv", 2, "value")]
        density = connection.execute(
            "select record_id, amount, source_path, source_row from evidence('inv_valid_per_10k', '370303', 2022) "
            "where side = 'denominator'"
        ).fetchall()
        assert density == [("370303 2020-11-01", 1_000_000, "population/2021-06-01/06.csv", 4)]


def test_event_counts_only_from_the_delivery_that_brought_it(world: World) -> None:
    """As known a year earlier, the patent that had lapsed and the one later invalidated were still there in 2020."""
    deliver_city(world)
    world.write_inputs(as_of=date(2022, 6, 30), known_at=date(2022, 6, 30))
    world.build("fct_indicator_value")
    assert value(world, "inv_valid", "370300", 2020) == 7


def test_without_legal_events_there_is_no_validity(world: World) -> None:
    """A source never delivered leaves its indicators without values, not with wrong ones; others are computed."""
    deliver_city(world, with_events=False)
    world.write_inputs(as_of=AS_OF)
    world.build("target_vs_actual")
    assert value(world, "inv_applications", "370300", 2010) == 10
    assert value(world, "inv_valid", "370300", 2020) == "no row"
    states = "select distinct status, reason from target_vs_actual where target_id = 'T01' and year < 2024"
    assert world.query(states) == [("no_data", "no_value")]


@pytest.mark.slow
def test_two_plans_of_one_city_share_its_regions(world: World) -> None:
    """Nothing is counted twice because two plans name the same districts; each plan has its own targets."""
    plan = load_plan("zibo_14fyp")
    title = Bilingual(zh="上一规划", en="The plan before")
    older = plan.model_copy(update={"plan_id": "zibo_older", "is_current": False, "title": title})
    deliver_city(world)
    world.write_inputs(as_of=AS_OF, plans=[plan, older])
    world.build_whole()
    assert value(world, "inv_valid", "370300", 2022) == 7
    assert world.query("select count(distinct plan_id), min(plan_id) from target_vs_actual") == [(2, "zibo_14fyp")]
