"""The other rights: yearly numbers, statuses of the directions without target value, and counting by hand."""

import datetime

import numpy as np
import polars as pl
import pytest

from pipelines.sample import city, truth
from pipelines.sample.rights import families, plant_varieties
from tests.sample.rights.parts import KNOWN_AT, Written, city_values

D = datetime.date


def status(series: dict[int, float]) -> str:
    """The branch for directions without a target value (domain F.1), by 2025 from 2020."""
    growth = (series[2025] / series[2020]) ** (1 / 5) - 1
    if growth < 0:
        return "deteriorating"
    return "on_track" if growth >= 0.015 else "moderate" if growth >= 0.005 else "limited"


@pytest.mark.parametrize(
    ("indicator", "expected"),
    [
        ("cr_software", "on_track"),
        ("cr_works", "moderate"),
        ("pv_applications", "limited"),
        ("pv_grants", "deteriorating"),
        ("ic_applications", "on_track"),
        ("ic_registrations", "moderate"),
    ],
)
def test_the_directions_end_in_every_status(written: Written, indicator: str, expected: str) -> None:
    assert status(city_values(written, indicator)) == expected


def test_every_indicator_of_these_sources_is_counted(written: Written) -> None:
    assert set(written.delivered.truth["indicator_id"]) == {
        *("tm_valid", "tm_registrations", "tm_madrid", "gi_marks", "gi_products", "gi_agricultural"),
        *("gi_authorised_users", "cr_software", "cr_works", "pv_applications", "pv_grants", "ic_applications"),
        *("ic_registrations", "overseas_inv_grants", "pct_applications"),
    }


def test_each_view_adds_up_to_the_city(written: Written) -> None:
    rows = written.delivered.truth
    is_city = pl.col("region_code") == city.CITY
    keys = ["known_at", "indicator_id", "region_view", "year"]
    parts = rows.filter(~is_city).group_by(keys).agg(pl.col("value").sum())
    both = rows.filter(is_city).join(parts, on=keys, how="full", coalesce=True)
    assert both.filter(~pl.col("value").eq_missing(pl.col("value_right"))).is_empty()


def test_a_flow_is_known_from_its_delivery_and_leaves_out_other_places() -> None:
    days = np.array(["2019-05-02", "2020-05-02", "2020-06-02"], dtype="datetime64[D]")
    seen = np.array(["2019-07-15", "2021-04-15", "2020-07-15"], dtype="datetime64[D]")
    counted = truth.flow(KNOWN_AT, "x", np.array([8, 1, city.OUTSIDE]), days, seen)
    got = {(str(row[0])[:4], *row[2:]) for row in counted.iter_rows()}
    first = {("statutory", "370303"), ("management", "3703A1"), ("statutory", "370300"), ("management", "370300")}
    second = {("statutory", "370303"), ("management", "370303"), ("statutory", "370300"), ("management", "370300")}
    known_late = {("2026", view, code, 2020, 1.0) for view, code in second}
    assert got == {(year, view, code, 2019, 1.0) for year in ("2021", "2026") for view, code in first} | known_late


def test_ratios_come_from_sums_and_medians_from_cases() -> None:
    def rows(indicator: str, *values: float) -> pl.DataFrame:
        keys = (KNOWN_AT[1], indicator, "statutory", "370300", 2024)
        return pl.DataFrame([(*keys, value) for value in values], schema=truth.SCHEMA, orient="row")

    combined = truth.combine(
        [
            rows("enf_published_7wd", 3, 1),
            rows("enf_published", 4, 4),
            rows("enf_median_days", 10, 90, 20),
            rows("mediation_districts", 4, 4),
            rows("enf_identified_decisions", 5),
            rows("enf_repeat_decisions", 0),
            rows("pledge_projects_sized", 5),
        ]
    )
    found = dict(combined.select("indicator_id", "value").iter_rows())
    assert found["enf_published_7wd_share"] == 50
    assert found["enf_median_days"] == 20
    assert (found["mediation_districts"], found["mediation_coverage"]) == (4, 50)
    assert found["enf_repeat_offender_share"] == 0
    assert "pledge_sme_share" not in found  # before the first project of a small enterprise there is no such series


def test_an_international_application_published_twice_counts_once(written: Written) -> None:
    rng = written.part.rng(families.STREAM)
    members = families.draw(rng, written.part)
    world = members.filter(pl.col("office") == "WO")
    assert world.height > world["family"].n_unique()
    counted = families.count(written.part, members).filter(
        (pl.col("known_at") == KNOWN_AT[1]) & (pl.col("indicator_id") == "pct_applications")
    )
    local = world.filter((pl.col("cell") != city.OUTSIDE) & pl.col("filed").dt.year().is_between(2011, 2025))
    in_city = counted.filter((pl.col("region_code") == "370300") & (pl.col("region_view") == "management"))
    assert in_city["value"].sum() == local["family"].n_unique()


def test_only_granted_members_of_named_applications_make_value(written: Written) -> None:
    table = written.delivered.high_value
    assert table["category"].unique().to_list() == ["family"]
    assert table["application_no"].null_count() == 0
    known = set(written.part.inventions["application_no"])
    assert set(table["application_no"]) <= known
    assert (table["from_date"] <= table["delivered_on"]).all()


def test_more_grants_than_applications_are_refused() -> None:
    applied = np.array(["2020-05-01"] * 3, dtype="datetime64[D]")
    with pytest.raises(ValueError, match="2020: 3 grants"):
        plant_varieties.granted_days(np.random.default_rng(1), applied, {2020: 3}, wait=400)
