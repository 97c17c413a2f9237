"""The national plan against its published values: every worked example to the last decimal printed, before and after the
revision of a figure. What is printed stands in tests/golden; nothing is computed from records."""

import csv
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest

from pipelines.plans import load_plan
from tests.dbt.world import World

GOLDEN = Path(__file__).parents[1] / "golden"
NATION = "100000"
EARLY, LATE = "2024-06-30", "2026-02-01"
WORKINGS = {
    "cagr_observed": ("cagr_observed_percent", 100),
    "cagr_required": ("cagr_required_percent", 100),
    "progress_ratio": ("progress_ratio", 1),
    "progress_rate": ("progress_rate_percent", 100),
    "path_linear": ("path_linear", 1),
    "path_geometric": ("path_geometric", 1),
}
"""Column of the mart: column of the golden file, and what it is multiplied by there."""
COLUMNS = ["indicator_id", "year", "actual_value", "status", *WORKINGS]


def golden(name: str) -> list[dict[str, str]]:
    with (GOLDEN / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def figure(row: dict[str, str]) -> dict[str, object]:
    year = int(row["year"])
    return {
        "indicator_id": row["indicator_id"],
        "region_code": NATION,
        "period_type": "year",
        "period_start": date(year, 1, 1),
        "period_end": date(year, 12, 31),
        "value": float(row["value"]),
        "unit": row["unit"],
        "decimals": len(row["value"].partition(".")[2]),
        "published_on": date.fromisoformat(row["published_on"]),
        "document": row["document"],
    }


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the marts say at both knowledge dates: rows of targets by (indicator, year), and of figures."""
    world = World.fresh(tmp_path_factory.mktemp("nation"))
    figures = golden("national_figures")
    for day in sorted({row["delivered_on"] for row in figures}):
        rows = [figure(row) for row in figures if row["delivered_on"] == day]
        world.deliver("official_figures", date.fromisoformat(day), rows)
    known = {}
    for known_at, as_of in ((EARLY, date(2023, 12, 31)), (LATE, date(2025, 12, 31))):
        known[known_at] = _built(world, as_of, date.fromisoformat(known_at))
    return known


def _built(world: World, as_of: date, known_at: date) -> dict[str, Any]:
    world.write_inputs(as_of=as_of, known_at=known_at, plans=[load_plan("china_14fyp")])
    outcome = world.build("target_vs_actual", "fct_official_figure", "reconciliation")
    assert set(outcome.values()) == {"success"}
    rows = world.query(f"select {', '.join(COLUMNS)} from target_vs_actual")
    return {
        "targets": {(row[0], row[1]): dict(zip(COLUMNS, row, strict=True)) for row in rows},
        "figures": world.query(
            "select value, revision_no, previous_value, is_in_force from fct_official_figure "
            "where indicator_id = 'patent_intensive_gdp_share' and period_end = date '2022-12-31' order by revision_no"
        ),
        "explanations": world.query(
            "select official_value, explanation from reconciliation where indicator_id = 'pledge_amount' order by 1"
        ),
    }


def printed(value: float, like: str) -> Decimal:
    """A value rounded half up to as many decimals as the printed one has."""
    return Decimal(repr(value)).quantize(Decimal(like), rounding=ROUND_HALF_UP)


@pytest.mark.parametrize(
    "row", golden("national_targets"), ids=lambda row: f"{row['indicator_id']}-{row['year']}-{row['known_at']}"
)
def test_worked_example(nation: dict[str, Any], row: dict[str, str]) -> None:
    found = nation[row["known_at"]]["targets"][row["indicator_id"], int(row["year"])]
    assert (found["actual_value"], found["status"]) == (float(row["actual"]), row["status"])
    for column, (name, factor) in WORKINGS.items():
        if row[name]:
            assert printed(factor * found[column], row[name]) == Decimal(row[name]), column


def test_every_printed_example_is_tested_at_both_ends_of_the_revision() -> None:
    rows = golden("national_targets")
    assert len(rows) == 14
    assert {row["known_at"] for row in rows} == {EARLY, LATE}


def test_revision_is_kept_beside_what_it_replaces(nation: dict[str, Any]) -> None:
    assert nation[EARLY]["figures"] == [(12.71, 1, None, True)]
    assert nation[LATE]["figures"] == [(12.71, 1, None, False), (12.6, 2, 12.71, True)]


def test_published_region_has_its_figures_as_values(nation: dict[str, Any]) -> None:
    """Also of an indicator that is counted from records elsewhere."""
    explanations = [(3098.0, "value_is_the_published_figure"), (4868.8, "value_is_the_published_figure")]
    assert nation[LATE]["explanations"] == explanations


def test_years_without_a_figure_say_so(nation: dict[str, Any]) -> None:
    targets = nation[LATE]["targets"]
    assert {targets["overseas_inv_grants", year]["status"] for year in range(2021, 2026)} == {"no_data"}
    assert targets["first_instance_settled_share", 2023]["status"] == "no_data"
