"""The truth's own rules on a handful of patents written out by hand."""

import datetime

import numpy as np
import polars as pl
import pytest

from pipelines.sample import city, truth
from pipelines.sample.records import with_deliveries

ZHANGDIAN, LINZI, HIGH_TECH = 1, 3, 8
D = datetime.date
FILED = D(2010, 5, 4)


def patent(number: int, granted: D, filing: D = FILED, cell: int = ZHANGDIAN, is_sei: bool = False) -> dict:
    return {
        "number": number,
        "patent_type": "invention",
        "filing_date": filing,
        "published": None,
        "granted": granted,
        "cell": cell,
        "patentee_cell": cell,
        "is_sei": is_sei,
    }


def event(
    row: int,
    code: str,
    date: D,
    effective: D | None = None,
    before: int = ZHANGDIAN,
    after: int = -1,
    known: D | None = None,
) -> dict:
    return {
        "row": row,
        "event_code": code,
        "event_date": date,
        "effective_date": effective,
        "before_cell": before,
        "after_cell": after,
        "delivered_on": known or date + datetime.timedelta(days=60),
    }


def tally(patents: list[dict], events: list[dict], known_at: str = "2026-01-20") -> dict[tuple[str, str, int], int]:
    ledger = with_deliveries(pl.DataFrame(patents, schema_overrides={"published": pl.Date}))
    schema = {
        "row": pl.Int64,
        "event_code": pl.String,
        "event_date": pl.Date,
        "effective_date": pl.Date,
        "before_cell": pl.Int64,
        "after_cell": pl.Int64,
        "delivered_on": pl.Date,
    }
    count = truth.Tally(np.datetime64(known_at))
    count.add(ledger, pl.DataFrame(events, schema=schema))
    rows = count.frame().filter(pl.col("region_view") == "management")
    return {(i, r, y): v for _, i, _, r, y, v in rows.iter_rows()}


def valid_years(result: dict[tuple[str, str, int], int], region: str = city.CITY) -> list[int]:
    return [year for year in range(2011, 2026) if result.get(("inv_valid", region, year))]


def test_a_lapse_counts_from_the_printed_day_not_from_the_notice() -> None:
    result = tally([patent(1, D(2013, 6, 4))], [event(0, "CF01", D(2017, 3, 7), D(2016, 5, 4))])
    assert valid_years(result) == [2013, 2014, 2015]
    assert result["patent_lapses", "370303", 2016] == 1


def test_an_undated_lapse_counts_from_its_notice() -> None:
    result = tally([patent(1, D(2013, 6, 4))], [event(0, "CF01", D(2017, 3, 7))])
    assert valid_years(result) == [2013, 2014, 2015, 2016]


def test_a_restored_lapse_is_void_and_a_second_one_stands() -> None:
    lapse, back = event(0, "CF01", D(2016, 3, 1), D(2015, 5, 4)), event(0, "RR01", D(2016, 8, 2))
    again = event(0, "CF01", D(2020, 3, 3), D(2019, 5, 4))
    assert valid_years(tally([patent(1, D(2013, 6, 4))], [lapse, back])) == list(range(2013, 2026))
    assert valid_years(tally([patent(1, D(2013, 6, 4))], [lapse, back, again])) == list(range(2013, 2019))


def test_full_invalidation_empties_every_year_and_partial_none() -> None:
    assert valid_years(tally([patent(1, D(2013, 6, 4))], [event(0, "IW01", D(2020, 3, 3))])) == []
    assert valid_years(tally([patent(1, D(2013, 6, 4))], [event(0, "IP01", D(2020, 3, 3))])) == list(range(2013, 2026))


def test_surrender_and_term_end() -> None:
    assert valid_years(tally([patent(1, D(2013, 6, 4))], [event(0, "AV01", D(2018, 4, 3), D(2018, 3, 1))])) == list(
        range(2013, 2018)
    )
    assert valid_years(tally([patent(1, D(2005, 6, 7), filing=D(2001, 12, 31))], [])) == list(range(2011, 2021))


@pytest.mark.parametrize(("granted", "moves"), [(D(2020, 12, 29), True), (D(2021, 1, 5), False)])
def test_only_grants_up_to_2020_follow_the_patentee(granted: D, moves: bool) -> None:
    move = event(0, "TR01", D(2023, 4, 4), D(2023, 3, 7), after=city.OUTSIDE)
    result = tally([patent(1, granted, filing=D(2018, 1, 2))], [move])
    assert (("inv_valid", city.CITY, 2023) not in result) == moves
    assert result["patent_transfers", "370303", 2023] == 1


def test_a_transfer_from_beyond_the_city_counts_where_it_arrives() -> None:
    arrival = event(0, "TR01", D(2016, 4, 5), D(2016, 3, 8), before=city.OUTSIDE, after=LINZI)
    result = tally([patent(1, D(2013, 6, 4), cell=city.OUTSIDE)], [arrival])
    assert result["patent_transfers", "370305", 2016] == 1
    assert valid_years(result) == list(range(2016, 2026))


def test_a_move_between_zone_and_district_shows_in_the_management_view() -> None:
    move = event(0, "CP02", D(2016, 4, 5), after=HIGH_TECH)
    result = tally([patent(1, D(2013, 6, 4))], [move])
    assert valid_years(result, "370303") == [2013, 2014, 2015]
    assert valid_years(result, "3703A1") == list(range(2016, 2026))


def test_an_event_counts_only_from_the_delivery_that_brought_it() -> None:
    lapse = event(0, "CF01", D(2020, 12, 1), D(2020, 5, 4), known=D(2021, 4, 15))
    assert 2020 in valid_years(tally([patent(1, D(2013, 6, 4))], [lapse], "2021-01-20"))
    assert 2020 not in valid_years(tally([patent(1, D(2013, 6, 4))], [lapse], "2021-04-15"))


def test_high_value_is_the_union_and_ten_years_are_strict() -> None:
    young_sei = patent(1, D(2013, 6, 4), filing=D(2012, 1, 3), is_sei=True)
    on_the_day = patent(2, D(2013, 6, 4), filing=D(2010, 12, 31))
    result = tally([young_sei, on_the_day], [])
    assert result["inv_high_value", city.CITY, 2020] == 1
    assert result["inv_high_value", city.CITY, 2021] == 2
    assert result["inv_high_value", city.CITY, 2022] == 2
    assert result["inv_hv_ten_years", city.CITY, 2022] == 2
