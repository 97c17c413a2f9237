"""What one run is about: which warehouse, landing, plans and dates. Read from the environment; no data is opened here.

The command line, the Dagster UI and a scheduled run all set the same variables, so that they run the same thing.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipelines.errors import ConfigError
from pipelines.paths import Warehouse
from pipelines.shipped_plans import available_plans

REPO = Path(__file__).resolve().parents[1]
DBT_PROJECT = REPO / "dbt_project"


@dataclass(frozen=True)
class Settings:
    """One run's settings. A date is None when it follows from the deliveries or from `known_at` (design 2)."""

    warehouse: Warehouse
    landing: Path
    plans: tuple[str, ...]
    as_of: date | None
    known_at: date | None
    targets_known_at: date | None
    population_known_at: date | None
    threads: int | None
    """Of the build; None: every core for the database, and two models at a time."""
    keep_current: bool = False
    """Publish beside the release in force instead of in its place."""
    keep_releases: int = 24
    """How many of the newest releases `ipw gc` keeps."""

    @classmethod
    def from_environment(cls) -> "Settings":
        """Read IPW_WAREHOUSE, IPW_LANDING, IPW_PLANS (comma-separated; all shipped ones), the dates IPW_AS_OF,
        IPW_KNOWN_AT, IPW_TARGETS_KNOWN_AT and IPW_POPULATION_KNOWN_AT, IPW_THREADS, IPW_KEEP_CURRENT (1: yes) and
        IPW_KEEP_RELEASES.

        Raises ConfigError when a date is not written YYYY-MM-DD or a number is no number above zero.
        """
        warehouse = Warehouse(Path(os.environ.get("IPW_WAREHOUSE", REPO / "warehouse")).resolve())
        return cls(
            warehouse=warehouse,
            landing=Path(os.environ.get("IPW_LANDING") or warehouse.landing).resolve(),
            plans=tuple(filter(None, os.environ.get("IPW_PLANS", "").split(","))) or tuple(available_plans()),
            as_of=_date("IPW_AS_OF"),
            known_at=_date("IPW_KNOWN_AT"),
            targets_known_at=_date("IPW_TARGETS_KNOWN_AT"),
            population_known_at=_date("IPW_POPULATION_KNOWN_AT"),
            threads=_count("IPW_THREADS", "threads"),
            keep_current=os.environ.get("IPW_KEEP_CURRENT", "").lower() in ("1", "true", "yes"),
            keep_releases=_count("IPW_KEEP_RELEASES", "releases") or cls.keep_releases,
        )

    def known_until(self, source: str) -> date | None:
        """The last delivery date of a source that this run knows of; None: there is no such limit."""
        from pipelines.contracts.registry import POPULATION  # not by those who only ask where the warehouse is

        if source == POPULATION:
            return self.population_known_at or self.known_at
        return self.known_at

    def export(self) -> None:
        """Write the settings back to the environment, with the places dbt reads (`sources.yml`, `profiles.yml`)."""
        values = {
            "IPW_WAREHOUSE": self.warehouse.root,
            "IPW_LANDING": self.landing,
            "IPW_PLANS": ",".join(self.plans),
            "IPW_AS_OF": self.as_of or "",
            "IPW_KNOWN_AT": self.known_at or "",
            "IPW_TARGETS_KNOWN_AT": self.targets_known_at or "",
            "IPW_POPULATION_KNOWN_AT": self.population_known_at or "",
            "IPW_THREADS": self.threads or "",
            "IPW_KEEP_CURRENT": "1" if self.keep_current else "",
            "IPW_KEEP_RELEASES": self.keep_releases,
            "IPW_BRONZE": self.warehouse.bronze,
            "IPW_INPUTS": self.warehouse.inputs,
            "IPW_QUARANTINE": self.warehouse.quarantine,
            "IPW_BUILD_DATABASE": self.warehouse.build_database,
            "DAGSTER_HOME": self.warehouse.dagster_home,
        }
        os.environ.update({name: str(value) for name, value in values.items()})
        programs = str(Path(sys.executable).parent)  # dbt lies beside python, whether or not the venv is activated
        if programs not in os.environ.get("PATH", "").split(os.pathsep):
            os.environ["PATH"] = os.pathsep.join(filter(None, [programs, os.environ.get("PATH")]))

    @contextmanager
    def exported(self) -> Iterator[None]:
        """The environment says these settings as long as this is open, and afterwards what it said before."""
        before = dict(os.environ)
        self.export()
        try:
            yield
        finally:
            for name in os.environ.keys() - before.keys():
                del os.environ[name]
            os.environ.update(before)


def first_partition() -> date:
    """The first day of the first month and year that can be published again, IPW_FIRST_PARTITION: 2011-01-01, the start
    of the sample city, unless told. Raises ConfigError when it is not written YYYY-MM-DD."""
    return _date("IPW_FIRST_PARTITION") or date(2011, 1, 1)


def _date(variable: str) -> date | None:
    text = os.environ.get(variable)
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ConfigError(f"{variable}={text} is not a date; write it as YYYY-MM-DD") from None


def _count(variable: str, of_what: str) -> int | None:
    text = os.environ.get(variable)
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise ConfigError(f"{variable}={text} is not a number of {of_what}; write 1 or more")
    return int(text)
