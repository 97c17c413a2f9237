"""Runs the compiled project in one database connection, and of it only what has to be run.

Each node stands in the build with the key and the content of what it made, written in the same transaction as its
table: a build cut short at any moment says of every table what it is. A node whose key is on record is not run again;
a test whose pass is on record has passed on this very content. Failures are never on record.
"""

import json
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from pipelines.files import sha256
from pipelines.settings import Settings
from pipelines.transform.keys import Given, content_of, dates_read, digest, files_given
from pipelines.transform.nodes import Node, Outcome, nodes, opening_statement
from pipelines.transform.project import PLACES, seed_file

RUN_PARAMETERS = "stg_plan__run_parameters"
"""One row with the days and identity of a run, which differ between any two runs: read parameter by parameter."""
OUTCOMES = "outcomes.json"
"""Beside the build's database: what became of every node, and of those that failed the statement."""
_STORAGE = "v1.4.0"
_RECORD = """
create schema if not exists build_record;
create table if not exists build_record.made (
  unique_id varchar primary key, key varchar not null, content varchar not null, seconds double not null
)
"""


def build_models(settings: Settings, select: Sequence[str] = ()) -> list[Outcome]:
    """Bring seeds, models and data tests into the private database of these settings, each after what it reads.

    `select` names the nodes; none means all, and then what the project no longer has is removed. One outcome per node,
    in the order taken. Unit tests belong to `make test`. Raises duckdb.Error when the database cannot be opened.
    """
    known = nodes()
    with _opened(settings) as connection:
        if not select:
            _remove_others(connection, known)
        build = _Build(connection, known, set(select), settings)
        try:
            outcomes = [outcome for node in known.values() if (outcome := build.take(node))]
        finally:
            build.record_passes()
    _keep(settings.warehouse.build / OUTCOMES, outcomes, known)
    return outcomes


def content_keys(database: Path) -> dict[str, str]:
    """Content of each seed and model of a build, by name; none of a build that was made by other means."""
    known = nodes()
    with duckdb.connect(str(database), read_only=True) as connection:
        if not connection.execute("select 1 from duckdb_tables() where schema_name = 'build_record'").fetchall():
            return {}
        rows = connection.execute("select unique_id, content from build_record.made").fetchall()
    return {known[uid].name: content for uid, content in rows if uid in known and known[uid].kind != "test"}


