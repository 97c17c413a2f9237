"""Marks: what is known of one after each delivery, what counts as valid, and that the plan's target is met in time."""

import datetime

import numpy as np
import polars as pl
import pytest

from pipelines.sample.rights import trademarks
from tests.sample.rights.parts import KNOWN_AT, Written, city_values

D = datetime.date


def test_more_than_85_000_classes_are_valid_only_at_the_end_of_2025(written: Written) -> None:
    valid = city_values(written, "tm_valid")
    assert valid[2024] < 85_000 < valid[2025]
    assert list(valid) == list(range(2011, 2026))


def one_mark(**changes: object) -> pl.DataFrame:
    """A mark registered on 2012-03-14, not renewed, never ended."""
    row = {
        "mark": 1,
        "owner": 0,
        "classes": [9],
        "applied": D(2011, 1, 5),
        "registered": D(2012, 3, 14),
        "since": D(2012, 3, 14),
        "until": D(2022, 3, 13),
        "until_20": D(2032, 3, 13),
        "until_30": D(2042, 3, 13),
        "renewed": None,
        "renewed_again": None,
        "ended": None,
        "end_kind": 0,
        "madrid": None,
        "late": False,
        "seen_pending": False,
    } | changes
    days = [
        "applied",
        "registered",
        "since",
        "until",
        "until_20",
        "until_30",
        "renewed",
        "renewed_again",
        "ended",
        "madrid",
    ]
    return pl.DataFrame([row], schema_overrides=dict.fromkeys(days, pl.Date) | {"classes": pl.List(pl.Int32)})


def valid_years(written: Written, mark: pl.DataFrame, known_at: D) -> list[int]:
    states = trademarks.known_states(np.random.default_rng(1), mark)
    part = written.part
    counted = trademarks.count(part, states).filter(
        (pl.col("indicator_id") == "tm_valid")
        & (pl.col("known_at") == known_at)
        & (pl.col("region_code") == "370300")
        & (pl.col("region_view") == "statutory")
    )
    return counted.sort("year")["year"].to_list()


def test_a_mark_stands_until_its_exclusive_right_ends(written: Written) -> None:
    assert valid_years(written, one_mark(), KNOWN_AT[1]) == list(range(2012, 2022))


def test_a_renewal_in_the_months_of_grace_fills_the_gap_once_it_is_known(written: Written) -> None:
    mark = one_mark(registered=D(2010, 11, 14), until=D(2020, 11, 13), until_20=D(2030, 11, 13), renewed=D(2021, 3, 2))
    assert valid_years(written, mark, KNOWN_AT[0])[-1] == 2019
    assert valid_years(written, mark, KNOWN_AT[1])[-1] == 2025


@pytest.mark.parametrize("kind", [1, 2, 3])
def test_an_ended_mark_counts_up_to_the_day_before(written: Written, kind: int) -> None:
    assert valid_years(written, one_mark(ended=D(2018, 1, 1), end_kind=kind), KNOWN_AT[1])[-1] == 2017
    assert valid_years(written, one_mark(ended=D(2017, 12, 31), end_kind=kind), KNOWN_AT[1])[-1] == 2016


def test_each_delivery_brings_the_whole_state_and_a_renewed_mark_prints_its_new_period() -> None:
    states = trademarks.known_states(np.random.default_rng(1), one_mark(renewed=D(2022, 1, 5), madrid=D(2017, 2, 1)))
    assert states["delivered_on"].to_list() == [D(2016, 1, 25), D(2017, 7, 20), D(2022, 4, 15)]
    assert states["known_until"].to_list() == [D(2022, 3, 13), D(2022, 3, 13), D(2032, 3, 13)]
    assert states["known_since"].to_list() == [D(2012, 3, 14), D(2012, 3, 14), D(2022, 3, 14)]
    assert states["has_madrid"].to_list() == [False, True, True]
    assert states["known_registered"].unique().to_list() == [D(2012, 3, 14)]


def test_no_delivery_states_a_mark_twice(written: Written) -> None:
    rng = written.part.rng(trademarks.STREAM)
    states = trademarks.known_states(rng, trademarks.draw(rng, written.part))
    assert not states.select("mark", "delivered_on").is_duplicated().any()
    assert states["delivered_on"].max() == D(2026, 1, 20)


def test_others_get_every_class_with_its_last_day(written: Written) -> None:
    marks = written.delivered.marks
    assert not marks.select("registration_no", "nice_class").is_duplicated().any()
    local = marks.filter(pl.col("cell") != -1)
    standing = local.filter((pl.col("registered") <= D(2025, 12, 31)) & (pl.col("last_day") >= D(2025, 12, 31)))
    # what was registered or ended at the year's end is delivered late in a few cases, what ended without notice is not
    assert abs(standing.height - city_values(written, "tm_valid")[2025]) < 50
