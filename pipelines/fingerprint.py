"""The identity of a release: a hash over everything a figure can depend on. Nothing else decides a release id.

Everything downstream of bronze is a pure function of (bronze, plan, code, as-of date, known-at date) (design 2).
"""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path

import polars as pl

from pipelines.contracts.registry import POPULATION
from pipelines.errors import ConfigError
from pipelines.intake.bronze import known_files
from pipelines.intake.news import bronze_fingerprint
from pipelines.plans import Plan, RunParameters, as_known, load_plan, shipped_plan_files
from pipelines.settings import DBT_PROJECT, REPO, Settings

_CODE = (
    (REPO / "pipelines", ("*.py", "*.yaml", "*.csv", "*.j2", "*.css", "*.js")),
    (DBT_PROJECT, ("*.sql", "*.yml", "*.csv")),
)
_NOT_CODE = {"target", "logs", "__pycache__"}


@cache
def code_version() -> str:
    """First 12 hex digits of a hash over the project's own code, models, seeds and reference data.

    Shipped plans are no code: a run's own plans enter its identity as they were known on its day.
    """
    plans = shipped_plan_files()
    files = [
        file
        for root, patterns in _CODE
        for pattern in patterns
        for file in root.rglob(pattern)
        if file not in plans and not _NOT_CODE & set(file.relative_to(root).parts)
    ]
    return _digest(files, REPO)[:12]


def run_parameters(settings: Settings) -> RunParameters:
    """The parameters of a run over the bronze that lies in the warehouse now.

    `known_at` defaults to the latest delivery date and the other dates to `known_at`, so the wall clock never enters a
    figure. Raises ConfigError when nothing was delivered up to the knowledge days asked for.
    """
    files = known_files(
        settings.warehouse, known_at=settings.known_at, population_known_at=settings.known_until(POPULATION)
    )
    loaded = files.filter(pl.col("status") == "loaded")
    if loaded.is_empty():
        by_then = f" up to {settings.known_at}" if settings.known_at else ""
        raise ConfigError(
            f"no delivery{by_then} was loaded from {settings.landing}; put files in landing/<source>/<YYYY-MM-DD>/"
        )
    known_at = settings.known_at or loaded.select(pl.col("delivered_on").max()).item()
    parameters = RunParameters(
        as_of=settings.as_of or known_at,
        known_at=known_at,
        targets_known_at=settings.targets_known_at or known_at,
        population_known_at=settings.population_known_at or known_at,
        code_version=code_version(),
        rules_fingerprint=_rules(settings),
        input_fingerprint="",
        is_synthetic=bool(loaded["is_synthetic"].any()),
    )
    return replace(parameters, input_fingerprint=_fingerprint(settings, parameters))


def plans_as_known(settings: Settings, parameters: RunParameters) -> list[Plan]:
    """The run's plans, with the target decisions known on its knowledge day, in the order of their ids: a plan is the
    same wherever its file lies."""
    return [as_known(plan, parameters.targets_known_at) for plan in _plans(settings)]


def release_id(parameters: RunParameters) -> str:
    """`<as-of date>-<12 hex>`: the same bronze, plan, code and dates always give the same id."""
    return f"{parameters.as_of:%Y%m%d}-{parameters.input_fingerprint[:12]}"


def _fingerprint(settings: Settings, parameters: RunParameters) -> str:
    """Over what is known on the run's days only: a later delivery or decision leaves an earlier release's id alone."""
    dates = (parameters.as_of, parameters.known_at, parameters.targets_known_at, parameters.population_known_at)
    parts = [
        bronze_fingerprint(
            settings.warehouse, known_at=parameters.known_at, population_known_at=parameters.population_known_at
        ),
        parameters.code_version,
        *(day.isoformat() for day in dates),
        *(plan.model_dump_json() for plan in plans_as_known(settings, parameters)),
    ]
    return _hash(parts)


def _rules(settings: Settings) -> str:
    """Over everything a plan decides but its targets, whose changes are seen target by target."""
    return _hash(plan.model_copy(update={"targets": []}).model_dump_json() for plan in _plans(settings))


def _plans(settings: Settings) -> list[Plan]:
    return sorted((load_plan(name) for name in settings.plans), key=lambda plan: plan.plan_id)


def _hash(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _digest(files: Iterable[Path], root: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()
