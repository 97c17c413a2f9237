"""Writing a release into the history, once and whole. Small tables are kept as they are.

The large ones are kept as the rows that entered and left since another release (`n` = +1, -1): at the sample's size the
contributions are 16 MB a release, at a city a hundred times as large 1.6 GB, and nearly all of it is the same.
"""

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from pipelines.files import sha256, sync, sync_one
from pipelines.history.entries import ENTRY, Entry, entries, entry_of
from pipelines.history.restoring import WHOLE_OR_DIFFERENCE, spilling, table_file, write_tables
from pipelines.paths import Warehouse
from pipelines.sql_text import listed, quoted

SMALL = (
    "release", "dim_indicator", "dim_plan_target", "dim_region", "fct_indicator_value", "target_vs_actual",
    "fct_population", "fct_published_value",
)  # fmt: skip
_HIDDEN = ".entering-"
_MANY = 1000
"""Values of the first column that are named one by one where rows are looked for."""


def append(warehouse: Warehouse, folder: Path, *, release: Mapping[str, Any], previous: str | None) -> Entry:
    """Enter the release in `folder` (`parquet/<table>.parquet` below it), unless its id is in the history already.

    `release` is its row of `release`; `previous` the id it was compared with. The entry appears in one rename. The
    base of the large tables is the previous release, for they differ least, else the first ever.
    """
    identity = str(release["release_id"])
    known = entries(warehouse)
    if entered := entry_of(warehouse, identity):
        return entered
    base = (entry_of(warehouse, previous) if previous else None) or (known[0] if known else None)
    sequence = known[-1].sequence + 1 if known else 1

    for leftover in warehouse.history.glob(f"{_HIDDEN}*"):
        shutil.rmtree(leftover)
    hidden = warehouse.history / f"{_HIDDEN}{identity}"
    hidden.mkdir(parents=True)
    files = {name: _keep(folder / "parquet", name, hidden, base) for name in (*SMALL, *WHOLE_OR_DIFFERENCE)}
    kept = {name: file for name, file in files.items() if file}
    content = {
        "sequence": sequence,
        "release_id": identity,
        "as_of": str(release["as_of"]),
        "known_at": str(release["known_at"]),
        "plans": release["plans"],
        "previous": previous,
        "base": base.release_id if base and any(file["is_difference"] for file in kept.values()) else None,
        "files": kept,
    }
    (hidden / ENTRY).write_text(json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")
    sync(hidden)
    hidden.rename(warehouse.history / f"{sequence:06d}-{identity}")
    sync_one(warehouse.history)
    return entries(warehouse)[-1]


def differing(entry: Entry, folder: Path) -> list[str]:
    """Kept tables that hold other rows in the release in `folder` than in its entry; the same inputs give none.

    Bytes are looked at first, rows only where they differ: another version of DuckDB writes other bytes.
    """
    scratch = folder / ".kept"
    try:
        return [name for name in entry.files if _differs(entry, name, folder / "parquet" / f"{name}.parquet", scratch)]
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _differs(entry: Entry, name: str, file: Path, scratch: Path) -> bool:
    if not file.exists():
        return True
    if sha256(file) == entry.files[name]["published_sha256"]:
        return False
    kept = write_tables(entry, scratch, [name])[name]
    if pl.read_parquet_schema(kept) != pl.read_parquet_schema(file):
        return True
    with _difference(file, kept, scratch / "difference") as connection:
        return bool(connection.execute("select 1 from difference limit 1").fetchall())


def _keep(tables: Path, name: str, hidden: Path, base: Entry | None) -> dict[str, Any] | None:
    """Write one table of the release to the entry and describe it; None when the release has no such table."""
    file = tables / f"{name}.parquet"
    if not file.exists():
        return None
    kept = hidden / f"{name}.parquet"
    is_difference = name in WHOLE_OR_DIFFERENCE and base is not None and _write_difference(file, name, base, kept)
    if not is_difference:
        shutil.copyfile(file, kept)
    return {
        "file": kept.name,
        "sha256": sha256(kept),
        "published_sha256": sha256(file),
        "rows": _rows(file),
        "is_difference": is_difference,
    }


def _write_difference(file: Path, name: str, base: Entry, target: Path) -> bool:
    """Write the rows of `file` that the base does not have (`n` > 0) and those only the base has (`n` < 0).

    False, and nothing written, where a difference says nothing: the base lacks the table, has it with other columns
    (made by other code), or has so little in common that the table itself is smaller.
    """
    if name not in base.files:
        return False
    restored = target.with_name(f"{name}.base.parquet")
    before = table_file(base, name, restored)
    try:
        if pl.read_parquet_schema(before) != pl.read_parquet_schema(file):
            return False
        with _difference(file, before, target) as connection:
            ((changed,),) = connection.execute("select coalesce(sum(abs(n)), 0) from difference").fetchall()
            if changed > _rows(file):
                return False
            connection.execute(
                f"copy (from difference order by all) to '{quoted(target)}' (format parquet, compression zstd)"
            )
        return True
    finally:
        restored.unlink(missing_ok=True)


@contextmanager
def _difference(new: Path, old: Path, beside: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database whose table `difference` holds each row that is in one file more often than in the other, and `n`.

    Rows are first told apart by a hash and a second one as its check sum: bringing whole rows of both files together
    takes 13 GB for twice 20 million contributions, this 4 GB and half the time. Before that the files, which are sorted
    by their first column, are told apart by its values: what is the same for a value is not looked at again.
    """
    columns = [f'"{column}"' for column in pl.read_parquet_schema(new)]
    key, check = f"hash({', '.join(columns)})", f"hash({', '.join(['0', *reversed(columns)])})::hugeint"
    files = {"new": str(new), "old": str(old)}
    differs = "having sum(side) <> 0 or sum(side * rest) <> 0"
    with duckdb.connect(config=spilling(beside)) as connection:
        firsts = connection.execute(
            f"select first from ({_of_both(f'{columns[0]} as first, {check} as rest')}) group by first {differs} "
            f"limit {_MANY + 1}",
            files,
        ).fetchall()
        there = _among(columns[0], [first for (first,) in firsts]) if len(firsts) <= _MANY else "true"
        connection.execute(
            f"create table changed as select key from ({_of_both(f'{key} as key, {check} as rest', f'where {there}')}) "
            f"group by key {differs}",
            files,
        )
        among = f"where {there} and {key} in (select key from changed)"
        connection.execute(
            f"create table difference as select * exclude (side), sum(side)::bigint as n "
            f"from ({_of_both('*', among)}) group by all having sum(side) <> 0",
            files,
        )
        yield connection


def _among(column: str, values: Sequence[Any]) -> str:
    """A condition that readers of Parquet can hold against the bounds of a row group, before they read it."""
    named = f"{column} in ({listed(value for value in values if value is not None)})"
    return f"({named} or {column} is null)" if None in values else named


def _of_both(columns: str, where: str = "") -> str:
    """Rows of the files $new and $old, with the `side` they are on."""
    return " union all ".join(
        f"select {columns}, {side} as side from read_parquet(${file}) {where}"
        for file, side in (("new", 1), ("old", -1))
    )


def _rows(file: Path) -> int:
    return int(pl.scan_parquet(file).select(pl.len()).collect().item())
