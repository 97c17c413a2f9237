"""Where data at rest lives. Only names of places belong here: nothing is read, written or created."""

from dataclasses import dataclass, replace
from pathlib import Path


@dataclass(frozen=True)
class Warehouse:
    """The folders below one warehouse root (design 3, `warehouse/`)."""

    root: Path
    work: str = ""
    """What is being made, where that is not the release in force: its folder below `build`."""

    def apart(self, work: str) -> "Warehouse":
        """The same warehouse with a build folder of its own, such as `build/past/2021-06`."""
        return replace(self, work=work)

    @property
    def landing(self) -> Path:
        """Deliveries as sent: `<source>/<YYYY-MM-DD>/<file>`."""
        return self.root / "landing"

    @property
    def bronze(self) -> Path:
        """Conformed rows, append-only Parquet: a folder per source, `delivered_files` and `delivered_fields`."""
        return self.root / "bronze"

    @property
    def quarantine(self) -> Path:
        """Rows that could not be conformed, one folder per source, and `rejected_files`."""
        return self.root / "quarantine"

    @property
    def build(self) -> Path:
        """Private to the running build; readers never open anything here."""
        return self.root / "build" / self.work

    @property
    def inputs(self) -> Path:
        """Plan, catalogue and run parameters as Parquet, read by dbt beside bronze."""
        return self.build / "inputs"

    @property
    def build_database(self) -> Path:
        """The DuckDB file that dbt alone writes."""
        return self.build / "build.duckdb"

    @property
    def history(self) -> Path:
        """Values and contributions of every release ever published; nothing here is changed or removed."""
        return self.root / "history"

    @property
    def releases(self) -> Path:
        """Immutable releases, one folder each."""
        return self.root / "releases"

    @property
    def current(self) -> Path:
        """Symlink to the release in force, swapped by rename."""
        return self.root / "current"

    @property
    def marts(self) -> Path:
        """The stable path BI opens, a symlink through `current`."""
        return self.root / "marts.duckdb"

    @property
    def dagster_home(self) -> Path:
        """Dagster's run and event storage."""
        return self.root / "dagster"

    @property
    def lock(self) -> Path:
        """Held by the one process that may write this warehouse."""
        return self.root / ".lock"
