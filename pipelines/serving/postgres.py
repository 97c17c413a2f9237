"""A release's tables in PostgreSQL, for BI tools that many people use at once: replaced whole, in one transaction.

The tables are loaded beside those in use, with comments, indexes and the reader's rights, and take their place by
renaming the schema. A reader sees the old release or the new one, in every statement; nobody is asked to reconnect.
"""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import duckdb

from pipelines.errors import ConfigError
from pipelines.release.database import comments, marts_documentation

READER = "ip_plan_reader"
"""The role that may read and nothing else. It cannot log in: people's own logins are made members of it."""

BATCH_ROWS = 100_000
_LOCK_SECONDS = 60
_RETRY_SECONDS = 0.05
_PLAIN_NAME = re.compile(r"[a-z_][a-z0-9_]{0,50}")
_BUSY = "55P03"
"""SQLSTATE lock_not_available."""


@dataclass(frozen=True)
class Served:
    """What lies in PostgreSQL now: the release, its rows by table, and whether this call put it there."""

    release_id: str
    schema: str
    tables: dict[str, int]
    is_new: bool


def publish(marts: Path, uri: str, *, schema: str = "marts", reader: str = READER, force: bool = False) -> Served:
    """Put every table of a published `marts.duckdb` into a schema of a PostgreSQL database.

    The release that lies there already is left alone unless `force`. A run that is interrupted leaves the tables in use
    as they were, and the next one clears what it left. Raises ConfigError for names that are not plain, when the
    database cannot be reached or refuses, and when others' views rest on tables that would be replaced.
    """
    for name in (schema, reader):
        if not _PLAIN_NAME.fullmatch(name):
            raise ConfigError(f"{name!r} cannot name a schema or role; use small letters, digits and underscores")
    with duckdb.connect(str(marts), read_only=True) as source, _connected(uri) as target:
        ((release,),) = source.execute("select release_id from release").fetchall()
        served = _served_release(target, schema)
        if served == release and not force:
            return Served(release, schema, _row_counts(source), is_new=False)
        incoming = f"{schema}_incoming"
        _run(target, f"drop schema if exists {incoming} cascade", f"create schema {incoming}")
        target.commit()
        tables = {name: _load(source, target, name, incoming) for name in _tables(source)}
        _run(target, *comments(incoming, tables))
        _index(target, incoming, set(tables))
        _allow(target, incoming, reader)
        _run(target, f"comment on schema {incoming} is 'IP plan marts, release {release}'")
        target.commit()
        _swap(target, schema, incoming)
        return Served(release, schema, tables, is_new=True)


@contextmanager
def _connected(uri: str) -> Iterator[Any]:
    """A connection; what the database says against something becomes one line, without the password."""
    import adbc_driver_postgresql.dbapi as postgres  # 0.2 s that only this verb should pay

    try:
        with postgres.connect(uri) as connection:
            yield connection
    except postgres.Error as error:
        raise ConfigError(f"PostgreSQL refused: {_one_line(str(error), uri)}; see docs/bi/postgresql.md") from error


def _one_line(text: str, uri: str) -> str:
    password = urlsplit(uri).password
    text = " ".join(text.split())
    return (
        text.replace(uri, "the given URI").replace(password, "***") if password else text.replace(uri, "the given URI")
    )


