"""Dagster's own folder in a warehouse and its settings. Runs, events and check results are kept there."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

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
    """
    from sqlalchemy import Engine, event

    held: dict[str, sqlite3.Connection] = {}

    def hold(connection: object, _record: object) -> None:
        if not isinstance(connection, sqlite3.Connection):
            return
        connection.execute("pragma synchronous = normal")
        (_, _, file) = connection.execute("pragma database_list").fetchone()
        if file and file not in held and connection.execute("pragma journal_mode").fetchone() == ("wal",):
            held[file] = sqlite3.connect(file, check_same_thread=False)
            held[file].execute("pragma schema_version").fetchone()  # only a connection that has read its log counts

    event.listen(Engine, "connect", hold)
    try:
        yield
    finally:
        event.remove(Engine, "connect", hold)
        for connection in held.values():
            connection.close()
