"""What identifies the result of a statement: its key before it runs, the content of what it made afterwards.

A key is the statement and the contents of what it reads; equal key, equal result. A content is an order-free hash of
rows and columns; where it stays the same, nothing behind it has to run. Nothing is decided here.
"""

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from pipelines.files import sha256

Dates = Mapping[str, Any]
_KNOWLEDGE_DAYS = ("known_at", "population_known_at")


@dataclass(frozen=True)
class Given:
    """What a source's files hold: their content, and the last delivery day among their rows where rows have one."""

    content: str
    latest: date | None = None
    is_dated: bool = False


def digest(*parts: str) -> str:
    """32 hex digits over texts in this order."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def files_given(connection: duckdb.DuckDBPyConnection, relation: str, files: Iterable[Path]) -> Given:
    """Content and last delivery day of Parquet files that `relation` shows."""
    content = digest(*(f"{file.name}:{sha256(file)}" for file in sorted(files)))
    columns = [name for name, *_ in connection.execute(f"describe {relation}").fetchall()]
    if "delivered_on" not in columns:
        return Given(content)
    ((latest,),) = connection.execute(f"select max(delivered_on) from {relation}").fetchall()
    return Given(content, latest, is_dated=True)


def content_of(connection: duckdb.DuckDBPyConnection, relation: str) -> str:
    """Hash over the columns, their types and the rows of a relation, in whatever order these lie.

    Rows are added up by two hashes of 64 bits, so that a change that leaves one sum alone moves the other.
    """
    columns, sums = _sums(connection, relation)
    rows = connection.execute(f"select {sums} from {relation}").fetchall()
    return digest(duckdb.__version__, columns, repr(rows))


def contents_by_value(
    connection: duckdb.DuckDBPyConnection, relation: str, by: str, only: Collection[str] | None = None
) -> dict[str | None, str]:
    """The same hash over the rows with each value of a text column or expression, or with `only` these values."""
    columns, sums = _sums(connection, relation)
    chosen = "" if only is None else f"where {by} in (select unnest($only))"
    rows = connection.execute(
        f"select {by}, {sums} from {relation} {chosen} group by {by}",
        None if only is None else {"only": [*only]},
    ).fetchall()
    return {value: digest(duckdb.__version__, columns, repr(summed)) for value, *summed in rows}


def _sums(connection: duckdb.DuckDBPyConnection, relation: str) -> tuple[str, str]:
    """The columns of a relation as text, and the SQL of what adds up its rows."""
    columns = [(name, kind) for name, kind, *_ in connection.execute(f"describe {relation}").fetchall()]
    names = [f'"{name}"' for name, _ in columns]
    first, second = f"hash({', '.join(names)})", f"hash({', '.join(['1', *reversed(names)])})"
    return repr(columns), f"count(*), sum({first}::hugeint), sum({second}::hugeint)"


def dates_read(statement: str, run: Dates, latest: date | None, *, is_dated: bool) -> list[str]:
    """Those of the run's parameters that a statement names, as text.

    A knowledge day is no later than the last delivery among the rows it is held against (`latest`, where all of them
    are dated): what lies between the two says nothing about these rows.
    """
    names = sorted(run) if re.search(r"\brun\s*\.\s*\*", statement) else _named(statement, tuple(sorted(run)))
    read = []
    for name in names:
        value = run[name]
        if name in _KNOWLEDGE_DAYS and is_dated:
            value = None if latest is None else min(value, latest)
        read.append(f"{name}={value}")
    return read


@cache
def _named(statement: str, names: tuple[str, ...]) -> list[str]:
    words = set(re.findall(r"[a-z_]+", statement))
    return [name for name in names if name in words]
