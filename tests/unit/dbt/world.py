"""A tiny warehouse for the dbt project: hand-written bronze rows and real plan inputs, a build, and its tables.

Rows are written with the contracts' own schemas, so a change of bronze shows here first. What the figures should be is
for the tests to say.
"""

import gc
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from pipelines.contracts.registry import contracts
from pipelines.contracts.schema import DELIVERED_FIELDS, DELIVERED_FILES, QUARANTINE, bronze_schema, schema
from pipelines.paths import Warehouse
from pipelines.plans import RunParameters, load_catalogue, load_plan, write_inputs
from pipelines.plans.model import Plan
from pipelines.settings import DBT_PROJECT

Row = Mapping[str, Any]


@dataclass
class World:
    """One warehouse folder. Add rows, write the inputs, build, ask."""

    root: Path
    plans: Sequence[Plan] = field(default_factory=lambda: [load_plan("zibo_14fyp")])

    def __post_init__(self) -> None:
        self.warehouse = Warehouse(self.root)
        self._rows = 0
        for name, columns in self._tables().items():
            folder = self._folder(name)
            folder.mkdir(parents=True, exist_ok=True)
            pl.DataFrame(schema=columns).write_parquet(folder / "empty.parquet")
        self._folder("delivered_fields").mkdir(parents=True, exist_ok=True)

    def _tables(self) -> dict[str, Any]:
        bronze = {name: bronze_schema(contract) for name, contract in contracts().items()}
        quarantine = {f"quarantine/{name}": schema(QUARANTINE) for name in bronze}
        ledger = {"delivered_files": schema(DELIVERED_FILES), "delivered_fields": schema(DELIVERED_FIELDS)}
        return bronze | quarantine | ledger

    def _folder(self, table: str) -> Path:
        return self.warehouse.root / table if table.startswith("quarantine/") else self.warehouse.bronze / table

    def deliver(self, source: str, delivered_on: date, rows: Iterable[Row], *, quarantined: Iterable[Row] = ()) -> None:
        """One delivered file of a source, with its ledger entry. Rows name only the columns that matter."""
        self._rows += 1
        name = f"{source}/{delivered_on}/{self._rows:02d}.csv"
        where = {
            "source_path": name,
            "source_file_sha256": f"{self._rows:064x}",
            "delivered_on": delivered_on,
            "batch_id": f"{self._rows:012x}",
        }
        conformed = [
            where | {"source_row": n, "is_synthetic": True, "is_withdrawn": False} | dict(row)
            for n, row in enumerate(rows, start=2)
        ]
        rejected = [
            where | {"source": source, "source_row": 1000 + n} | dict(row) for n, row in enumerate(quarantined)
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
        for table, content in ((source, conformed), (f"quarantine/{source}", rejected), ("delivered_files", [entry])):
            frame = pl.DataFrame(content, schema=self._tables()[table])
            frame.write_parquet(self._folder(table) / f"{self._rows:04d}.parquet")

    def write_inputs(self, *, as_of: date, known_at: date | None = None) -> None:
        """Plans, catalogue and run parameters as the pipeline writes them."""
        parameters = RunParameters(
            as_of=as_of,
            known_at=known_at or as_of,
            code_version="test",
            input_fingerprint="0123456789abcdef",
            is_synthetic=True,
        )
        write_inputs(self.warehouse.inputs, self.plans, load_catalogue(), parameters=parameters)

    def environment(self) -> dict[str, str]:
        """The variables the dbt project reads."""
        return {
            "IPW_BRONZE": str(self.warehouse.bronze),
            "IPW_INPUTS": str(self.warehouse.inputs),
            "IPW_QUARANTINE": str(self.warehouse.quarantine),
            "IPW_BUILD_DATABASE": str(self.warehouse.build_database),
        }

    def build(self, *arguments: str) -> dict[str, str]:
        """Run `dbt build` in this process and let the file go. Returns unique id -> status of what ran."""
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager
        from dbt.cli.main import dbtRunner

        self.warehouse.build.mkdir(parents=True, exist_ok=True)
        os.environ.update(self.environment())
        places = ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)]
        places += ["--target-path", str(self.warehouse.build / "dbt"), "--log-path", str(self.warehouse.build / "log")]
        try:
            outcome = dbtRunner().invoke(["--quiet", "build", *arguments, *places])
        finally:
            DuckDBConnectionManager.close_all_connections()
            gc.collect()
        if outcome.exception:
            raise outcome.exception
        return {r.node.unique_id: f"{r.status}: {r.message}" if r.status in ("error", "fail") else str(r.status)
                for r in outcome.result.results}  # fmt: skip

    def query(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Rows of a query over the build."""
        with duckdb.connect(str(self.warehouse.build_database), read_only=True) as connection:
            return connection.execute(sql, list(parameters)).fetchall()
