"""Any two releases compared: the models that compare a release with the one before it, over the stored tables of both.

What differs and why is for the models to say (`revision_record` and what follows from it), where a release's tables
are for the history. Here they are brought together, in a folder of their own that is gone afterwards.
"""

import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import polars as pl

from pipelines.errors import ConfigError, GateFailed
from pipelines.history import COMPARISON_TABLES, Entry, write_previous, write_tables
from pipelines.paths import Warehouse
from pipelines.plans.tables import SCHEMAS
from pipelines.release.database import EVIDENCE
from pipelines.settings import Settings
from pipelines.sql_text import literal
from pipelines.transform import Upstream, build_models, require_built, upstream


@contextmanager
def difference(settings: Settings, older: Entry, newer: Entry) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection in whose default schema lie the comparison tables of two releases, and the tables of the newer one.

    What was delivered is read from bronze as the newer release knew it. Raises ConfigError when a release is too old to
    hold what the comparison needs, GateFailed when the comparison is not sound (a model or a test of it failed).
    """
    place = settings.warehouse.apart("diff").build
    place.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=place) as folder:
        private = replace(settings, warehouse=settings.warehouse.apart(f"diff/{Path(folder).name}"))
        with private.exported():
            needed = upstream(COMPARISON_TABLES)
        tables = _tables(newer, private.warehouse.build / "newer", needed.given)
        _write_inputs(private.warehouse, older, tables["release"])
        _show(private.warehouse, tables)
        _build(private, needed)
        with duckdb.connect(str(private.warehouse.build_database)) as connection:
            connection.execute("use marts")
            connection.execute(EVIDENCE.read_text(encoding="utf-8"))
            yield connection


def _tables(release: Entry, folder: Path, needed: Collection[str]) -> dict[str, Path]:
    files = write_tables(release, folder, needed)
    if missing := sorted(set(needed) - files.keys()):
        raise ConfigError(
            f"release {release.release_id} cannot be compared: it was published by a version that kept no "
            f"{', '.join(missing)}; publish it anew: ipw run --keep-current --as-of {release.as_of} "
            f"--known-at {release.known_at}"
        )
    return files


def _write_inputs(warehouse: Warehouse, older: Entry, release: Path) -> None:
    """The older release as the one before, and the newer one's dates; nothing else of the inputs is asked for."""
    warehouse.inputs.mkdir(parents=True)
    for name, columns in SCHEMAS.items():
        pl.DataFrame(schema=columns).write_parquet(warehouse.inputs / f"{name}.parquet")
    dates = pl.Schema(SCHEMAS["run_parameters"])
    pl.read_parquet(release).select(dates.names()).cast(dates).write_parquet(
        warehouse.inputs / "run_parameters.parquet"
    )
    write_previous(warehouse, older)


def _show(warehouse: Warehouse, tables: Mapping[str, Path]) -> None:
    """Let the newer release's tables lie where the models look for them."""
    with duckdb.connect(str(warehouse.build_database)) as connection:
        connection.execute("create schema marts")
        for name, file in tables.items():
            connection.execute(f"create view marts.{name} as select * from read_parquet({literal(file)})")


def _build(private: Settings, needed: Upstream) -> None:
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):  # dbt talks while it works
        outcomes = build_models(private, [*needed.built, *needed.tests])
    require_built(outcomes)
    if broken := [one for one in outcomes if not one.passed]:
        raise GateFailed(f"the comparison is not sound: dbt test {broken[0].fault}")
