"""A tiny warehouse for the dbt project: hand-written bronze rows and real plan inputs, a build, and its tables.

Rows are written with the contracts' own schemas, so a change of bronze shows here first. What the figures should be is
for the tests to say.
"""

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from pipelines.contracts.registry import contracts
from pipelines.contracts.schema import DELIVERED_FIELDS, DELIVERED_FILES, QUARANTINE, bronze_schema, schema
from pipelines.history import write_previous
from pipelines.paths import Warehouse
from pipelines.plans import RunParameters, load_catalogue, load_plan, write_inputs
from pipelines.plans.model import Plan
from pipelines.settings import Settings
from pipelines.transform import Outcome, build_models, nodes

Row = Mapping[str, Any]


@dataclass
class World:
    """One warehouse folder. Add rows, write the inputs, build, ask."""

    warehouse: Warehouse
    deliveries: int = 0

    @classmethod
    def fresh(cls, root: Path) -> "World":
        """An empty warehouse in `root`."""
        world = cls(Warehouse(root))
        for table, columns in _tables().items():
            world._folder(table).mkdir(parents=True, exist_ok=True)
            pl.DataFrame(schema=columns).write_parquet(world._folder(table) / "empty.parquet")
        world.warehouse.build.mkdir(exist_ok=True)
        return world

    @classmethod
    def built(cls, root: Path, deliver: Callable[["World"], None], **days: date) -> "World":
        """What is delivered to a warehouse in `root`, built as of these days with every data test passing."""
        world = cls.fresh(root)
        deliver(world)
        world.write_inputs(**days)
        world.build_whole()
        return world

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

    @property
    def settings(self) -> Settings:
        """Those of a run over this warehouse."""
        return replace(Settings.from_environment(), warehouse=self.warehouse)

    def environment(self) -> dict[str, str]:
        """The settings by which dbt finds this warehouse."""
        return {
            "IPW_BRONZE": str(self.warehouse.bronze),
            "IPW_INPUTS": str(self.warehouse.inputs),
            "IPW_QUARANTINE": str(self.warehouse.quarantine),
            "IPW_BUILD_DATABASE": str(self.warehouse.build_database),
        }

    def build(self, *marts: str) -> dict[str, str]:
        """Bring the whole build up to date with its tests, or these marts with all they read. What ran: name -> status.

        What is on record in the build, because the rows and rules it was made from are the same, is left as it is.
        """
        return _statuses(build_models(self.settings, sorted(_with_all_they_read(marts))))

    def build_whole(self) -> None:
        """Build everything, with every data test passing."""
        outcome = self.build()
        assert {name: status for name, status in outcome.items() if status not in ("success", "pass")} == {}

    @contextmanager
    def altered(self, root: Path, *statements: str) -> Iterator["World"]:
        """A copy of this world whose tables statements have altered; no data test has been asked of it."""
        copy = World(Warehouse(Path(shutil.copytree(self.warehouse.root, root))))
        with duckdb.connect(str(copy.warehouse.build_database)) as connection:
            for statement in statements:
                connection.execute(statement)
            connection.execute("delete from build_record.made where unique_id like 'test.%'")
        try:
            yield copy
        finally:
            shutil.rmtree(root)

    def ask(self, test: str) -> str:
        """What a data test says of the tables as they lie."""
        (status,) = _statuses(build_models(self.settings, [test])).values()
        return status

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of a query over the build; tables of the marts need no schema."""
        with duckdb.connect(str(self.warehouse.build_database), read_only=True) as connection:
            connection.execute("use marts")
            return connection.execute(sql).fetchall()


def _statuses(outcomes: Sequence[Outcome]) -> dict[str, str]:
    return {one.name: one.status for one in outcomes}


def _with_all_they_read(marts: Iterable[str]) -> set[str]:
    known = nodes()
    found, waiting = set[str](), [uid for uid, node in known.items() if node.name in marts]
    while waiting:
        node = known[waiting.pop()]
        found.add(node.name)
        waiting += [parent for parent in node.parents if known[parent].name not in found]
    return found


def _tables() -> dict[str, pl.Schema]:
    bronze = {name: bronze_schema(contract) for name, contract in contracts().items()}
    quarantine = {f"quarantine/{name}": schema(QUARANTINE) for name in bronze}
    ledger = {"delivered_files": schema(DELIVERED_FILES), "delivered_fields": schema(DELIVERED_FIELDS)}
    return bronze | quarantine | ledger
