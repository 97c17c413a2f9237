"""A tiny warehouse for the dbt project: hand-written bronze rows and real plan inputs, a build, and its tables.

Rows are written with the contracts' own schemas, so a change of bronze shows here first. What the figures should be is
for the tests to say.
"""

import gc
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

import duckdb
import polars as pl

from pipelines.contracts.registry import contracts
from pipelines.contracts.schema import DELIVERED_FIELDS, DELIVERED_FILES, QUARANTINE, bronze_schema, schema
from pipelines.history import write_previous
from pipelines.paths import Warehouse
from pipelines.plans import RunParameters, load_catalogue, load_plan, write_inputs
from pipelines.plans.model import Plan
from pipelines.settings import DBT_PROJECT

Row = Mapping[str, Any]


class Place:
    """The path dbt is told, a link to the warehouse under test, and dbt's own working folder beside it."""

    def __init__(self, folder: Path) -> None:
        self.link = folder / "warehouse"
        self.target, self.log = folder / "target", folder / "log"

    @contextmanager
    def taken_by(self, root: Path) -> Iterator[None]:
        """Let dbt find the warehouse in `root`, and afterwards the one it found before."""
        before = self.link.readlink() if self.link.is_symlink() else None
        self._point(root)
        with patch.dict(os.environ, self.environment()):
            try:
                yield
            finally:
                self._point(before)

    def _point(self, root: Path | None) -> None:
        self.link.unlink(missing_ok=True)
        if root:
            self.link.symlink_to(root)

    def environment(self) -> dict[str, str]:
        """The settings by which dbt finds the warehouse."""
        warehouse = Warehouse(self.link)
        return {
            "IPW_BRONZE": str(warehouse.bronze),
            "IPW_INPUTS": str(warehouse.inputs),
            "IPW_QUARANTINE": str(warehouse.quarantine),
            "IPW_BUILD_DATABASE": str(warehouse.build_database),
        }


@dataclass
class World:
    """One warehouse folder. Add rows, write the inputs, build, ask."""

    place: Place
    warehouse: Warehouse
    deliveries: int = 0

    @classmethod
    @contextmanager
    def fresh(cls, place: Place, root: Path) -> Iterator["World"]:
        """An empty warehouse in `root`, and the one dbt reads as long as it is open."""
        world = cls(place, Warehouse(root))
        for table, columns in _tables().items():
            world._folder(table).mkdir(parents=True, exist_ok=True)
            pl.DataFrame(schema=columns).write_parquet(world._folder(table) / "empty.parquet")
        world.warehouse.build.mkdir(exist_ok=True)
        with place.taken_by(root):
            yield world

    def _folder(self, table: str) -> Path:
        in_quarantine = table.startswith("quarantine/")
        return self.warehouse.root / table if in_quarantine else self.warehouse.bronze / table

    def deliver(self, source: str, delivered_on: date, rows: Iterable[Row], *, quarantined: Iterable[Row] = ()) -> None:
        """One delivered file of a source, with its ledger entry. Rows name only the columns that matter."""
        self.deliveries += 1
        where = {
            "source_path": f"{source}/{delivered_on}/{self.deliveries:02d}.csv",
            "source_file_sha256": f"{self.deliveries:064x}",
            "delivered_on": delivered_on,
            "batch_id": f"{self.deliveries:012x}",
        }
        marks = {"is_synthetic": True, "is_withdrawn": False}
        conformed = [where | marks | {"source_row": n} | dict(row) for n, row in enumerate(rows, start=2)]
        rejected = [
            where | {"source": source, "source_row": n} | dict(row) for n, row in enumerate(quarantined, start=1000)
        ]
        entry = where | {
            "source": source,
            "is_synthetic": True,
            "status": "loaded",
            "rows_in": len(conformed) + len(rejected),
            "rows_out": len(conformed),
            "rows_quarantined": len(rejected),
            "rows_duplicate": 0,
        }
        tables = {source: conformed, f"quarantine/{source}": rejected, "delivered_files": [entry]}
        for table, content in tables.items():
            frame = pl.DataFrame(content, schema=_tables()[table])
            frame.write_parquet(self._folder(table) / f"{self.deliveries:04d}.parquet")

    def write_inputs(self, *, as_of: date, known_at: date | None = None, plans: Sequence[Plan] = ()) -> None:
        """Plans (the Zibo plan unless told), catalogue and run parameters as the pipeline writes them."""
        parameters = RunParameters(
            as_of=as_of,
            known_at=known_at or as_of,
            targets_known_at=known_at or as_of,
            population_known_at=known_at or as_of,
            code_version="test",
            rules_fingerprint="test",
            input_fingerprint="0123456789abcdef",
            is_synthetic=True,
        )
        write_inputs(self.warehouse.inputs, plans or [load_plan("zibo_14fyp")], load_catalogue(), parameters=parameters)
        write_previous(self.warehouse, None)

    def build(self, *arguments: str) -> dict[str, str]:
        """Run one dbt command in this process and let the database go. Returns what ran: name -> status."""
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager
        from dbt.cli.main import dbtRunner

        places = ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)]
        places += ["--target-path", str(self.place.target), "--log-path", str(self.place.log)]
        try:
            # Said anew each time: whatever loads the pipeline's definitions in between writes its own settings.
            with patch.dict(os.environ, self.place.environment()):
                outcome = dbtRunner().invoke(["--quiet", *arguments, *places])
        finally:
            DuckDBConnectionManager.close_all_connections()
            gc.collect()
        if outcome.exception:
            raise outcome.exception
        # What opens the delivered files before a run is no part of it, nor are those who read the marts.
        others = ("operation", "exposure")
        ran = [each for each in outcome.result.results if each.node.resource_type not in others]  # type: ignore[union-attr]
        return {each.node.name: str(each.status) for each in ran}

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of a query over the build; tables of the marts need no schema."""
        with duckdb.connect(str(self.warehouse.build_database), read_only=True) as connection:
            connection.execute("use marts")
            return connection.execute(sql).fetchall()


def _tables() -> dict[str, pl.Schema]:
    bronze = {name: bronze_schema(contract) for name, contract in contracts().items()}
    quarantine = {f"quarantine/{name}": schema(QUARANTINE) for name in bronze}
    ledger = {"delivered_files": schema(DELIVERED_FILES), "delivered_fields": schema(DELIVERED_FIELDS)}
    return bronze | quarantine | ledger
