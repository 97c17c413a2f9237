"""Bringing back the tables of any release in the history, whether or not its folder in `releases/` is still there."""

import os
import shutil
from collections.abc import Collection
from pathlib import Path
from typing import Any

import duckdb

from pipelines.errors import BrokenInput
from pipelines.files import sha256
from pipelines.history.entries import Entry, entries
from pipelines.sql_text import quoted

WHOLE_OR_DIFFERENCE = ("fct_contribution", "fct_patent_event", "fct_trademark")
"""Tables of one row per record or event: an entry keeps them whole or as the difference to its base."""


def write_tables(entry: Entry, folder: Path, names: Collection[str] | None = None) -> dict[str, Path]:
    """Put the kept tables of a release (all, or those named) into `folder` as `<table>.parquet`; returns the files.

    A table the release did not have is left out. Large tables are links where that is possible, so they must not be
    written to. Rows are those of the release, their order need not be. Raises BrokenInput when the history is damaged.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = {}
    for name in entry.files if names is None else [name for name in names if name in entry.files]:
        target = folder / f"{name}.parquet"
        fresh = target.with_name(f".{target.name}.tmp")
        fresh.unlink(missing_ok=True)
        file = table_file(entry, name, fresh)
        if file != fresh:
            link_or_copy(file, fresh)
        os.replace(fresh, target)
        written[name] = target
    return written


def table_file(entry: Entry, name: str, restored: Path) -> Path:
    """A file with one kept table of a release: the release's own, else the history's, else restored to `restored`.

    The release's own only while it is as it was published: what is made from it here is kept for good.
    """
    published = entry.warehouse.releases / entry.release_id / "parquet" / f"{name}.parquet"
    if published.exists() and sha256(published) == entry.files[name]["published_sha256"]:
        return published
    if not entry.files[name]["is_difference"]:
        return _checked(entry, name)
    _restore(entry, name, restored)
    return restored


def link_or_copy(file: Path, target: Path) -> None:
    """Make `target` the same file, or a copy of it where the file system does not link."""
    try:
        os.link(file, target)
    except OSError:
        shutil.copyfile(file, target)


def spilling(target: Path) -> dict[str, Any]:
    """Settings of a database that works beside `target` when memory does not suffice, in rows of no set order."""
    return {"temp_directory": str(target.with_name(f".{target.stem}.spilled")), "preserve_insertion_order": "false"}


def _restore(entry: Entry, name: str, target: Path) -> None:
    """Write a table that is kept as differences: the whole table at the end of the chain and what came and went since.

    The whole table is passed through once; only the few rows that changed are brought together.
    """
    whole, differences = _chain(entry, name)
    with duckdb.connect(config=spilling(target)) as connection:
        connection.execute(
            "create table net as select * exclude (n), sum(n)::bigint as n "
            "from read_parquet($files) group by all having sum(n) <> 0",
            {"files": [str(file) for file in differences]},
        )
        columns = [row[0] for row in connection.execute("describe net").fetchall() if row[0] != "n"]
        same = " and ".join(f'whole."{column}" is not distinct from net."{column}"' for column in columns)
        listed = ", ".join(f'"{column}"' for column in columns)
        source = f"read_parquet('{quoted(whole)}') as whole"
        connection.execute(
            f"copy (select {listed} from {source} where not exists (select 1 from net where {same}) "
            f"union all select {listed} from ("
            f"select {listed}, sum(n)::bigint as n from ("
            f"select {listed}, 1 as n from {source} where exists (select 1 from net where {same}) "
            f"union all select {listed}, n from net) group by all), range(n)"
            f") to '{quoted(target)}' (format parquet, compression zstd)"
        )


def _chain(entry: Entry, name: str) -> tuple[Path, list[Path]]:
    """The file that holds the table whole, and the differences from there to the entry."""
    by_id = {one.release_id: one for one in entries(entry.warehouse)}
    differences: list[Path] = []
    while entry.files[name]["is_difference"]:
        differences.append(_checked(entry, name))
        base = by_id.get(entry.base or "")
        if base is None or name not in base.files:
            raise BrokenInput(
                f"{entry.folder} is kept as a difference to release {entry.base}, which is missing in the history; "
                "restore the history folder from a backup"
            )
        entry = base
    return _checked(entry, name), differences


def _checked(entry: Entry, name: str) -> Path:
    file = entry.folder / str(entry.files[name]["file"])
    if not file.exists() or sha256(file) != entry.files[name]["sha256"]:
        raise BrokenInput(f"{file} is missing or damaged; restore the history folder from a backup")
    return file
