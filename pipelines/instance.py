"""Dagster's own folder in a warehouse and its settings. Runs, events and check results are kept there."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pipelines.paths import Warehouse

CONFIGURATION = """\
# Written by ipw. One run at a time: DuckDB has one writer, and a release is made from one build.
telemetry: {enabled: false}
nux: {enabled: false}
run_monitoring: {enabled: true}
concurrency:
  runs: {max_concurrent_runs: 1}
"""


def prepare_instance(warehouse: Warehouse) -> None:
    """Create the folder with its configuration; an existing configuration is left as its owner wrote it."""
    warehouse.dagster_home.mkdir(parents=True, exist_ok=True)
    file = warehouse.dagster_home / "dagster.yaml"
    if not file.exists() or not file.stat().st_size:  # empty: a run was killed while writing it
        file.write_text(CONFIGURATION, encoding="utf-8")


@contextmanager
def event_log_held_open() -> Iterator[None]:
    """Within, closing a connection of Dagster's does not write its SQLite file anew.

    Dagster opens a connection per query, 9,000 in a small run, and SQLite moves its log into the file each time the
    last one closes, with a wait for the disk; so one more stays open beside them. Nor does each commit wait for the
    disk: a killed process loses nothing by that, and a machine that loses power loses the end of a run's log at most.
    Dagster also makes an engine per query, which writes each statement anew; here a file keeps the one it had, and its
    connections with it.
    """
    from dagster._core.storage.event_log.sqlite import sqlite_event_log
    from dagster._core.storage.runs.sqlite import sqlite_run_storage
    from sqlalchemy import Engine, event
    from sqlalchemy.pool import QueuePool

    held: dict[str, sqlite3.Connection] = {}
    makers: dict[Any, Any] = {module: module.create_engine for module in (sqlite_event_log, sqlite_run_storage)}
    engines: dict[str, Engine] = {}

    def engine(url: str, **options: Any) -> Engine:
        if url not in engines:
            engines[url] = makers[sqlite_event_log](url, **options | {"poolclass": QueuePool})
            # Asked for after each query; what is kept is given up at the end.
            setattr(engines[url], "dispose", lambda: None)  # noqa: B010
        return engines[url]

    def hold(connection: object, _record: object) -> None:
        if not isinstance(connection, sqlite3.Connection):
            return
        connection.execute("pragma synchronous = normal")
        (_, _, file) = connection.execute("pragma database_list").fetchone()
        if file and file not in held and connection.execute("pragma journal_mode").fetchone() == ("wal",):
            held[file] = sqlite3.connect(file, check_same_thread=False)
            held[file].execute("pragma schema_version").fetchone()  # only a connection that has read its log counts

    event.listen(Engine, "connect", hold)
    for module in makers:
        module.create_engine = engine
    try:
        yield
    finally:
        for module, maker in makers.items():
            module.create_engine = maker
        event.remove(Engine, "connect", hold)
        for made in engines.values():
            Engine.dispose(made)
        for connection in held.values():
            connection.close()