@dataclass
class _Build:
    """One pass over the nodes: contents known so far, and whatever went wrong."""

    connection: duckdb.DuckDBPyConnection
    known: Mapping[str, Node]
    select: Collection[str]
    settings: Settings
    contents: dict[str, str] = field(default_factory=dict)
    given: dict[str, Given] = field(default_factory=dict)
    """Of nodes that show delivered rows as they are, sources and views: what their files hold."""
    passes: list[tuple[str, str, str, float]] = field(default_factory=list)
    """Records of tests that passed in this build."""
    failed: set[str] = field(default_factory=set)
    """Nodes that were not made, be it because what they read was not."""
    doubted: set[str] = field(default_factory=set)
    """Nodes of which a test failed: other tests still look at them, but nothing is built on them."""

    def __post_init__(self) -> None:
        rows = self.connection.execute("select unique_id, key, content, seconds from build_record.made").fetchall()
        self.recorded = {uid: (key, content, seconds) for uid, key, content, seconds in rows}
        kinds = self.connection.execute(
            "select schema_name, table_name, 'table' from duckdb_tables() where database_name = 'build' union all "
            "select schema_name, view_name, 'view' from duckdb_views() where database_name = 'build'"
        ).fetchall()
        self.present = {f'"{schema}"."{name}"': kind for schema, name, kind in kinds}
        self.run = self._run_parameters()

    def take(self, node: Node) -> Outcome | None:
        """Bring one node up to date; None for a source and for what was not selected."""
        if node.kind == "source":
            self._note_source(node)
            return None
        if self.select and node.name not in self.select:
            self._note_unselected(node)
            return None
        if self.failed & {*node.parents} or (node.kind != "test" and self.doubted & {*node.parents}):
            self.failed.add(node.unique_id)
            return Outcome(node.unique_id, node.kind, "skipped", "", 0.0)
        key = self._key(node)
        word = "pass" if node.kind == "test" else "success"
        if key and self._is_on_record(node, key):
            _, content, seconds = self.recorded[node.unique_id]
            self._note(node, content)
            return Outcome(node.unique_id, node.kind, word, "", seconds, reused=True)
        started = time.monotonic()
        try:
            message = self._ask(node, key) if node.kind == "test" else self._make(node, key)
        except duckdb.Error as error:
            self.failed.add(node.unique_id)
            lines = " ".join(str(error).split())
            return Outcome(node.unique_id, node.kind, "error", lines, time.monotonic() - started)
        if message:
            self.failed.add(node.unique_id)
            self.doubted |= {*node.parents} if node.kind == "test" else set()
            word = "fail" if node.kind == "test" else "error"
        return Outcome(node.unique_id, node.kind, word, message, time.monotonic() - started)

    def _is_on_record(self, node: Node, key: str) -> bool:
        is_there = node.kind == "test" or node.relation in self.present
        return is_there and node.unique_id in self.recorded and self.recorded[node.unique_id][0] == key

    def _ask(self, node: Node, key: str) -> str:
        """Run a test; what is wrong, or nothing where it passes."""
        started = time.monotonic()
        ((failures,),) = self.connection.execute(f"select count(*) from (\n{node.statement}\n)").fetchall()
        if failures:
            return f"Got {failures} result{'s' * (failures != 1)}, configured to fail if != 0"
        self.passes.append((node.unique_id, key, "", time.monotonic() - started))
        return ""

    def record_passes(self) -> None:
        """Put the tests that passed on record together: one write, and a build cut short asks them again."""
        if self.passes:
            columns = ("unique_id", "key", "content", "seconds")
            passes = pl.DataFrame(self.passes, schema=columns, orient="row")
            self.connection.register("passes", passes.to_arrow())
            self.connection.execute("insert or replace into build_record.made select * from passes")
            self.connection.unregister("passes")

    def _make(self, node: Node, key: str) -> str:
        """Make a table or view and put it on record, in one transaction; what is wrong, or nothing."""
        started = time.monotonic()
        self.connection.execute("begin")
        try:
            if message := self._create(node):
                self.connection.execute("rollback")
                return message
            content = content_of(self.connection, node.relation) if self._has_content(node) else key
            self._record(node, key, content, time.monotonic() - started)
            self.connection.execute("commit")
        except BaseException:
            self.connection.execute("rollback")
            raise
        self._note(node, content)
        return ""

    def _create(self, node: Node) -> str:
        wanted = "view" if node.materialized == "view" else "table"
        present = self.present.get(node.relation, wanted)
        if present != wanted:
            self.connection.execute(f"drop {present} {node.relation}")
        self.connection.execute(f'create schema if not exists "{node.schema}"')
        statement = f"(\n{node.statement}\n)"
        if node.kind == "seed":
            statement = f"(select * from read_parquet('{_quoted(seed_file(node.name))}'))"
        if not node.contract:
            self.connection.execute(f"create or replace {wanted} {node.relation} as {statement}")
            return ""
        columns = [f'"{one.name}" {one.data_type}{" not null" if one.is_required else ""}' for one in node.contract]
        self.connection.execute(f"create or replace table {node.relation} ({', '.join(columns)})")
        if message := self._differs_from_contract(node):
            return message
        names = ", ".join(f'"{one.name}"' for one in node.contract)
        self.connection.execute(f"insert into {node.relation} ({names}) select {names} from {statement}")
        return ""

    def _differs_from_contract(self, node: Node) -> str:
        promised = _columns(self.connection, node.relation)
        made = _columns(self.connection, f"(\n{node.statement}\n)")
        wrong = [
            f"{name} is {made.get(name, 'missing')}, promised {promised.get(name, 'nowhere')}"
            for name in sorted(promised.keys() | made.keys())
            if promised.get(name) != made.get(name)
        ]
        return f"This model has an enforced contract that failed: {'; '.join(wrong)}" if wrong else ""

    def _record(self, node: Node, key: str, content: str, seconds: float) -> None:
        self.connection.execute(
            "insert or replace into build_record.made values (?, ?, ?, ?)", [node.unique_id, key, content, seconds]
        )

    def _key(self, node: Node) -> str:
        """Empty where something it reads has no known content: it is run then, whatever was before."""
        if node.kind == "seed":
            return digest(duckdb.__version__, sha256(seed_file(node.name)))
        parts = []
        for parent in node.parents:
            if self.known[parent].name == RUN_PARAMETERS and self.run:
                given = self._given_to(node)
                parts += dates_read(node.statement, self.run, given.latest, is_dated=given.is_dated)
            elif content := self.contents.get(parent):
                parts.append(f"{parent}={content}")
            else:
                return ""
        promised = repr([(one.name, one.data_type, one.is_required) for one in node.contract])
        return digest(duckdb.__version__, node.materialized, node.relation, node.statement, promised, *parts)

    def _given_to(self, node: Node) -> Given:
        """The delivered rows that a node reads, directly or through views, as one; dated when all of them are."""
        read = [self.given[parent] for parent in node.parents if parent in self.given]
        days = [one.latest for one in read if one.latest]
        return Given("", max(days, default=None), is_dated=bool(read) and all(one.is_dated for one in read))

    def _has_content(self, node: Node) -> bool:
        """Whether rows are looked at: a view over deliveries is as large as they are, and is known by its key."""
        return node.materialized != "view" or node.unique_id not in self.given

    def _note(self, node: Node, content: str) -> None:
        self.contents[node.unique_id] = content
        if node.kind == "model" and node.materialized == "view" and any(one in self.given for one in node.parents):
            self.given[node.unique_id] = self._given_to(node)

    def _note_unselected(self, node: Node) -> None:
        if node.kind != "test" and node.unique_id in self.recorded:
            self._note(node, self.recorded[node.unique_id][1])

    def _note_source(self, node: Node) -> None:
        folder = {
            "bronze": self.settings.warehouse.bronze,
            "quarantine": self.settings.warehouse.quarantine,
            "inputs": self.settings.warehouse.inputs,
        }[node.schema]
        given = files_given(self.connection, node.relation, folder.glob(f"{node.name}{node.files}"))
        self.contents[node.unique_id] = given.content
        if node.schema != "inputs":
            self.given[node.unique_id] = given

    def _run_parameters(self) -> dict[str, Any]:
        cursor = self.connection.execute("select * from inputs.run_parameters")
        names = [column[0] for column in cursor.description or []]
        rows = cursor.fetchall()
        return dict(zip(names, rows[0], strict=True)) if len(rows) == 1 else {}


