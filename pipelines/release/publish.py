"""Publishing: the private build becomes an immutable release folder, and `current` moves to it in one rename.

A reader in another process sees the old release or the new one, never a mixture; a run killed at any moment leaves at
worst a hidden folder that the next run removes, or a whole release that nothing points to yet.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from pipelines.errors import GateFailed
from pipelines.files import point, sync, sync_one
from pipelines.fingerprint import release_id, run_parameters
from pipelines.history import append, differing, entry_of
from pipelines.paths import Warehouse
from pipelines.quality.delivery_profiles import gate_store
from pipelines.quality.expectations import build_data_docs
from pipelines.release import database, datapackage, page, revisions_csv, targets_csv, workbook
from pipelines.release.taken_over import earlier_release, note_published
from pipelines.settings import Settings
from pipelines.transform import contents


@dataclass(frozen=True)
class Release:
    """A published release: where it is, and its tables with their row counts."""

    release_id: str
    folder: Path
    tables: dict[str, int]


def publish(settings: Settings, *, gates_passed: int) -> Release:
    """Assemble and publish the release of the build that lies in the warehouse, and enter it in the history.

    With `keep_current` the release in force stays in force. Raises GateFailed when the build was made from other inputs
    than those in the warehouse now, or when a release of the same id exists with other bytes or is in the history with
    other figures (which would mean that the pipeline is not deterministic).
    """
    warehouse = settings.warehouse
    parameters = run_parameters(settings)
    identity = release_id(parameters)
    row = _built_release(warehouse, parameters.input_fingerprint) | {"gates_passed": gates_passed}

    private = warehouse.releases / f".building-{identity}"
    for leftover in warehouse.releases.glob(".building-*"):
        shutil.rmtree(leftover)
    private.mkdir(parents=True)
    made = contents(warehouse.build_database)
    earlier = earlier_release(warehouse, made)
    tables = database.export(warehouse.build_database, private, release=row, earlier=earlier)
    targets_csv.write(private / "targets.csv", private / "marts.duckdb")
    revisions_csv.write(private / "revisions.csv", private / "marts.duckdb")
    workbook.write(private / "targets.xlsx", private / "marts.duckdb")
    page.write(private, private / "marts.duckdb")
    datapackage.write(private, release=row, tables=tables)
    build_data_docs(gate_store(warehouse), private / "data_docs")
    _require_same_figures(warehouse, private, identity)

    # In this order a run killed in between leaves at worst a release without entry, which the next run of it enters;
    # never an entry without release, nor readers before a release that the history does not know.
    folder = _put_in_place(private, warehouse.releases / identity)
    append(warehouse, folder, release=row, previous=_compared_with(folder))
    if not settings.keep_current:
        _put_in_force(warehouse, folder)
    note_published(warehouse, folder, made)
    return Release(identity, folder, tables)


def _built_release(warehouse: Warehouse, fingerprint: str) -> dict[str, Any]:
    """The build's row of `release`. Raises GateFailed when it was made from anything but what `fingerprint` is of."""
    if not warehouse.build_database.exists():
        raise GateFailed(f"publish refused: nothing was built in {warehouse.build}; run the whole pipeline")
    with duckdb.connect(str(warehouse.build_database), read_only=True) as connection:
        result = connection.execute("select * from marts.release")
        names = [column[0] for column in result.description]
        built = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
    if [row["input_fingerprint"] for row in built] != [fingerprint]:
        raise GateFailed(
            "publish refused: the tables were built from other deliveries, plans, code or dates than the warehouse "
            "holds now; run the whole pipeline"
        )
    return built[0]


def _require_same_figures(warehouse: Warehouse, private: Path, identity: str) -> None:
    entry = entry_of(warehouse, identity)
    if entry and (names := differing(entry, private)):
        raise GateFailed(
            f"publish refused: release {identity} said otherwise when it was first published ({entry.folder}: "
            f"{', '.join(names)}); the same inputs must give the same figures, so please report this"
        )


def _compared_with(folder: Path) -> str | None:
    """The release that this one's comparison tables speak of, as the published folder has it."""
    comparison = folder / "parquet" / "release_comparison.parquet"
    if not comparison.exists():
        return None
    return next(iter(pl.read_parquet(comparison)["old_release_id"]), None)


def _put_in_force(warehouse: Warehouse, folder: Path) -> None:
    point(warehouse.current, folder)
    if not warehouse.marts.is_symlink():
        point(warehouse.marts, warehouse.current / "marts.duckdb")


def _put_in_place(private: Path, folder: Path) -> Path:
    sync(private)
    if not folder.exists():
        private.rename(folder)
        sync_one(folder.parent)
        return folder
    if datapackage.pure(folder) != datapackage.pure(private):
        raise GateFailed(
            f"publish refused: release {folder.name} exists with other contents ({folder / datapackage.FILE}); "
            "the same inputs must give the same bytes, so please report this"
        )
    shutil.rmtree(private)
    return folder
