"""Runs the compiled project in one database connection, and of it only what has to be run.

Each node stands in the build with the key and the content of what it made, written in the same transaction as its
table: a build cut short at any moment says of every table what it is. A node whose key is on record is not run again;
a test whose pass is on record has passed on this very content. Failures are never on record.

Where a node is partitioned, the same holds for the rows with each value of its partition column.
"""

import json
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import duckdb

from pipelines.files import sha256
from pipelines.settings import Settings
from pipelines.sql_text import listed, literal, quoted
from pipelines.transform import record
from pipelines.transform.keys import Given, content_of, contents_by_value, dates_read, digest, files_given
from pipelines.transform.nodes import Node, Outcome, nodes, opening_statement
from pipelines.transform.project import PLACES, seed_file
from pipelines.transform.record import Made, Partition

RUN_PARAMETERS = "stg_plan__run_parameters"
"""One row with the days and identity of a run, which differ between any two runs: read parameter by parameter."""
OUTCOMES = "outcomes.json"
"""Beside the build's database: what became of every node, and of those that failed the statement."""
_STORAGE = "v1.4.0"
FEW = 0.5
"""Up to this share of its values a partitioned table is changed in place; beyond it is made anew."""


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


def contents(database: Path) -> dict[str, Made]:
    """What is on record of each seed and model of a build, by name; nothing of one that was made by other means.

    Of its partitions nothing, where sorted rows would not lie together by them.
    """
    known = {uid: node for uid, node in nodes().items() if node.kind != "test"}
    with duckdb.connect(str(database), read_only=True) as connection:
        recorded = record.read(connection)
    return {known[uid].name: _told(known[uid], made) for uid, made in recorded.items() if uid in known}


def _told(node: Node, made: Made) -> Made:
    partitions = made.partitions.items() if node.lies_by_partition else ()
    return replace(made, partitions={value: one for value, one in partitions if one.content})


def narrowed(
    connection: duckdb.DuckDBPyConnection, node: Node, parents: Iterable[Node], values: Collection[str]
) -> str:
    """The statement of a node over those rows of these parents that have these values: views for the connection."""
    statement = node.statement
    for parent in parents:
        connection.execute(
            f'create or replace temp view "{parent.name}" as '
            f"select * from {parent.relation} where {node.partition_by} in ({listed(values)})"
        )
        statement = statement.replace(f'"build".{parent.relation}', f'"temp"."main"."{parent.name}"')
    return statement


def is_worn(connection: duckdb.DuckDBPyConnection, relation: str) -> bool:
    """Whether a third of a table are rows that were removed and still take room: time to make it anew."""
    ((rows, last),) = connection.execute(f"select count(*), max(rowid) from {relation}").fetchall()
    return not rows or bool(last + 1 > 1.5 * rows)


@dataclass(frozen=True)
class _Key:
    """What identifies a node before it runs, empty where that is not known; of a partition-wise one also by value."""

    text: str
    by_value: Mapping[str, str] = field(default_factory=dict)


