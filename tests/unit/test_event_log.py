"""Dagster's records of a run: written through connections that stay open, read by Dagster's own classes."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage

from pipelines.event_log import EventLog
from pipelines.instance import opened_instance, prepare_instance
from pipelines.paths import Warehouse

KEYS = [dg.AssetKey(name) for name in ("first", "second")]


@dg.multi_asset(
    specs=[dg.AssetSpec(KEYS[0]), dg.AssetSpec(KEYS[1], deps=[KEYS[0]])],
    check_specs=[dg.AssetCheckSpec("holds", asset=KEYS[1])],
)
def made() -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    yield dg.MaterializeResult(KEYS[0], metadata={"rows": 1})
    yield dg.MaterializeResult(KEYS[1])
    yield dg.AssetCheckResult(asset_key=KEYS[1], check_name="holds", passed=True)


@pytest.fixture
def warehouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Warehouse:
    found = Warehouse(tmp_path)
    prepare_instance(found)
    monkeypatch.setenv("DAGSTER_HOME", str(found.dagster_home))
    monkeypatch.setenv("DAGSTER_EVENT_BATCH_SIZE", "10000")
    return found


def run(instance: dg.DagsterInstance) -> str:
    result = dg.materialize([made], instance=instance)
    assert result.success
    return result.run_id


def events(instance: dg.DagsterInstance, run_id: str) -> list[tuple[str | None, str | None]]:
    return sorted(
        (entry.dagster_event_type.value if entry.dagster_event_type else None, entry.step_key)
        for entry in instance.all_logs(run_id)
    )


def test_dagster_reads_what_was_written(warehouse: Warehouse) -> None:
    with opened_instance(warehouse) as ours:
        assert isinstance(ours.event_log_storage, EventLog)
        ids = [run(ours), run(ours)]
        written = [events(ours, one) for one in ids]
    with dg.DagsterInstance.get() as dagsters:
        assert type(dagsters.event_log_storage) is SqliteEventLogStorage
        assert [events(dagsters, one) for one in ids] == written
        assert [record.dagster_run.run_id for record in dagsters.get_run_records()] == ids[::-1]
        latest = dagsters.get_latest_materialization_event(KEYS[0])
        check = dg.AssetCheckKey(KEYS[1], "holds")
        judged = dagsters.event_log_storage.get_latest_asset_check_execution_by_key([check])[check]
    assert latest is not None and latest.run_id == ids[1]
    assert judged.run_id == ids[1] and judged.status.value == "SUCCEEDED"


def test_a_run_is_recorded_as_dagster_itself_would(warehouse: Warehouse) -> None:
    with opened_instance(warehouse) as ours:
        mine = events(ours, run(ours))
    with dg.DagsterInstance.get() as dagsters:
        theirs = events(dagsters, run(dagsters))
    assert mine == theirs


def test_others_see_each_event_at_once(warehouse: Warehouse) -> None:
    with opened_instance(warehouse) as ours, dg.DagsterInstance.get() as dagsters:
        run_id = run(ours)
        assert events(dagsters, run_id) == events(ours, run_id)


def test_a_batch_that_fails_is_stored_one_by_one(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened_instance(warehouse) as ours:
        before = events(ours, run(ours))
        with monkeypatch.context() as patch:
            patch.setattr(EventLog, "store_event_batch", lambda self, events: 1 / 0)
            assert events(ours, run(ours)) == before


def test_nothing_stays_open_and_no_commit_waits_for_the_disk(warehouse: Warehouse) -> None:
    with opened_instance(warehouse) as ours:
        run_id = run(ours)
        log = ours.event_log_storage
        assert isinstance(log, EventLog)
        with log.run_connection(run_id) as connection:
            assert connection.exec_driver_sql("pragma synchronous").scalar_one() == 1
    folder = warehouse.dagster_home / "history"
    files = [folder / "runs.db", folder / "runs" / "index.db", folder / "runs" / f"{run_id}.db"]
    for file in files:
        assert not file.with_name(f"{file.name}-wal").exists()
        with sqlite3.connect(f"file:{file}?immutable=1", uri=True) as alone:
            assert alone.execute("pragma integrity_check").fetchone() == ("ok",)
        alone.close()


def test_configured_storages_are_used(warehouse: Warehouse) -> None:
    configuration = warehouse.dagster_home / "dagster.yaml"
    configuration.write_text(f"storage: {{sqlite: {{base_dir: {warehouse.root / 'elsewhere'}}}}}\n", encoding="utf-8")
    with opened_instance(warehouse) as instance:
        assert type(instance.event_log_storage) is SqliteEventLogStorage
    assert (warehouse.root / "elsewhere" / "history").is_dir()


def rows(warehouse: Warehouse, run_id: str) -> list[list[tuple[object, ...]]]:
    """What a run left in the file across runs, but for names and times of the run itself."""
    queries = (
        "select dagster_event_type, step_key, asset_key, partition from event_logs where run_id = ? order by 1, 2, 3, 4",
        "select asset_key, check_name, execution_status, partition, evaluation_event_storage_id is null, "
        "materialization_event_storage_id is null from asset_check_executions where run_id = ? order by 1, 2",
        "select asset_key, asset_details, last_materialization is null from asset_keys where last_run_id = ? order by 1",
    )
    with sqlite3.connect(warehouse.dagster_home / "history" / "runs" / "index.db") as index:
        found = [index.execute(query, [run_id]).fetchall() for query in queries]
    index.close()
    return found


def test_the_file_across_runs_holds_what_dagster_itself_would_write(warehouse: Warehouse) -> None:
    with opened_instance(warehouse) as ours:
        mine = rows(warehouse, run(ours))
    with dg.DagsterInstance.get() as dagsters:
        theirs = rows(warehouse, run(dagsters))
    assert mine == theirs and all(mine)
