"""The exact figures the sample promises, read from its ledger and from its own truth."""

import datetime
import itertools
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import polars as pl
import pytest

from pipelines.codes import application_no
from pipelines.sample import SampleReport, city, events, patents, truth

LAST = datetime.date(2026, 1, 20)
BEFORE_NOTICES = datetime.date(2021, 1, 20)


@pytest.fixture(scope="module")
def people() -> pl.DataFrame:
    return city.applicants(0, np.random.Generator(np.random.PCG64(1)))


@pytest.fixture(scope="module")
def inventions(people: pl.DataFrame) -> pl.DataFrame:
    return patents.ledger(np.random.Generator(np.random.PCG64(2)), people, "invention", 0)


def printed(count: int, persons: int) -> str:
    """Per ten thousand people, two decimals, half up as offices round."""
    return str((Decimal(count) * 10_000 / persons).quantize(Decimal("0.01"), ROUND_HALF_UP))


def value(sample: SampleReport, indicator: str, year: int, known_at: datetime.date = LAST) -> int:
    rows = sample.truth.filter(
        (pl.col("indicator_id") == indicator)
        & (pl.col("year") == year)
        & (pl.col("known_at") == known_at)
        & (pl.col("region_code") == "370300")
        & (pl.col("region_view") == "statutory")
    )
    return int(rows["value"].item())


def period(sample: SampleReport, indicator: str, first: int, last: int) -> int:
    return sum(value(sample, indicator, year) for year in range(first, last + 1))


def test_ledger_files_exactly_the_plans_applications(inventions: pl.DataFrame) -> None:
    inside = inventions.filter(pl.col("cell") != city.OUTSIDE)
    by_year = dict(inside.group_by(pl.col("filing_date").dt.year()).len().iter_rows())
    assert sum(by_year[year] for year in range(2016, 2021)) == 24_500
    assert sum(by_year[year] for year in range(2011, 2016)) == 15_284


def test_ledger_grants_exactly_the_plans_inventions(inventions: pl.DataFrame) -> None:
    inside = inventions.filter(pl.col("patentee_cell") != city.OUTSIDE)
    by_year = dict(inside.group_by(pl.col("granted").dt.year()).len().iter_rows())
    assert sum(by_year[year] for year in range(2016, 2021)) == 5_422
    assert sum(by_year[year] for year in range(2011, 2016)) == 3_445
    assert sum(count for year, count in by_year.items() if year and year < 2011) == patents.VALID_BEFORE


def test_every_number_is_valid_and_unique(inventions: pl.DataFrame) -> None:
    parsed = inventions.select(application_no.parse("application_no")).unnest("application_no")
    assert parsed["quality"].unique().to_list() == ["ok"]
    assert parsed["type"].unique().to_list() == ["invention"]
    assert parsed["application_no"].n_unique() == inventions.height
    keys = inventions.select(pl.concat_str("grant_no", "grant_kind")).drop_nulls().to_series()
    assert keys.n_unique() == keys.len()


def test_number_and_filing_year_differ_for_divisionals_only(inventions: pl.DataFrame) -> None:
    number_year = pl.col("application_no").str.head(4).cast(pl.Int32)
    new = inventions.filter(pl.col("application_no").str.len_chars() == 14)
    differ = new.filter(number_year != pl.col("filing_date").dt.year())
    assert differ["is_divisional"].all()
    assert 0 < differ.height <= patents.DIVISIONALS
    assert new.filter("is_divisional")["parent_application_no"].null_count() == 0


def test_dates_are_in_order(inventions: pl.DataFrame) -> None:
    assert inventions.filter(pl.col("published") <= pl.col("filing_date")).is_empty()
    assert inventions.filter(pl.col("granted") <= pl.col("published")).is_empty()
    assert inventions["published"].max() <= datetime.date(2025, 12, 31)


@pytest.mark.parametrize(
    ("first", "last", "filed", "granted"), [(2016, 2020, 24_500, 5_422), (2011, 2015, 15_284, 3_445)]
)
def test_truth_repeats_the_plans_flows(sample: SampleReport, first: int, last: int, filed: int, granted: int) -> None:
    assert period(sample, "inv_applications", first, last) == filed
    assert period(sample, "inv_grants", first, last) == granted


def test_stock_prints_the_published_densities(sample: SampleReport) -> None:
    assert value(sample, "inv_valid", 2020) == 6_910
    assert printed(6_910, 4_704_138) == "14.69"
    densities = sample.truth.filter(
        (pl.col("indicator_id") == "inv_valid_per_10k")
        & (pl.col("known_at") == LAST)
        & (pl.col("region_view") == "statutory")
    )
    by_year = dict(densities.select("year", "value").iter_rows())
    assert by_year[2020] == pytest.approx(14.689195, abs=1e-6)
    assert by_year[2022] == pytest.approx(19.620051, abs=1e-6)
    assert by_year[2025] > by_year[2024]
    assert printed(value(sample, "inv_valid", 2022), 4_705_900) == "19.62"


def test_every_years_stock_is_the_intended_one(sample: SampleReport) -> None:
    assert {year: value(sample, "inv_valid", year) for year in patents.YEARS} == events.VALID


def test_stock_was_overstated_before_the_spring_notices(sample: SampleReport) -> None:
    assert value(sample, "inv_valid", 2020, BEFORE_NOTICES) > 6_910
    assert value(sample, "inv_grants", 2020, BEFORE_NOTICES) == value(sample, "inv_grants", 2020)


def test_high_value_is_a_union_that_moves_every_year(sample: SampleReport) -> None:
    union = [value(sample, "inv_high_value", year) for year in patents.YEARS]
    categories = [
        [value(sample, f"inv_hv_{category}", year) for year in range(2016, 2026)]
        for category in ("sei", "ten_years", "family", "pledged", "awarded")
    ]
    by_year = zip(union[5:], zip(*categories, strict=True), strict=True)
    assert all(max(counts) < of_any < sum(counts) for of_any, counts in by_year)
    assert all(later > earlier for earlier, later in itertools.pairwise(union))
    assert union[-2] * 10_000 / 4_705_900 < 10 < union[-1] * 10_000 / 4_705_900 < 12


def test_each_view_adds_up_to_the_city(sample: SampleReport) -> None:
    not_added = [*truth.RATIOS, *truth.MEDIANS, *truth.SAME_IN_EVERY_PART]
    counts = sample.truth.filter(
        ~pl.col("indicator_id").str.ends_with("_per_10k") & ~pl.col("indicator_id").is_in(not_added)
    )
    counts = counts.filter(pl.col("region_code").str.starts_with("3703"))
    keys = ["known_at", "indicator_id", "region_view", "year"]
    is_city = pl.col("region_code") == "370300"
    sums = counts.group_by(keys).agg(
        pl.col("value").filter(is_city).sum().alias("city"), pl.col("value").filter(~is_city).sum().alias("parts")
    )
    assert sums.filter((pl.col("city") - pl.col("parts")).abs() > 1e-9 * pl.col("city")).is_empty()
    statutory, management = (
        set(counts.filter(pl.col("region_view") == view)["region_code"]) for view in ("statutory", "management")
    )
    districts = {f"3703{n:02d}" for n in (0, 2, 3, 4, 5, 6, 21, 22, 23)} | {"3703ZZ"}
    published_only = {"100000", "370000"}  # the nation and the province
    assert statutory - published_only == districts
    assert management == districts | {"3703A1", "3703A2", "3703A3"}
