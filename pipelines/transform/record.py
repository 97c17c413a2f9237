"""What a build says of itself, beside its tables: of every node what made it and what it made.

Kept in the build's database, so that a table and what is said of it appear in one transaction. Nothing is decided here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import duckdb

_TABLES = """
create schema if not exists build_record;
create table if not exists build_record.made (
  unique_id varchar primary key, key varchar not null, content varchar not null, seconds double not null
);
create table if not exists build_record.partition (
  unique_id varchar not null, value varchar not null, key varchar not null, content varchar not null
);
"""
_ROWS = "select unnest(?), unnest(?), unnest(?), unnest(?)"  # from four columns: one statement for any number of rows


class Partition(NamedTuple):
    """The rows of a node with one value of its partition column: what made them and what they are; empty: unknown."""

    key: str
    content: str


@dataclass(frozen=True)
class Made:
    """A node that was made, or a test that passed: its key, the content of what it made, and how long it took."""

    key: str
    content: str
    seconds: float
    partitions: Mapping[str, Partition] = field(default_factory=dict)


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Give a build its record, empty where it has none."""
    connection.execute(_TABLES)


def read(connection: duckdb.DuckDBPyConnection) -> dict[str, Made]:
    """What is on record, by unique id; nothing in a build that was made by other means."""
    found = connection.execute("select table_name from duckdb_tables() where schema_name = 'build_record'").fetchall()
    if {name for (name,) in found} != {"made", "partition"}:
        return {}
    partitions: dict[str, dict[str, Partition]] = {}
    for uid, value, *rest in connection.execute("from build_record.partition").fetchall():
        partitions.setdefault(uid, {})[value] = Partition(*rest)
    made = connection.execute("select unique_id, key, content, seconds from build_record.made").fetchall()
    return {uid: Made(key, content, seconds, partitions.get(uid, {})) for uid, key, content, seconds in made}


def write(connection: duckdb.DuckDBPyConnection, made: Mapping[str, Made]) -> None:
    """Put nodes on record, in the transaction that is open or in one of their own."""
    if not made:
        return
    nodes = [(uid, one.key, one.content, one.seconds) for uid, one in made.items()]
    connection.execute(f"insert or replace into build_record.made {_ROWS}", _columns(nodes))
    connection.execute("delete from build_record.partition where unique_id in (select unnest(?))", [[*made]])
    if partitions := [(uid, value, *part) for uid, one in made.items() for value, part in one.partitions.items()]:
        connection.execute(f"insert into build_record.partition {_ROWS}", _columns(partitions))


def _columns(rows: Iterable[tuple[str | float, ...]]) -> list[list[str | float]]:
    return [list(column) for column in zip(*rows, strict=True)]
