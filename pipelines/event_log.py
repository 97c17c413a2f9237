"""Dagster's records as `ipw run` writes them: the files and rows of Dagster's own classes, which go on reading them.

Those open a connection per query, 9,000 in a small run, and ask the file again each time which tables it has. Here one
connection per file stays open as long as the run, statements are written once, and what a run plans is one transaction.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from threading import RLock
from typing import Any, Self

import dagster as dg
from dagster._core.events import ASSET_CHECK_EVENTS, ASSET_EVENTS, EVENT_TYPE_TO_PIPELINE_RUN_STATUS
from dagster._core.storage.event_log.schema import SqlEventLogStorageTable as _EVENTS
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage
from dagster._core.storage.runs.sqlite.sqlite_run_storage import SqliteRunStorage
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

_INSERT = _EVENTS.insert()
_ACROSS_RUNS = ASSET_EVENTS | ASSET_CHECK_EVENTS | EVENT_TYPE_TO_PIPELINE_RUN_STATUS.keys()
_INDEX = "index"
"""The file of what is asked across runs."""
_WAIT_SECONDS = 60
"""For another process that is writing, such as the Dagster UI."""


class _Kept:
    """One open connection per file, handed to one user at a time; who asks again while using it gets the same.

    SQLite moves its log into the file when the last connection closes, with a wait for the disk; here that happens
    once. Nor does each commit wait for the disk: a killed process loses nothing by that, and a machine that loses power
    loses the end of a run's log at most.
    """

    def __init__(self) -> None:
        self._connections: dict[str, Connection] = {}
        self._lock = RLock()

    @contextmanager
    def transaction(self, address: str, first: Callable[[], AbstractContextManager[Any]]) -> Iterator[Connection]:
        """The connection to a file within a transaction; `first` makes the file where there is none."""
        with self._lock:
            if address not in self._connections:
                with first():
                    self._connections[address] = _connect(address)
            connection = self._connections[address]
            with nullcontext() if connection.in_transaction() else connection.begin():
                yield connection

    def close(self) -> None:
        with self._lock:
            while self._connections:
                self._connections.popitem()[1].close()


def _connect(address: str) -> Connection:
    waiting = {"timeout": _WAIT_SECONDS, "check_same_thread": False}
    connection = create_engine(address, poolclass=NullPool, connect_args=waiting).connect()
    with connection.begin():
        connection.execute(text("pragma synchronous = normal"))
    return connection


class EventLog(SqliteEventLogStorage):
    """Events, materialisations and check results."""

    def __init__(self, base_dir: str, inst_data: Any = None) -> None:
        self._kept = _Kept()
        self._there: set[tuple[str, str]] = set()
        super().__init__(base_dir, inst_data)

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: Any) -> Self:
        """Made from the configuration of an instance."""
        return cls(inst_data=inst_data, **config_value)

    def run_connection(self, run_id: str | None = None) -> Any:
        """To the file of one run."""
        return self._kept.transaction(
            self.conn_string_for_shard(str(run_id)), lambda: super(EventLog, self).run_connection(run_id)
        )

    def index_connection(self) -> Any:
        """To the file of what is asked across runs."""
        return self._kept.transaction(self.conn_string_for_shard(_INDEX), super().index_connection)

    def store_event(self, event: dg.EventLogEntry) -> None:
        """Store an event in its run's file, and one of an asset, a check or the run's state in the one across runs."""
        row = self._event_to_row(event)
        with self.run_connection(event.run_id) as run:
            run.execute(_INSERT, row)
        if event.dagster_event_type in _ACROSS_RUNS:
            with self.index_connection() as index:
                self._store_what_it_says([event], [index.execute(_INSERT, row).inserted_primary_key[0]])

    def store_event_batch(self, events: Sequence[dg.EventLogEntry]) -> None:
        """Store events of assets and checks of one run, all or none: a statement for each of the two files."""
        rows = [self._event_to_row(event) for event in events]
        with self.run_connection(events[0].run_id) as run, self.index_connection() as index:
            run.execute(_INSERT, rows)
            ids = index.scalars(_INSERT.returning(_EVENTS.c.id, sort_by_parameter_order=True), rows).all()
            self._store_what_it_says(events, ids)

    def _store_what_it_says(self, events: Sequence[dg.EventLogEntry], ids: Sequence[int]) -> None:
        """Bring the tables of assets and checks up to date with events stored under these ids."""
        for event, number in zip(events, ids, strict=True):
            if event.dagster_event_type in ASSET_EVENTS:
                self.store_asset_event_tags([event], [number])
                self.store_asset_event(event, number)
            elif event.dagster_event_type in ASSET_CHECK_EVENTS:
                self.store_asset_check_event(event, number)

    def has_table(self, table_name: str) -> bool:
        """Whether there is a table."""
        return self._stays("table", table_name, super().has_table, table_name)

    def has_secondary_index(self, name: str) -> bool:
        """Whether an index is made."""
        return self._stays("index", name, super().has_secondary_index, name)

    def _has_asset_key_col_on_connection(self, conn: Connection, column_name: str) -> bool:
        return self._stays("column", column_name, super()._has_asset_key_col_on_connection, conn, column_name)

    def _stays(self, what: str, name: str, is_there: Callable[..., bool], *arguments: Any) -> bool:
        """Whether something is there: what once was stays, and is not asked for again."""
        if (what, name) not in self._there and is_there(*arguments):
            self._there.add((what, name))
        return (what, name) in self._there

    def dispose(self) -> None:
        """Let go of the files."""
        self._kept.close()
        super().dispose()


class RunLog(SqliteRunStorage):
    """Runs and their tags."""

    def __init__(self, conn_string: str, inst_data: Any = None) -> None:
        self._kept = _Kept()
        super().__init__(conn_string, inst_data)

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: Any) -> Self:
        """Made from the configuration of an instance."""
        return cls.from_local(inst_data=inst_data, **config_value)

    def connect(self) -> Any:
        """To the file."""
        return self._kept.transaction(self._conn_string, nullcontext)

    def dispose(self) -> None:
        """Let go of the file."""
        self._kept.close()
        super().dispose()


def storages(dagster_home: Path) -> Mapping[str, Any]:
    """The part of an instance's configuration that names the classes of this module, for Dagster's usual folders."""
    places = {"run_storage": (RunLog, "history"), "event_log_storage": (EventLog, "history/runs")}
    return {
        name: {"module": __name__, "class": kind.__name__, "config": {"base_dir": str(dagster_home / folder)}}
        for name, (kind, folder) in places.items()
    }