def _run(connection: Any, *statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _rows(connection: Any, query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def _tables(source: duckdb.DuckDBPyConnection) -> list[str]:
    return [name for (name,) in source.execute("select table_name from duckdb_tables() order by 1").fetchall()]


def _row_counts(source: duckdb.DuckDBPyConnection) -> dict[str, int]:
    return {name: source.execute(f"select count(*) from {name}").fetchall()[0][0] for name in _tables(source)}


def _served_release(target: Any, schema: str) -> str | None:
    if _rows(target, f"select to_regclass('{schema}.release') is null") == [(True,)]:
        return None
    return next((str(release) for (release,) in _rows(target, f"select release_id from {schema}.release")), None)


def _load(source: duckdb.DuckDBPyConnection, target: Any, table: str, schema: str) -> int:
    """Copy a table by Arrow batches; returns its rows."""
    batches = source.sql(f"select * from {table}").to_arrow_reader(BATCH_ROWS)
    with target.cursor() as cursor:
        cursor.adbc_ingest(table, batches, mode="create", db_schema_name=schema)
    target.commit()
    ((rows,),) = _rows(target, f"select count(*) from {schema}.{table}")
    return int(rows)


def _index(target: Any, schema: str, tables: set[str]) -> None:
    """An index on each table's key, which BI tools filter by; planner statistics for all."""
    for model in marts_documentation():
        if model["name"] in tables and (key := _key(model)):
            _run(target, f"create index on {schema}.{model['name']} ({', '.join(key)})")
    _run(target, *(f"analyze {schema}.{name}" for name in sorted(tables)))


def _key(model: dict[str, Any]) -> list[str]:
    """The columns that a test says are unique together."""
    for test in model.get("data_tests", []):
        if isinstance(test, dict) and "unique_combination" in test:
            return list(test["unique_combination"]["arguments"]["columns"])
    return []


def _allow(target: Any, schema: str, reader: str) -> None:
    if not _rows(target, f"select 1 from pg_roles where rolname = '{reader}'"):
        _run(target, f"create role {reader} nologin")
    _run(
        target,
        f"grant usage on schema {schema} to {reader}",
        f"grant select on all tables in schema {schema} to {reader}",
    )


def _swap(target: Any, schema: str, incoming: str) -> None:
    """One transaction: all tables in use locked at once, the schemas renamed, the old one dropped.

    The locks are never waited for: a statement that has opened one old table and waits for another would otherwise
    read one table of each release, or be cancelled as a deadlock. Who comes while they are held waits for the new ones.
    """
    outgoing = f"{schema}_outgoing"
    if not _rows(target, f"select 1 from pg_namespace where nspname = '{schema}'"):
        _run(target, f"alter schema {incoming} rename to {schema}")
        target.commit()
        return
    _require_nothing_of_others(target, schema)
    _lock_all(target, schema)
    _run(
        target,
        f"alter schema {schema} rename to {outgoing}",
        f"alter schema {incoming} rename to {schema}",
        f"drop schema {outgoing} cascade",
    )
    target.commit()


def _lock_all(target: Any, schema: str) -> None:
    import adbc_driver_postgresql.dbapi as postgres

    names = _rows(target, f"select quote_ident(tablename) from pg_tables where schemaname = '{schema}' order by 1")
    tables = ", ".join(f"{schema}.{name}" for (name,) in names)
    target.commit()
    if not tables:
        return
    deadline = time.monotonic() + _LOCK_SECONDS
    while True:
        try:
            _run(target, f"lock table {tables} in access exclusive mode nowait")
            return
        except postgres.Error as error:
            target.rollback()
            if getattr(error, "sqlstate", None) != _BUSY:
                raise
            if time.monotonic() > deadline:
                raise ConfigError(
                    f"the tables of {schema} were being read without a pause for {_LOCK_SECONDS} s; "
                    "the release before stays, publish again when fewer queries run"
                ) from error
            time.sleep(_RETRY_SECONDS)


def _require_nothing_of_others(target: Any, schema: str) -> None:
    """Raises ConfigError when views rest on tables that will be replaced, wherever they lie."""
    found = _rows(
        target,
        f"""
        select distinct v.oid::regclass::text
        from pg_depend as d
        join pg_rewrite as w on w.oid = d.objid and d.classid = 'pg_rewrite'::regclass
        join pg_class as v on v.oid = w.ev_class
        join pg_class as t on t.oid = d.refobjid and d.refclassid = 'pg_class'::regclass
        join pg_namespace as n on n.oid = t.relnamespace
        where n.nspname = '{schema}' and v.oid <> t.oid
        order by 1
        """,
    )
    if found:
        views = ", ".join(name for (name,) in found)
        raise ConfigError(
            f"views rest on tables of {schema} and would be lost: {views}; drop them, publish, and create them again"
        )
