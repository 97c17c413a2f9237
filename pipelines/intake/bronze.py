"""Bronze, quarantine and the intake ledger on disk: writing one batch so that it counts whole or not at all.

The batch's ledger file is written last; before it exists nothing of the batch counts, and what a killed run left is
removed by the next one. Reading the ledger is here too. What goes into a batch is run.py's business.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.contracts.registry import POPULATION, contracts
from pipelines.contracts.schema import DELIVERED_FIELDS, DELIVERED_FILES, QUARANTINE, bronze_schema, schema
from pipelines.errors import IpwError
from pipelines.paths import Warehouse

FILES, FIELDS, REJECTED = "delivered_files", "delivered_fields", "rejected_files"
EMPTY = "empty.parquet"
_UNFINISHED = ".tmp"
Columns = tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class Batch:
    """What one commit adds: frames in the schemas of `contracts.schema`."""

    source: str
    batch_id: str
    bronze: pl.DataFrame
    quarantine: pl.DataFrame
    files: pl.DataFrame
    fields: pl.DataFrame


def delivered_files(warehouse: Warehouse) -> pl.DataFrame:
    """The ledger: one row per delivered file of a committed batch (loaded, duplicate_content or no_data)."""
    return _read(warehouse.bronze / FILES, schema(DELIVERED_FILES))


def known_files(warehouse: Warehouse, *, known_at: date | None, population_known_at: date | None) -> pl.DataFrame:
    """The ledger's rows of files that were delivered up to the knowledge days (None: there is no such day)."""
    is_population = pl.col("source") == POPULATION
    last_day = pl.when(is_population).then(population_known_at or date.max).otherwise(known_at or date.max)
    return delivered_files(warehouse).filter(pl.col("delivered_on") <= last_day)


def delivered_fields(warehouse: Warehouse) -> pl.DataFrame:
    """The profile: one row per loaded file and contract field."""
    return _read(warehouse.bronze / FIELDS, schema(DELIVERED_FIELDS))


def rejected_files(warehouse: Warehouse) -> pl.DataFrame:
    """Files that did not land, in the ledger's schema, one row per file that still lies in landing."""
    return _read(warehouse.quarantine / REJECTED, schema(DELIVERED_FILES))


def landed_rows(warehouse: Warehouse, source: str, columns: pl.Schema) -> pl.DataFrame:
    """These columns of a source's bronze table."""
    return _read(warehouse.bronze / source, columns)


def quarantined_rows(warehouse: Warehouse) -> pl.DataFrame:
    """Rows set aside, of all sources: one row per delivered row, with reason and raw content."""
    frames = [_read(warehouse.quarantine / source, schema(QUARANTINE)) for source in contracts()]
    return pl.concat(frames)


def prepare(warehouse: Warehouse) -> None:
    """Make the folders readable by SQL and remove what a killed run left behind.

    Every folder gets an `empty.parquet` of today's schema, so that a source without deliveries can be queried.
    """
    for folder, columns in _folders(warehouse).items():
        folder.mkdir(parents=True, exist_ok=True)
        for unfinished in folder.glob(f".*{_UNFINISHED}"):
            unfinished.unlink()
        write(pl.DataFrame(schema=columns), folder / EMPTY)
    committed = {file.stem for file in (warehouse.bronze / FILES).glob("*.parquet")}
    for source in contracts():
        for folder in (warehouse.bronze / source, warehouse.quarantine / source):
            _remove_uncommitted(folder, lambda stem, source=source: f"{source}-{stem}" in committed)  # type: ignore[misc]
    _remove_uncommitted(warehouse.bronze / FIELDS, lambda stem: stem in committed)


def commit(warehouse: Warehouse, batch: Batch) -> None:
    """Write a batch: rows first, its ledger file last. Raises IpwError when it cannot be written."""
    name = f"{batch.batch_id}.parquet"
    in_ledger = f"{batch.source}-{name}"
    if batch.bronze.height:
        write(batch.bronze, warehouse.bronze / batch.source / name)
    if batch.quarantine.height:
        write(batch.quarantine, warehouse.quarantine / batch.source / name)
    write(batch.fields, warehouse.bronze / FIELDS / in_ledger)
    write(batch.files, warehouse.bronze / FILES / in_ledger)


def record_rejected(warehouse: Warehouse, source: str, rejected: pl.DataFrame) -> None:
    """Make the rejected files of a source exactly these: new ones recorded, loaded or removed ones forgotten."""
    folder = warehouse.quarantine / REJECTED
    kept = set()
    for (sha256,), rows in rejected.group_by("source_file_sha256", maintain_order=True):
        name = f"{source}-{str(sha256)[:12]}.parquet"
        write(rows, folder / name)
        kept.add(name)
    for file in folder.glob(f"{source}-*.parquet"):
        if file.name not in kept:
            file.unlink()


def write(frame: pl.DataFrame, target: Path) -> None:
    """Write Parquet under a hidden name in the same folder, then rename: a reader sees all of it or nothing."""
    with _said_plainly(target):
        unfinished = target.with_name(f".{target.name}{_UNFINISHED}")
        frame.write_parquet(unfinished, compression="zstd")
        os.replace(unfinished, target)


@contextmanager
def _said_plainly(target: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, pl.exceptions.PolarsError) as error:
        raise IpwError(
            f"{target} cannot be written ({' '.join(str(error).split())}); free space and run again"
        ) from None


def _folders(warehouse: Warehouse) -> dict[Path, pl.Schema]:
    return {
        **{warehouse.bronze / source: bronze_schema(contract) for source, contract in contracts().items()},
        **{warehouse.quarantine / source: schema(QUARANTINE) for source in contracts()},
        warehouse.bronze / FILES: schema(DELIVERED_FILES),
        warehouse.bronze / FIELDS: schema(DELIVERED_FIELDS),
        warehouse.quarantine / REJECTED: schema(DELIVERED_FILES),
    }


def _remove_uncommitted(folder: Path, is_committed: Callable[[str], bool]) -> None:
    for file in folder.glob("*.parquet"):
        if file.name != EMPTY and not is_committed(file.stem):
            file.unlink()


def _read(folder: Path, columns: pl.Schema) -> pl.DataFrame:
    """All files of a folder in the order of their names, in one go: a ledger has one for every batch there ever was.

    What was read stays in memory until a file comes, goes or is another: a run asks for the ledger many times.
    """
    found = sorted(folder.glob("*.parquet")) if folder.is_dir() else []
    files = [file for file in found if not file.name.startswith(".")]
    stamps = [(file.stat().st_mtime_ns, file.stat().st_size, file.stat().st_ino) for file in files]
    return _read_files(tuple(files), tuple(stamps), tuple(columns.items()))


@lru_cache(maxsize=16)
def _read_files(files: tuple[Path, ...], _stamps: tuple[tuple[int, ...], ...], columns: Columns) -> pl.DataFrame:
    declared = pl.Schema(columns)
    if not files:
        return pl.DataFrame(schema=declared)
    try:
        scan = pl.scan_parquet(
            list(files), glob=False, schema=declared, missing_columns="insert", extra_columns="ignore"
        )
        return scan.collect()
    except pl.exceptions.SchemaError:  # an earlier version wrote other types
        frames = [pl.read_parquet(file, glob=False) for file in files]
        return pl.concat([pl.DataFrame(schema=declared), *frames], how="diagonal_relaxed").select(declared.names())
