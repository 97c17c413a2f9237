"""All sources in one run: the same as one by one, and what goes wrong with one is its own."""

import os
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipelines.errors import ConfigError, IpwError
from pipelines.intake import bronze, run, source
from pipelines.intake.bronze import delivered_files, rejected_files
from pipelines.intake.run import IntakeResult, ingest, ingest_all, prepare
from pipelines.paths import Warehouse
from tests.unit.intake.conftest import ROWS, Deliver, patents

POPULATION = "区划代码,区划名称,时点,口径,常住人口(人)\n"


def population(year: int) -> str:
    return f"{POPULATION}370300,淄博市,{year}-11-01,常住人口,{4_700_000 + year}\n"


def contents(warehouse: Warehouse) -> dict[str, bytes]:
    return {
        file.relative_to(warehouse.root).as_posix(): file.read_bytes() for file in warehouse.root.rglob("*.parquet")
    }


def landed_of(outcome: IntakeResult | IpwError) -> IntakeResult:
    assert isinstance(outcome, IntakeResult), outcome
    return outcome


def test_all_sources_at_once_land_as_they_do_one_by_one(
    warehouse: Warehouse, deliver: Deliver, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for number, row in enumerate(ROWS):
        deliver(f"patents/2024-0{number + 1}-28/a.csv", patents(row))
    deliver("population/2021-05-11/a.csv", population(2020))
    deliver("population/2022-05-11/b.csv", "damaged")
    sources = ["population", "patents", "penalties"]
    outcomes = ingest_all(warehouse, sources)
    assert list(outcomes) == sources
    assert len(landed_of(outcomes["patents"]).batches) == 3
    assert [len(landed_of(outcomes[source]).rejected) for source in sources] == [1, 0, 0]
    alone = Warehouse(tmp_path_factory.mktemp("alone"))
    for name in sources:
        ingest(alone, name, landing=warehouse.landing)
    assert contents(alone) == contents(warehouse)


def test_a_source_that_fails_does_not_stop_the_others(warehouse: Warehouse, deliver: Deliver) -> None:
    deliver("patents/last month/a.csv", patents())
    deliver("population/2021-05-11/a.csv", population(2020))
    outcomes = ingest_all(warehouse, ["patents", "goldfish", "population"])
    assert isinstance(outcomes["patents"], ConfigError) and "not a delivery date" in str(outcomes["patents"])
    assert isinstance(outcomes["goldfish"], ConfigError) and "no source 'goldfish'" in str(outcomes["goldfish"])
    assert landed_of(outcomes["population"]).rows("rows_out") == 1
    with pytest.raises(ConfigError, match="not a delivery date"):
        ingest(warehouse, "patents")


def test_a_disk_that_is_full_for_one_source_is_its_error(
    warehouse: Warehouse, deliver: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver("patents/2024-01-31/a.csv", patents())
    deliver("population/2021-05-11/a.csv", population(2020))
    prepare(warehouse)
    replace = os.replace

    def full(unfinished: Path, target: Path) -> None:
        if target.parent.name == "patents":
            raise OSError(28, "No space left on device")
        replace(unfinished, target)

    with monkeypatch.context() as patch:
        patch.setattr(bronze, "prepare", lambda _: None)
        patch.setattr(run, "prepare", lambda _: None)
        patch.setattr(os, "replace", full)
        outcomes = ingest_all(warehouse, ["patents", "population"])
    assert "No space left" in str(outcomes["patents"]) and not isinstance(outcomes["patents"], ConfigError)
    assert delivered_files(warehouse)["source"].to_list() == ["population"]
    assert landed_of(ingest_all(warehouse, ["patents", "population"])["patents"]).rows("rows_out") == 3


def test_sources_that_would_mix_synthetic_and_delivered_data_do_not_both_land(
    warehouse: Warehouse, deliver: Deliver
) -> None:
    deliver("patents/2024-01-31/a.csv", patents())
    deliver("population/SYNTHETIC.md", "made up")
    deliver("population/2021-05-11/a.csv", population(2020))
    outcomes = ingest_all(warehouse, ["patents", "population"])
    assert landed_of(outcomes["patents"]).rows("rows_out") == 3
    assert "population/2021-05-11/a.csv is synthetic data, and the warehouse holds delivered data" in str(
        outcomes["population"]
    )
    assert set(delivered_files(warehouse)["is_synthetic"]) == {False}


def test_each_source_has_its_last_day_and_regions(warehouse: Warehouse, deliver: Deliver) -> None:
    deliver("patents/2024-01-31/a.csv", patents())
    deliver("population/2021-05-11/a.csv", population(2020).replace("370300", "990100"))
    outcomes = ingest_all(
        warehouse,
        ["patents", "population"],
        until=lambda name: date(2023, 1, 1) if name == "patents" else None,
        planned_regions=lambda name: frozenset({"990100"}) if name == "population" else frozenset(),
    )
    assert landed_of(outcomes["patents"]).files.is_empty()
    assert landed_of(outcomes["population"]).rows("rows_out") == 1


def test_a_fault_of_the_program_is_raised_and_what_was_landed_counts(
    warehouse: Warehouse, deliver: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver("patents/2024-01-31/a.csv", patents())
    deliver("population/2021-05-11/a.csv", population(2020))
    read = source.read

    def faulty(file: source.Delivered, *others: object) -> object:
        if file.source == "patents":
            raise ZeroDivisionError
        return read(file, *others)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(source, "read", faulty)
        with pytest.raises(ZeroDivisionError):
            ingest_all(warehouse, ["patents", "population"])
    assert "patents" not in delivered_files(warehouse)["source"].to_list()
    assert rejected_files(warehouse).is_empty()
    outcomes = ingest_all(warehouse, ["patents", "population"])
    assert {name: landed_of(outcome).rejected for name, outcome in outcomes.items()} == {
        "patents": (),
        "population": (),
    }
    assert pl.read_parquet(warehouse.bronze / "population" / "*.parquet").height == 1
