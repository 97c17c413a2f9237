"""What a release says about the one before: two tiny cities, the second with everything that revises a figure.

The rules by which a reason is found are dbt unit tests, each alone; here they have to agree.
"""

import ast
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.contracts.registry import contracts
from pipelines.history import COMPARISON_TABLES, PREVIOUS
from pipelines.plans import load_plan
from pipelines.plans.model import Plan
from pipelines.settings import DBT_PROJECT
from pipelines.transform import manifest
from tests.dbt.conftest import HIGH_TECH_ZONE, LINZI, ZHANGDIAN, deliver_city, event, grant
from tests.dbt.world import World

NOW = date(2023, 9, 30)
LATER = date(2023, 9, 1)
MARTS = {
    "previous_release": "release",
    "previous_indicator": "dim_indicator",
    "previous_indicator_value": "fct_indicator_value",
    "previous_contribution": "fct_contribution",
    "previous_target_vs_actual": "target_vs_actual",
    "previous_population": "fct_population",
    "previous_published_value": "fct_published_value",
}


def compare_with(before: World, world: World) -> None:
    """Give a world the marts of another as the release before."""
    with duckdb.connect(str(before.warehouse.build_database), read_only=True) as connection:
        for name, columns in PREVIOUS.items():
            file = world.warehouse.inputs / f"{name}.parquet"
            connection.execute(f"copy (select {', '.join(columns)} from marts.{MARTS[name]}) to '{file}'")


def deliver_what_revises(world: World) -> None:
    """One delivery per cause, all after what the tiny city knew."""
    world.deliver(
        "patent_events",
        LATER,
        [
            event("201010000004.4", "CF01", date(2023, 7, 10), date(2022, 3, 1)),
            event("201010000001.1", "RR01", date(2023, 8, 1)),
            event("201010000009.9", "IW01", date(2023, 8, 5)),
            event("201010000008.8", "TR01", date(2023, 8, 10), date(2018, 6, 1), LINZI),
        ],
    )
    old = date(2013, 5, 1)
    world.deliver(
        "patents",
        LATER,
        [
            grant("201010000003.3", date(2021, 4, 1), ZHANGDIAN),
            grant("201210000010.X", date(2021, 5, 1), LINZI, filing_date=date(2012, 6, 30), is_withdrawn=True),
            grant("201010000013.3", date(2015, 5, 1), ZHANGDIAN),
            grant("201010000014.4", date(2023, 8, 1), HIGH_TECH_ZONE),
            # Said again as it was.
            grant("201010000002.2", old, ZHANGDIAN),
        ],
    )
    world.deliver(
        "population",
        LATER,
        [
            {
                "region_code": "370300", "reference_date": date(2022, 12, 31), "kind": "resident", "persons": 4_705_900,
                "vintage": "yearbook", "published_on": date(2023, 8, 1),
            }
        ],
    )  # fmt: skip
    world.deliver(
        "official_figures",
        LATER,
        [
            {
                "indicator_id": "royalties_trade", "region_code": "100000", "period_type": "year",
                "period_start": date(2022, 1, 1), "period_end": date(2022, 12, 31), "value": 3880.0, "unit": "亿元",
                "decimals": 1, "published_on": date(2023, 8, 1), "document": "公报二",
            }
        ],
    )  # fmt: skip
    for source in ("patents", "patent_events"):  # both are covered to the end of September
        world.deliver(source, NOW, [])


def amended() -> Plan:
    """The Zibo plan with another target for high-value patents, decided in July 2023."""
    plan = load_plan("zibo_14fyp")
    targets = []
    for target in plan.targets:
        if target.indicator == "inv_high_value_per_10k":
            first = target.versions[0]
            second = first.model_copy(
                update={"version": 2, "valid_from": date(2023, 7, 1), "decided_by": "合成调整文件", "value": 99.0}
            )
            target = target.model_copy(update={"versions": [first, second]})
        targets.append(target)
    return plan.model_copy(update={"targets": targets})


