"""The published tables: each mart as Parquet, and one DuckDB file of them all with comments and `evidence`.

In the file the tables lie in the default schema: opened as `marts.duckdb` its catalog is called marts, so that
`marts.fct_indicator_value` finds them, which a schema of the same name would make ambiguous.
"""

import shutil
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import yaml

from pipelines.release.taken_over import MARTS, Earlier
from pipelines.settings import DBT_PROJECT
from pipelines.sql_text import literal, quoted
from pipelines.transform import is_worn

STORAGE = "v1.4.0"  # readable by the DuckDB versions BI drivers still bring along
_GATES_PASSED = {
    "name": "gates_passed",
    "data_type": "bigint",
    "description": "通过门禁数 · Checks that passed on this build before it was published; all of them had to.",
}
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The same loader in C, where PyYAML was built with it: seconds less over all marts."""
EVIDENCE = DBT_PROJECT / "published_macros.sql"


def export(build: Path, folder: Path, *, release: Mapping[str, Any], earlier: Earlier | None = None) -> dict[str, int]:
    """Write `parquet/<table>.parquet` and `marts.duckdb` from the build's `marts` schema; returns rows per table.

    Rows are sorted by all columns, so that the same rows give the same bytes whatever order they were computed in;
    tables that an earlier release has are copied from there, and of partitioned ones what did not change.
    """
    (folder / "parquet").mkdir()
    kept = earlier.tables - {"release"} if earlier else frozenset()
    changed = earlier.changed if earlier else {}
    if earlier:
        shutil.copyfile(earlier.marts, folder / MARTS)
    with duckdb.connect() as connection:
        # What the database happens to know of a table decides whether Parquet says that a column has no blanks, and
        # depends on how the table came about. Without such knowledge the same rows give the same bytes.
        connection.execute("set disabled_optimizers = 'statistics_propagation'")
        connection.execute(f"attach '{quoted(build)}' as build (read_only)")
        connection.execute(f"attach '{quoted(folder / MARTS)}' as published (storage_version '{STORAGE}')")
        _drop_others(connection, {*kept, *changed})
        for name in _marts(connection):
            if earlier and name in kept:
                shutil.copyfile(earlier.parquet(name), folder / "parquet" / f"{name}.parquet")
            elif earlier and name in changed:
                _export_changed(connection, name, folder, earlier)
            else:
                _export_table(connection, name, folder, release)
        tables = {name: _count(connection, name) for name in _marts(connection)}
        connection.execute("detach build")
        connection.execute("use published")
        connection.execute(EVIDENCE.read_text(encoding="utf-8"))
        _comment(connection, tables)
        connection.execute("use memory")
        connection.execute("detach published")
    return tables


def _drop_others(connection: duckdb.DuckDBPyConnection, kept: Collection[str]) -> None:
    """Leave only the tables that stay; the room of the others is free again before anything is written."""
    found = connection.execute("select table_name from duckdb_tables() where database_name = 'published'").fetchall()
    for (name,) in found:
        if name not in kept:
            connection.execute(f"drop table published.{name}")
    if found:
        connection.execute("checkpoint published")


def _marts(connection: duckdb.DuckDBPyConnection) -> list[str]:
    rows = connection.execute(
        "select table_name from information_schema.tables "
        "where table_catalog = 'build' and table_schema = 'marts' order by table_name"
    ).fetchall()
    return [name for (name,) in rows]


def _export_table(connection: duckdb.DuckDBPyConnection, name: str, folder: Path, release: Mapping[str, Any]) -> None:
    file = quoted(folder / "parquet" / f"{name}.parquet")
    if name == "release":
        query = "select *, $gates::bigint as gates_passed from build.marts.release"
        connection.execute(
            f"copy ({query}) to '{file}' (format parquet, compression zstd)",
            {"gates": release["gates_passed"]},
        )
    else:
        connection.execute(
            f"copy (select * from build.marts.{name} order by all) to '{file}' (format parquet, compression zstd)"
        )
    connection.execute(f"create table published.{name} as select * from read_parquet('{file}')")


def _export_changed(connection: duckdb.DuckDBPyConnection, name: str, folder: Path, earlier: Earlier) -> None:
    """Write a table of which some partitions have other rows than in the earlier release.

    What lies between these is there already, and sorted.
    """
    file, before = quoted(folder / "parquet" / f"{name}.parquet"), quoted(earlier.parquet(name))
    by, values = earlier.changed[name].by, sorted(earlier.changed[name].values)
    connection.execute(
        f"create or replace temp table changed as select * from build.marts.{name} "
        f"where {by} in (select unnest(?)) order by all",
        [values],
    )
    first = connection.execute(f"describe build.marts.{name}").fetchall()[0][0]
    pieces = [f"(from changed where {by} = {literal(value)})" for value in values]
    bounds = zip([None, *values], [*values, None], strict=True)
    between = [f"(from read_parquet('{before}') where {_between(by, first, low, high)})" for low, high in bounds]
    in_order = [between[0]] + [piece for pair in zip(pieces, between[1:], strict=True) for piece in pair]
    connection.execute(f"copy ({' union all '.join(in_order)}) to '{file}' (format parquet, compression zstd)")
    connection.execute(f"delete from published.{name} where {by} in (select unnest(?))", [values])
    connection.execute(f"insert into published.{name} from changed")
    if is_worn(connection, f"published.{name}"):
        connection.execute(f"create or replace table published.{name} as select * from read_parquet('{file}')")


def _between(by: str, first: str, low: str | None, high: str | None) -> str:
    """Rows between two partitions; said of the first column too, whose bounds a reader of Parquet knows beforehand."""
    above = [f"{one} > {literal(low)}" for one in (by, first) if low is not None]
    below = [f"{one} < {literal(high)}" for one in (by, first) if high is not None]
    return " and ".join([*above, *below])


def _count(connection: duckdb.DuckDBPyConnection, name: str) -> int:
    (count,) = connection.execute(f"select count(*) from published.{name}").fetchall()[0]
    return int(count)


def _comment(connection: duckdb.DuckDBPyConnection, tables: Mapping[str, int]) -> None:
    connection.execute("begin")  # hundreds of comments in one transaction are one write to disk
    for statement in comments("published", tables):
        connection.execute(statement)
    connection.execute("commit")


def comments(schema: str, tables: Collection[str]) -> Iterator[str]:
    """SQL that puts the dictionary's words, Chinese then English, on these tables of a schema and on their columns."""
    for model in marts_documentation():
        if model["name"] not in tables:
            continue
        yield f"comment on table {schema}.{model['name']} is '{_text(model)}'"
        for column in model.get("columns", []):
            yield f"comment on column {schema}.{model['name']}.{column['name']} is '{_text(column)}'"


@cache
def marts_documentation() -> list[dict[str, Any]]:
    """Name, description and columns of every published mart, from the YAML beside its SQL, in name order.

    `release` has one column more than its model: how many checks passed is known only after all models are built.
    """
    files = sorted((DBT_PROJECT / "models" / "marts").rglob("*.yml"))
    models = [model for file in files for model in yaml.load(file.read_bytes(), _LOADER).get("models", [])]
    return sorted((_as_published(model) for model in models), key=lambda model: model["name"])


def _as_published(model: dict[str, Any]) -> dict[str, Any]:
    return model | {"columns": [*model["columns"], _GATES_PASSED]} if model["name"] == "release" else model


def _text(documented: Mapping[str, Any]) -> str:
    return quoted(" ".join(str(documented.get("description", "")).split()))
