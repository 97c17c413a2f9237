"""Past states as partitions: the release of a month's or a year's last day, as it was known on that day.

Each partition is built apart from the release in force, in `build/past/<partition>`, passes every gate of the graph
there, and is published beside the others: `current` does not move. Nothing is read from landing; what intake has
already loaded is what the release is made of.
"""

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import dagster as dg
import polars as pl

from pipelines.contracts.registry import contracts
from pipelines.defs.bronze import LOCK_WAIT_SECONDS
from pipelines.defs.owners import owners
from pipelines.defs.plan_inputs import tag_run, write_all
from pipelines.defs.release import GATES
from pipelines.defs.release_metadata import release_metadata
from pipelines.defs.transform import outcomes_by_check
from pipelines.errors import ConfigError, IpwError
from pipelines.intake.bronze import delivered_files, prepare, rejected_files
from pipelines.lock import one_writer
from pipelines.quality.delivery_profiles import gate_store, validate_all_deliveries
from pipelines.quality.expectations import Verdict
from pipelines.quality.failures import failure
from pipelines.quality.green import CheckState, require_green
from pipelines.quality.marts import MART_EXPECTATIONS, validate_marts
from pipelines.release.publish import Release, publish
from pipelines.settings import Settings, first_partition
from pipelines.transform import build_models, require_built

GROUP = "past"
"""Of its own, so that the refresh can leave it out: a past release is made when someone asks for it."""


def _partitions(key: str, cron: str, start: date) -> dg.TimeWindowPartitionsDefinition:
    """Partitions whose days have all passed in China."""
    return dg.TimeWindowPartitionsDefinition(
        fmt=key, cron_schedule=cron, start=datetime.combine(start, time.min), timezone="Asia/Shanghai"
    )


def _past_release(every: str, partitions: dg.TimeWindowPartitionsDefinition) -> dg.AssetsDefinition:

    @dg.asset(
        key=["release", f"by_{every}"],
        group_name=GROUP,
        owners=owners("release"),
        kinds={"duckdb", "parquet"},
        partitions_def=partitions,
        deps=[dg.AssetKey(["bronze", source]) for source in contracts()],
        description=f"The release as of the last day of a {every}, with what was known on that day. Every gate must "
        "pass; the release in force stays in force.",
    )
    def past_release(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        day = last_day(context.partition_time_window)
        settings = as_of_day(Settings.from_environment(), context.partition_key, day)
        try:
            release = _republish(context, settings)
        except IpwError as error:
            raise failure(error) from error
        return dg.MaterializeResult(
            metadata={"as_of": str(day), "gates_passed": len(GATES), **release_metadata(release)}
        )

    return past_release


def last_day(period: dg.TimeWindow) -> date:
    """The day that a partition stands for."""
    return period.end.date() - timedelta(days=1)


def as_of_day(settings: Settings, partition: str, day: date) -> Settings:
    """Settings of the release of that day: all four dates are the day, the build is apart, `current` stays.

    Raises ConfigError when nothing had been delivered by then.
    """
    ledger = delivered_files(settings.warehouse)
    first = ledger.filter(pl.col("status") == "loaded").select(pl.col("delivered_on").min()).item()
    if first is None or day < first:
        since = f"the first delivery is of {first}" if first else f"nothing was delivered to {settings.landing}"
        raise ConfigError(f"no release of {partition}: {since}; choose a later partition, or deliver first")
    return replace(
        settings,
        warehouse=settings.warehouse.apart(f"past/{partition}"),
        as_of=day,
        known_at=day,
        targets_known_at=day,
        population_known_at=day,
        keep_current=True,
    )


def _republish(context: dg.AssetExecutionContext, past: Settings) -> Release:
    """Build, judge and publish; the folder is gone afterwards, whatever the outcome.

    The writer's lock is held throughout: no delivery arrives in between, and the machine makes one build at a time.
    """
    with one_writer(past.warehouse, LOCK_WAIT_SECONDS), _emptied(past.warehouse.build):
        prepare(past.warehouse)
        tag_run(context, write_all(past))
        faults = {**intake_faults(past), **_dbt_faults(past), **_mart_faults(past)}
        for key, sentences in faults.items():
            for sentence in sentences:
                context.log.error(f"{key.to_user_string()}: {sentence}")
        gates = require_green(states(faults))
        return publish(past, gates_passed=gates)


@contextmanager
def _emptied(folder: Path) -> Iterator[None]:
    """The folder is empty at the start, whatever a killed run left in it, and gone at the end."""
    shutil.rmtree(folder, ignore_errors=True)
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def states(faults: Mapping[dg.AssetCheckKey, Sequence[str]]) -> list[CheckState]:
    """What became of every gate of the graph; one that nothing judged has no status, which forbids publishing."""
    words = {None: None, True: "FAILED", False: "SUCCEEDED"}
    found = {key: bool(faults[key]) if key in faults else None for key in GATES}
    return sorted(
        (CheckState(key.to_user_string(), words[failed], is_stale=False) for key, failed in found.items()),
        key=lambda state: state.name,
    )


def intake_faults(past: Settings) -> dict[dg.AssetCheckKey, Sequence[str]]:
    """What intake found out about the deliveries known on the day, and their profiles judged anew."""
    judged: dict[dg.AssetCheckKey, Sequence[str]] = {}
    verdicts = validate_all_deliveries(past.warehouse, contracts().values(), until=past.known_until)
    for source in contracts():
        bronze = dg.AssetKey(["bronze", source])
        known = (pl.col("source") == source) & (pl.col("delivered_on") <= past.known_until(source))
        uneven = pl.col("rows_in") != pl.sum_horizontal("rows_out", "rows_quarantined", "rows_duplicate")
        rejected = rejected_files(past.warehouse).filter(known)
        ledger = delivered_files(past.warehouse).filter(known)
        judged |= {
            dg.AssetCheckKey(bronze, "files_accepted"): [f"{file} was rejected" for file in rejected["source_path"]],
            dg.AssetCheckKey(bronze, "rows_accounted_for"): [
                f"the rows of {file} do not add up" for file in ledger.filter(uneven)["source_path"]
            ],
            dg.AssetCheckKey(bronze, "delivery_profile"): _sentences(verdicts[source]),
        }
    return judged


def _dbt_faults(past: Settings) -> dict[dg.AssetCheckKey, Sequence[str]]:
    outcomes = build_models(past)
    require_built(outcomes)
    return {
        check: [one.fault for one in tests if not one.passed] for check, tests in outcomes_by_check(outcomes).items()
    }


def _mart_faults(past: Settings) -> dict[dg.AssetCheckKey, Sequence[str]]:
    verdicts = validate_marts(past.warehouse.build_database, MART_EXPECTATIONS, gate_store(past.warehouse))
    return {
        dg.AssetCheckKey(dg.AssetKey(["marts", mart]), "expectations"): _sentences([verdict])
        for mart, verdict in verdicts.items()
    }


def _sentences(verdicts: Iterable[Verdict]) -> list[str]:
    """What is wrong, suite by suite; a suite in which nothing was evaluated is no pass."""
    return [
        line for one in verdicts if not one.passed for line in one.failures or [f"{one.suite}: nothing was evaluated"]
    ]


past_releases = [
    _past_release("month", _partitions("%Y-%m", "0 0 1 * *", first_partition().replace(day=1))),
    _past_release("year", _partitions("%Y", "0 0 1 1 *", first_partition().replace(month=1, day=1))),
]