@pytest.fixture(scope="module")
def revised(city: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    """The tiny city three months later, compared with what it was."""
    world = World.fresh(tmp_path_factory.mktemp("revised"))
    deliver_city(world)
    deliver_what_revises(world)
    world.write_inputs(as_of=NOW, plans=[amended()])
    compare_with(city, world)
    world.build_whole()
    return world


EVENTS, PATENTS = "patent_events/2023-09-01/08.csv", "patents/2023-09-01/09.csv"


def records(world: World, indicator: str) -> list[tuple[Any, ...]]:
    """Record, change, day, delta, region, reason and cause of one indicator in the statutory view."""
    return world.query(
        "select record_id, change, effective_date, delta, region_code, reason, cause_source_path, cause_source_row "
        f"from revision_record where indicator_id = '{indicator}' and region_view = 'statutory' order by all"
    )


def test_every_changed_record_has_its_reason_and_the_line_that_caused_it(revised: World) -> None:
    """A grant that was delivered again as it was is not among them."""
    assert records(revised, "inv_valid") == [
        ("201010000001.1", "left", date(2020, 3, 1), -1, "370303", "restoration", EVENTS, 3),
        ("201010000003.3", "entered", date(2021, 4, 1), 1, "370303", "corrected_delivery", PATENTS, 2),
        ("201010000003.3", "left", date(2021, 5, 1), 1, "370303", "corrected_delivery", PATENTS, 2),
        ("201010000004.4", "entered", date(2022, 3, 1), -1, "370303", "late_notice", EVENTS, 2),
        ("201010000008.8", "entered", date(2018, 6, 1), -1, "370303", "relocation", EVENTS, 5),
        ("201010000008.8", "entered", date(2018, 6, 1), 1, "370305", "relocation", EVENTS, 5),
        ("201010000009.9", "left", date(2013, 5, 1), 1, "370303", "invalidation", EVENTS, 4),
        ("201010000013.3", "entered", date(2015, 5, 1), 1, "370303", "late_record", PATENTS, 4),
        ("201010000014.4", "entered", date(2023, 8, 1), 1, "370303", "further_records", PATENTS, 5),
        ("201210000010.X", "left", date(2021, 5, 1), 1, "370305", "corrected_delivery", PATENTS, 3),
    ]


def test_what_follows_from_a_change_has_the_cause_of_that_change(revised: World) -> None:
    """A restored patent is ten years old again on a day that no delivered line names; a moved one, elsewhere."""
    assert records(revised, "inv_hv_ten_years")[0] == (
        "201010000001.1", "entered", date(2020, 3, 2), 1, "370303", "restoration", EVENTS, 3
    )  # fmt: skip
    moved = [row for row in records(revised, "inv_hv_ten_years") if row[0] == "201010000008.8"]
    assert moved == [
        ("201010000008.8", "entered", date(2020, 3, 2), 1, "370305", "relocation", EVENTS, 5),
        ("201010000008.8", "left", date(2020, 3, 2), 1, "370303", "relocation", EVENTS, 5),
    ]


def test_notices_are_counted_as_notices(revised: World) -> None:
    assert records(revised, "patent_lapses") == [
        ("201010000001.1 CF01 2021-09-01", "left", date(2020, 3, 1), 1, "370303", "restoration", EVENTS, 3),
        ("201010000004.4 CF01 2023-07-10", "entered", date(2022, 3, 1), 1, "370303", "late_notice", EVENTS, 2),
    ]
    assert [row[5] for row in records(revised, "patent_transfers")] == ["late_notice"]


def test_figures_of_others_are_listed_beside_the_records(revised: World) -> None:
    assert revised.query(
        "select indicator_id, record_type, record_id, change, amount, reason, source_path, cause_source_path "
        "from revision_record where delta is null and region_view = 'statutory' order by all"
    ) == [
        (
            indicator, "population", "370300 2022-12-31", "entered", 4_705_900.0, "new_population_vintage",
            "population/2023-09-01/10.csv", "population/2023-09-01/10.csv",
        )
        for indicator in ("inv_high_value_per_10k", "inv_valid_per_10k")
    ] + [
        (
            "royalties_trade", "published_value", "100000 year 2022-12-31", change, amount, "new_published_figure",
            path, "official_figures/2023-09-01/11.csv",
        )
        for change, amount, path in (
            ("entered", 3880.0, "official_figures/2023-09-01/11.csv"),
            ("left", 3872.5, "official_figures/2023-01-10/07.csv"),
        )
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("indicator", "region", "year", "expected"),
    [
        # The grant of 2015 came late; that of April instead of May 2021 changes no year, the withdrawn one does.
        ("inv_grants", "370300", 2015, (0, 1, "revised", 1, 0, 0, "late_record")),
        ("inv_grants", "370300", 2021, (2, 1, "revised", 0, 1, 0, "corrected_delivery")),
        # The running year goes on: nothing of the past.
        ("inv_grants", "370300", 2023, (1, 2, "extended", 1, 0, 0, "further_records")),
        # In the city the move cancels out: one less by the invalidation.
        ("inv_valid", "370300", 2014, (6, 5, "revised", 0, 1, 0, "invalidation")),
        ("inv_valid", "370305", 2018, (0, 1, "revised", 1, 0, 0, "relocation")),
        ("inv_valid", "370303", 2018, (5, 4, "revised", 1, 2, 0, "invalidation,late_record,relocation")),
        # 13 and 1 in; 4, 9 and 10 out; 3 as before, a month earlier.
        ("inv_valid", "370300", 2022, (7, 6, "revised", 2, 3, 0,
                                       "corrected_delivery,invalidation,late_notice,late_record,restoration")),
        ("royalties_trade", "100000", 2022, (3872.5, 3880, "revised", 0, 0, 1, "new_published_figure")),
    ],
)  # fmt: skip
def test_values_differ_by_their_records(
    revised: World, indicator: str, region: str, year: int, expected: tuple[Any, ...]
) -> None:
    assert revised.query(
        "select old_value, new_value, change, records_in, records_out, records_changed, reasons from indicator_revision "
        f"where indicator_id = '{indicator}' and region_code = '{region}' and region_view = 'statutory' "
        f"and period_type = 'year' and period_end = date '{year}-12-31'"
    ) == [expected]


def test_a_ratio_names_its_records_and_its_population(revised: World) -> None:
    assert revised.query(
        "select old_population_vintage, new_population_vintage, reasons from indicator_revision "
        "where indicator_id = 'inv_valid_per_10k' and region_code = '370300' and region_view = 'statutory' "
        "and period_end = date '2022-12-31' and period_type = 'year'"
    ) == [
        (
            "2020-11-01 census",
            "2022-12-31 yearbook",
            "corrected_delivery,invalidation,late_notice,late_record,new_population_vintage,restoration",
        )
    ]


def test_what_did_not_change_and_what_had_not_begun_is_no_revision(revised: World) -> None:
    assert revised.query("select count(*) from indicator_revision where old_value is not distinct from new_value") == [
        (0,)
    ]
    # July to September 2023, and the quarter and half-year that begin in July.
    assert revised.query(
        "select count(*) from indicator_revision where period_end > date '2023-06-30' and period_type in ('month', 'half')"
    ) == [(0,)]
    assert revised.query(
        "select count(*) from fct_indicator_value where period_end > date '2023-06-30' and period_type = 'month'"
    ) != [(0,)]


def test_an_amended_target_and_its_actual_value_are_revisions_of_the_target(revised: World) -> None:
    rows = revised.query(
        "select target_version, year, change, old_target_value, new_target_value, decided_by, reasons "
        "from target_revision where target_id = 'T01' order by all"
    )
    assert [row for row in rows if row[0] == 2] == [
        (2, year, "version_added", None, 99.0, "合成调整文件", "target_change") for year in range(2021, 2026)
    ]
    assert [row[1:3] for row in rows if row[0] == 1] == [(year, "actual_changed") for year in (2021, 2022, 2023)]
    assert [row[6] for row in rows if row[:2] == (1, 2021)] == ["invalidation,late_record,restoration"]


def test_without_a_release_before_nothing_is_compared(city: World) -> None:
    for table in COMPARISON_TABLES:
        assert city.query(f"select count(*) from {table}") == [(0,)], table


def test_only_the_comparison_depends_on_the_release_before() -> None:
    children = manifest()["child_map"]
    reached = {node for node in children if node.split(".")[-1] in PREVIOUS}
    waiting = list(reached)
    while waiting:
        new = set(children[waiting.pop()]) - reached
        reached |= new
        waiting += new
    marts = {model.stem for model in (DBT_PROJECT / "models" / "marts").glob("*.sql")}
    assert {node.split(".")[-1] for node in reached if node.startswith("model.")} & marts == COMPARISON_TABLES


@pytest.mark.parametrize(
    ("name", "statement"),
    [
        ("revisions_are_the_sum_of_their_records", "delete from marts.revision_record where reason = 'late_record'"),
        ("revisions_have_a_reason", "update marts.indicator_revision set reasons = 'no_idea'"),
        ("revisions_have_a_reason", "update marts.target_revision set reasons = null"),
    ],
)
def test_the_tests_of_revisions_notice(revised: World, tmp_path: Path, name: str, statement: str) -> None:
    anything = "alter table marts.target_revision alter reasons drop not null"
    with revised.altered(tmp_path / "broken", anything, statement) as broken:
        assert broken.ask(name) == "fail"


def test_a_record_is_known_again_by_the_key_of_its_contract() -> None:
    macro = (DBT_PROJECT / "macros" / "sources.sql").read_text(encoding="utf-8").split("macro business_keys()")[1]
    listed = ast.literal_eval(macro.split("return(")[1].split(") }}")[0].strip())
    keys = {source: keys for source, _, keys in listed}
    assert keys == {name: [list(key) for key in contract.business_key] for name, contract in contracts().items()}
