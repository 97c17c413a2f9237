"""What was delivered after a run's knowledge day is left alone, and lands later as if that run had never been."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipelines.errors import ConfigError
from pipelines.intake.bronze import delivered_files, rejected_files
from pipelines.intake.news import bronze_fingerprint, new_files
from pipelines.intake.run import ingest
from pipelines.paths import Warehouse
from tests.unit.intake.conftest import ROWS, Deliver, patents

JANUARY = date(2024, 1, 31)


def rows(warehouse: Warehouse) -> list[tuple[object, ...]]:
    """Every row of bronze but the batch that brought it, in one order."""
    frame = pl.read_parquet(warehouse.bronze / "patents" / "*.parquet").drop("batch_id")
    return frame.sort(frame.columns).rows()


def fingerprint(warehouse: Warehouse, known_at: date) -> str:
    return bronze_fingerprint(warehouse, known_at=known_at, population_known_at=known_at)


def test_later_deliveries_land_with_the_run_that_may_know_them(
    warehouse: Warehouse, deliver: Deliver, tmp_path: Path
) -> None:
    deliver("patents/2024-01-31/a.csv", patents(ROWS[0]))
    deliver("patents/2024-02-29/b.csv", patents(ROWS[1]))
    assert ingest(warehouse, "patents", until=JANUARY).files["source_path"].to_list() == ["patents/2024-01-31/a.csv"]
    assert new_files(warehouse, warehouse.landing, ["patents"], until=lambda _: JANUARY) == []
    (left,) = new_files(warehouse, warehouse.landing, ["patents"])
    assert left.source_path == "patents/2024-02-29/b.csv"
    ingest(warehouse, "patents")
    together = Warehouse(tmp_path / "together")
    ingest(together, "patents", landing=warehouse.landing)
    assert rows(warehouse) == rows(together)


def test_a_file_without_a_date_folder_is_delivered_today(warehouse: Warehouse, deliver: Deliver) -> None:
    deliver("patents/a.csv", patents())
    assert new_files(warehouse, warehouse.landing, ["patents"], until=lambda _: JANUARY) == []
    assert ingest(warehouse, "patents", until=JANUARY).files.is_empty()
    assert ingest(warehouse, "patents", until=JANUARY, today=JANUARY).files.height == 1


def test_a_file_refused_later_stays_refused_and_stops_no_earlier_run(warehouse: Warehouse, deliver: Deliver) -> None:
    deliver("patents/2024-01-31/a.csv", patents())
    deliver("patents/2024-02-29/b.csv", "申请号,公开日\n201210424464.6,2013.01.23\n")
    assert ingest(warehouse, "patents", until=JANUARY).rejected == ()
    assert len(ingest(warehouse, "patents").rejected) == 1
    assert ingest(warehouse, "patents", until=JANUARY).rejected == ()
    assert rejected_files(warehouse)["source_path"].to_list() == ["patents/2024-02-29/b.csv"]


def test_a_declared_error_holds_whenever_it_was_declared(warehouse: Warehouse, deliver: Deliver) -> None:
    correction = (
        "source: patents\nfile: a.csv\naction: set_value\nfield: title\nkey: {application_no: 201210424464.6}\n"
        "expected: 一种陶瓷釉料\nuse: 一种釉料\nreason: 合成示例\n"
    )
    deliver("patents/2024-01-31/a.csv", patents(ROWS[0]))
    deliver("corrections/2024-03-31/a.yaml", correction)
    ingest(warehouse, "patents", until=JANUARY)
    assert pl.read_parquet(warehouse.bronze / "patents" / "*.parquet")["title"].to_list() == ["一种釉料"]
    deliver("corrections/2024-04-30/b.yaml", correction.replace("一种釉料", "另一种釉料"))
    with pytest.raises(ConfigError, match="has landed without this correction"):
        ingest(warehouse, "patents", until=JANUARY)


def test_a_content_that_comes_under_an_earlier_date_is_known_since_then(warehouse: Warehouse, deliver: Deliver) -> None:
    deliver("patents/2024-02-29/b.csv", patents(ROWS[0]))
    ingest(warehouse, "patents")
    deliver("patents/2024-01-31/a.csv", patents(ROWS[0]))
    deliver("patents/2024-03-31/c.csv", patents(ROWS[0]))
    ingest(warehouse, "patents")
    ledger = delivered_files(warehouse).sort("delivered_on")
    assert ledger["status"].to_list() == ["loaded", "loaded", "duplicate_content"]
    delivered = pl.read_parquet(warehouse.bronze / "patents" / "*.parquet")["delivered_on"]
    assert sorted(delivered) == [JANUARY, date(2024, 2, 29)]


def test_the_fingerprint_of_a_day_does_not_know_what_came_after_it(warehouse: Warehouse, deliver: Deliver) -> None:
    deliver("patents/2024-01-31/a.csv", patents(ROWS[0]))
    ingest(warehouse, "patents")
    known = fingerprint(warehouse, JANUARY)
    deliver("patents/2024-02-29/b.csv", patents(ROWS[1]))
    ingest(warehouse, "patents")
    assert fingerprint(warehouse, JANUARY) == known != fingerprint(warehouse, date(2024, 2, 29))
    deliver("patents/2024-01-31/again.csv", patents(ROWS[0]))  # the table of sources counts it
    ingest(warehouse, "patents")
    assert fingerprint(warehouse, JANUARY) != known


def test_population_is_known_up_to_a_day_of_its_own(warehouse: Warehouse, deliver: Deliver) -> None:
    header = "区划代码,区划名称,时点,口径,常住人口(人),来源批次\n"
    deliver("population/2024-01-31/a.csv", header + "370300,淄博市,2020-11-01,常住人口,4704138,合成普查\n")
    ingest(warehouse, "population")
    known = fingerprint(warehouse, JANUARY)
    deliver("population/2024-02-29/b.csv", header + "370300,淄博市,2022-12-31,常住人口,4705900,合成年鉴\n")
    ingest(warehouse, "population")
    later = date(2024, 2, 29)
    assert bronze_fingerprint(warehouse, known_at=later, population_known_at=JANUARY) == known
    assert bronze_fingerprint(warehouse, known_at=JANUARY, population_known_at=later) != known
