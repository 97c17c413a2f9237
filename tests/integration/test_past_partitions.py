"""Which past day a partition stands for, what is known on it, and which gates its release must pass."""

from datetime import date
from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from pipelines.contracts.schema import DELIVERED_FILES, schema
from pipelines.errors import ConfigError
from pipelines.intake.bronze import prepare
from pipelines.paths import Warehouse
from pipelines.quality.green import not_green
from pipelines.settings import Settings


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A warehouse in which one file was loaded in January 2021 and one rejected in March."""
    monkeypatch.setenv("IPW_WAREHOUSE", str(tmp_path))
    warehouse = Warehouse(tmp_path)
    prepare(warehouse)
    folders = {warehouse.bronze / "delivered_files": "loaded", warehouse.quarantine / "rejected_files": "rejected"}
    for (folder, status), day in zip(folders.items(), (date(2021, 1, 10), date(2021, 3, 10)), strict=True):
        entry = {"source": "patents", "source_path": f"{day}.csv", "delivered_on": day, "status": status}
        counts = {"rows_in": 3, "rows_out": 2, "rows_quarantined": 1, "rows_duplicate": 0}
        pl.DataFrame([entry | counts], schema=schema(DELIVERED_FILES)).write_parquet(folder / "one.parquet")
    return Settings.from_environment()


@pytest.mark.parametrize(("name", "key", "day"), [("month", "2024-02", "2024-02-29"), ("year", "2023", "2023-12-31")])
def test_a_partition_is_the_last_day_of_its_period(settings: Settings, name: str, key: str, day: str) -> None:
    from pipelines.defs.past import last_day, past_releases

    (asset,) = [one for one in past_releases if one.key.path[-1] == f"by_{name}"]
    partitions = asset.partitions_def
    assert isinstance(partitions, dg.TimeWindowPartitionsDefinition)
    assert partitions.has_partition_key(key)
    assert last_day(partitions.time_window_for_partition_key(key)) == date.fromisoformat(day)


def test_a_day_before_the_first_delivery_has_no_release(settings: Settings) -> None:
    from pipelines.defs.past import as_of_day

    with pytest.raises(ConfigError, match=r"no release of 2020-12: the first delivery is of 2021-01-10"):
        as_of_day(settings, "2020-12", date(2020, 12, 31))


def test_every_date_is_the_day_and_the_build_is_apart(settings: Settings) -> None:
    from pipelines.defs.past import as_of_day

    past = as_of_day(settings, "2021-02", date(2021, 2, 28))
    assert {past.as_of, past.known_at, past.targets_known_at, past.population_known_at} == {date(2021, 2, 28)}
    assert past.keep_current
    assert past.warehouse.build_database == settings.warehouse.root / "build" / "past" / "2021-02" / "build.duckdb"
    assert past.warehouse.bronze == settings.warehouse.bronze


def test_what_was_rejected_later_is_no_fault_of_an_earlier_release(settings: Settings) -> None:
    from pipelines.defs.past import as_of_day, intake_faults

    accepted = dg.AssetCheckKey(dg.AssetKey(["bronze", "patents"]), "files_accepted")
    february, march = (as_of_day(settings, str(day), day) for day in (date(2021, 2, 28), date(2021, 3, 31)))
    assert intake_faults(february)[accepted] == []
    assert intake_faults(march)[accepted] == ["2021-03-10.csv was rejected"]


def test_a_gate_that_nothing_judged_forbids_publishing(settings: Settings) -> None:
    from pipelines.defs.past import states
    from pipelines.defs.release import GATES

    passed: dict[dg.AssetCheckKey, list[str]] = {key: [] for key in GATES}
    assert not_green(states(passed)) == []
    forgotten = min(GATES, key=lambda key: key.to_user_string())
    assert not_green(states({key: [] for key in GATES if key != forgotten})) == [
        f"{forgotten.to_user_string()}: never ran"
    ]
    assert not_green(states(passed | {forgotten: ["wrong"]})) == [f"{forgotten.to_user_string()}: failed"]