@dataclass
class _Build:
    """One pass over the nodes: contents known so far, and whatever went wrong."""

    connection: duckdb.DuckDBPyConnection
    known: Mapping[str, Node]
    select: Collection[str]
    settings: Settings
    contents: dict[str, str] = field(default_factory=dict)
    partitions: dict[str, Mapping[str, Partition]] = field(default_factory=dict)
    """Of partitioned nodes: the same by value."""
    given: dict[str, Given] = field(default_factory=dict)
    """Of nodes that show delivered rows as they are, sources and views: what their files hold."""
    passes: dict[str, Made] = field(default_factory=dict)
    """Tests that passed in this build."""
    failed: set[str] = field(default_factory=set)
    """Nodes that were not made, be it because what they read was not."""
    doubted: set[str] = field(default_factory=set)
    """Nodes of which a test failed: other tests still look at them, but nothing is built on them."""

    def __post_init__(self) -> None:
        self.recorded = record.read(self.connection)
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
        if key.text and self._is_on_record(node, key.text):
            made = self.recorded[node.unique_id]
            self._note(node, made)
            return Outcome(node.unique_id, node.kind, word, "", made.seconds, reused=True)
        started = time.monotonic()
        values = self._changed(node, key)
        try:
            message = self._ask(node, key, values) if node.kind == "test" else self._make(node, key, values)
        except duckdb.Error as error:
            self.failed.add(node.unique_id)
            lines = " ".join(str(error).split())
            return Outcome(node.unique_id, node.kind, "error", lines, time.monotonic() - started)
        if message:
            self.failed.add(node.unique_id)
            self.doubted |= {*node.parents} if node.kind == "test" else set()
            word = "fail" if node.kind == "test" else "error"
        part = f"{len(values)} of {len(key.by_value)} values of {node.partition_by}" if values else ""
        return Outcome(node.unique_id, node.kind, word, message, time.monotonic() - started, partitions=part)

    def _is_on_record(self, node: Node, key: str) -> bool:
        is_there = node.kind == "test" or node.relation in self.present
        return is_there and node.unique_id in self.recorded and self.recorded[node.unique_id].key == key

    def _changed(self, node: Node, key: _Key) -> list[str] | None:
        """The values whose rows are to be made or asked again; None where that is all there is."""
        before = self.recorded[node.unique_id].partitions if node.unique_id in self.recorded else {}
        if not (before and key.by_value) or node.materialized == "view":
            return None
        gone = [value for value in before if value not in key.by_value]
        changed = [value for value, one in key.by_value.items() if value not in before or before[value].key != one]
        if len(changed) > FEW * len(key.by_value) or not (node.kind == "test" or self._is_worth(node, changed)):
            return None
        return [*changed, *gone]

    def _is_worth(self, node: Node, changed: Sequence[str]) -> bool:
        """Whether a table is there, is not worn, and keeps most of its rows when those of these values are replaced."""
        if node.relation not in self.present or is_worn(self.connection, node.relation):
            return False
        replaced = f"count(*) filter (where {node.partition_by} in ({listed(changed)}))"
        ((rows, some),) = self.connection.execute(f"select count(*), {replaced} from {node.relation}").fetchall()
        return bool(some <= FEW * rows)

    def _ask(self, node: Node, key: _Key, values: Sequence[str] | None) -> str:
        """Run a test; what is wrong, or nothing where it passes."""
        started = time.monotonic()
        statement = self._statement(node, values)
        ((failures,),) = self.connection.execute(f"select count(*) from (\n{statement}\n)").fetchall()
        if failures:
            return f"Got {failures} result{'s' * (failures != 1)}, configured to fail if != 0"
        partitions = {value: Partition(one, "") for value, one in key.by_value.items()}
        self.passes[node.unique_id] = Made(key.text, "", time.monotonic() - started, partitions)
        return ""

    def record_passes(self) -> None:
        """Put the tests that passed on record together: one write, and a build cut short asks them again."""
        record.write(self.connection, self.passes)

    def _make(self, node: Node, key: _Key, values: Sequence[str] | None) -> str:
        """Make a table or view and put it on record, in one transaction; what is wrong, or nothing."""
        started = time.monotonic()
        self.connection.execute("begin")
        try:
            if message := self._create(node) if values is None else self._replace(node, values):
                self.connection.execute("rollback")
                return message
            content, partitions = self._content(node, key, values)
            made = Made(key.text, content, time.monotonic() - started, partitions)
            record.write(self.connection, {node.unique_id: made})
            self.connection.execute("commit")
        except BaseException:
            self.connection.execute("rollback")
            raise
        self._note(node, made)
        return ""

    def _content(self, node: Node, key: _Key, values: Sequence[str] | None) -> tuple[str, dict[str, Partition]]:
        """What a node that was just made holds: as a whole, and for each value of its partition column."""
        is_view = node.materialized == "view"
        if is_view and key.by_value:
            return key.text, {value: Partition(one, one) for value, one in key.by_value.items()}
        if self._shows_deliveries(node):
            return key.text, {}  # as large as the deliveries it shows, whose content is known
        if not node.partition_by:
            return content_of(self.connection, node.relation), {}
        found: dict[str | None, str] = contents_by_value(self.connection, node.relation, node.partition_by, values)
        if values is not None:
            kept = self.recorded[node.unique_id].partitions
            found |= {value: one.content for value, one in kept.items() if value not in values}
        content = digest(repr(sorted((item for item in found.items() if item[1]), key=repr)))
        if None in found:  # a row without a value belongs to no partition: those who read it read it whole
            return content, {}
        held = {value: one for value, one in found.items() if value is not None}
        values_known = dict.fromkeys(key.by_value, "") | held  # that a value has no rows is known too
        return content, {value: Partition(key.by_value.get(value, ""), one) for value, one in values_known.items()}

    def _replace(self, node: Node, values: Sequence[str]) -> str:
        """Make the rows with these values of the partition column again; what is wrong, or nothing."""
        statement = f"(\n{self._statement(node, values)}\n)"
        if node.contract and (message := self._differs_from_contract(node, statement)):
            return message
        chosen = f"{node.partition_by} in ({listed(values)})"
        self.connection.execute(f"delete from {node.relation} where {chosen}")
        # What it reads whole may make rows of other values too, and these are there.
        self.connection.execute(f"insert into {node.relation} by name select * from {statement} where {chosen}")
        return ""

    def _parents_by_partition(self, node: Node) -> list[Node]:
        """Those it reads partition by partition: what they hold is known that way."""
        parents = [self.known[uid] for uid in node.parents if node.is_partition_wise and uid in self.partitions]
        return [parent for parent in parents if parent.partition_by == node.partition_by]

    def _statement(self, node: Node, values: Sequence[str] | None) -> str:
        """What makes or asks the rows with these values; without any the whole node, but of one that tells what differs
        without what is known to be the same."""
        if values is None and node.tells_difference:
            values = self._differing(node)
        if values is None:
            return node.statement
        return narrowed(self.connection, node, self._parents_by_partition(node), values)

    def _differing(self, node: Node) -> list[str] | None:
        """The values for which two parents do not hold the same; None where that cannot be told: contents of rows with
        other columns say nothing of each other."""
        parents = self._parents_by_partition(node)
        columns = {tuple(_columns(self.connection, parent.relation).items()) for parent in parents}
        if len(parents) != 2 or len(columns) != 1:
            return None
        one, other = (
            {(value, part.content) for value, part in self.partitions[parent.unique_id].items()} for parent in parents
        )
        return sorted({value for value, _ in one ^ other})

    def _create(self, node: Node) -> str:
        wanted = "view" if node.materialized == "view" else "table"
        present = self.present.get(node.relation, wanted)
        if present != wanted:
            self.connection.execute(f"drop {present} {node.relation}")
        self.connection.execute(f'create schema if not exists "{node.schema}"')
        statement = f"(\n{self._statement(node, None)}\n)"
        if node.kind == "seed":
            statement = f"(select * from read_parquet({literal(seed_file(node.name))}))"
        if not node.contract:
            self.connection.execute(f"create or replace {wanted} {node.relation} as {statement}")
            return ""
        columns = [f'"{one.name}" {one.data_type}{" not null" if one.is_required else ""}' for one in node.contract]
        self.connection.execute(f"create or replace table {node.relation} ({', '.join(columns)})")
        if message := self._differs_from_contract(node, statement):
            return message
        names = ", ".join(f'"{one.name}"' for one in node.contract)
        self.connection.execute(f"insert into {node.relation} ({names}) select {names} from {statement}")
        return ""

    def _differs_from_contract(self, node: Node, statement: str) -> str:
        promised = _columns(self.connection, node.relation)
        made = _columns(self.connection, statement)
        wrong = [
            f"{name} is {made.get(name, 'missing')}, promised {promised.get(name, 'nowhere')}"
            for name in sorted(promised.keys() | made.keys())
            if promised.get(name) != made.get(name)
        ]
        return f"This model has an enforced contract that failed: {'; '.join(wrong)}" if wrong else ""

    def _key(self, node: Node) -> _Key:
        """Empty where something it reads has no known content: it is run then, whatever was before."""
        if node.kind == "seed":
            return _Key(digest(duckdb.__version__, sha256(seed_file(node.name))))
        partitioned = {
            parent.unique_id: self.partitions[parent.unique_id] for parent in self._parents_by_partition(node)
        }
        parts = []
        for parent in node.parents:
            if self.known[parent].name == RUN_PARAMETERS and self.run:
                given = self._given_to(node)
                parts += dates_read(node.statement, self.run, given.latest, is_dated=given.is_dated)
            elif parent in partitioned:
                continue
            elif content := self.contents.get(parent):
                parts.append(f"{parent}={content}")
            else:
                return _Key("")
        promised = repr([(one.name, one.data_type, one.is_required) for one in node.contract])
        how = (
            node.materialized,
            node.relation,
            node.partition_by,
            str(node.is_partition_wise),
            str(node.tells_difference),
        )
        base = digest(duckdb.__version__, *how, node.statement, promised, *parts)
        by_value = {
            value: digest(base, *(one[value].content if value in one else "" for one in partitioned.values()))
            for value in sorted({value for one in partitioned.values() for value in one})
        }
        return _Key(digest(base, repr(by_value)) if partitioned else base, by_value)

    def _given_to(self, node: Node) -> Given:
        """The delivered rows that a node reads, directly or through views, as one; dated when all of them are."""
        read = [self.given[parent] for parent in node.parents if parent in self.given]
        days = [one.latest for one in read if one.latest]
        return Given("", max(days, default=None), is_dated=bool(read) and all(one.is_dated for one in read))

    def _note(self, node: Node, made: Made) -> None:
        self.contents[node.unique_id] = made.content
        if node.partition_by and made.partitions:
            self.partitions[node.unique_id] = made.partitions
        if self._shows_deliveries(node):
            self.given[node.unique_id] = self._given_to(node)

    def _shows_deliveries(self, node: Node) -> bool:
        """Whether it is a view of delivered rows as they are."""
        return node.materialized == "view" and any(parent in self.given for parent in node.parents)

    def _note_unselected(self, node: Node) -> None:
        if node.kind != "test" and node.unique_id in self.recorded:
            self._note(node, self.recorded[node.unique_id])

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
        opening = opening.replace(f"<{place}>", quoted(folder))
    with duckdb.connect(config={"preserve_insertion_order": "false"}) as connection:
        if settings.threads:
            connection.execute(f"set threads = {settings.threads}")
        database = quoted(warehouse.build_database)
        storage = "" if warehouse.build_database.exists() else f" (storage_version '{_STORAGE}')"
        connection.execute(f"attach '{database}' as build{storage}")
        connection.execute("use build")
        record.prepare(connection)
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