def _keep(file: Path, outcomes: Sequence[Outcome], known: Mapping[str, Node]) -> None:
    told = [
        {"name": known[one.unique_id].name, **asdict(one)}
        | ({} if one.passed or one.status == "skipped" else {"statement": known[one.unique_id].statement})
        for one in outcomes
    ]
    file.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")


def _columns(connection: duckdb.DuckDBPyConnection, relation: str) -> dict[str, str]:
    return {name: kind for name, kind, *_ in connection.execute(f"describe select * from {relation}").fetchall()}


@contextmanager
def _opened(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """The build's database with the delivered files open in it; its catalog has the name the statements use."""
    warehouse = settings.warehouse
    warehouse.build.mkdir(parents=True, exist_ok=True)
    folders = dict(zip(PLACES, (warehouse.bronze, warehouse.inputs, warehouse.quarantine), strict=True))
    opening = opening_statement()
    for place, folder in folders.items():
        opening = opening.replace(f"<{place}>", _quoted(folder))
    with duckdb.connect(config={"preserve_insertion_order": "false"}) as connection:
        if settings.threads:
            connection.execute(f"set threads = {settings.threads}")
        database = _quoted(warehouse.build_database)
        storage = "" if warehouse.build_database.exists() else f" (storage_version '{_STORAGE}')"
        connection.execute(f"attach '{database}' as build{storage}")
        connection.execute("use build")
        connection.execute(_RECORD)
        connection.execute(opening)
        yield connection


def _remove_others(connection: duckdb.DuckDBPyConnection, known: Mapping[str, Node]) -> None:
    """Remove tables and views that no node of the project makes, so that nothing of another version is published."""
    ours = {node.relation for node in known.values()}
    found = connection.execute(
        "select schema_name, table_name, 'table' from duckdb_tables() "
        "where database_name = 'build' and schema_name != 'build_record' union all "
        "select schema_name, view_name, 'view' from duckdb_views() where database_name = 'build' and not internal"
    ).fetchall()
    for schema, name, kind in found:
        if f'"{schema}"."{name}"' not in ours:
            connection.execute(f'drop {kind} "{schema}"."{name}"')


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
