"""`ipw run` and `ipw sample`: decide whether there is work, then let Dagster do it in this process.

What does the work is loaded when there is some: most runs find nothing new, and should say so at once.
"""

import shutil
import time
from contextlib import redirect_stdout
from datetime import date
from pathlib import Path
from typing import Any

from pipelines.cli import listings
from pipelines.cli.output import Format, messages, say_json
from pipelines.contracts.registry import contracts
from pipelines.errors import BrokenInput, ConfigError, GateFailed, IpwError
from pipelines.fingerprint import release_id, run_parameters
from pipelines.instance import opened_instance, prepare_instance
from pipelines.intake.bronze import prepare, rejected_files
from pipelines.intake.news import new_files
from pipelines.lock import one_writer
from pipelines.plans import load_plan
from pipelines.release.in_force import current_release_id, is_published
from pipelines.settings import Settings


def sample(folder: Path, *, scale: int, seed: int, with_story: bool = False, as_json: bool = False) -> None:
    """Write the sample city into an empty folder. Raises ConfigError when the folder already holds something."""
    if folder.exists() and any(folder.iterdir()):
        raise ConfigError(f"{folder} is not empty; the sample city needs a folder of its own")
    from pipelines.sample.generate import generate

    started = time.monotonic()
    report = generate(folder, scale=scale, seed=seed, with_story=with_story)
    counts = f"{sum(report.files.values()):,} rows in {len(report.files)} files"
    messages.print(f"synthetic sample city: {counts}, {time.monotonic() - started:.1f} s: {folder}")
    if as_json:
        say_json({"folder": folder, "is_synthetic": True, "rows_by_file": report.files})


def run(settings: Settings, *, full: bool = False, as_json: bool = False) -> None:
    """Bring the release up to date with the deliveries and print the target board, or what was published as JSON.

    `full` forgets the build, makes every table and asks every check anew; otherwise what nothing new reaches is taken
    as it is on record.
    Raises the IpwError of the first failed step, so that the exit code is the one the design promises.
    """
    for name in settings.plans:
        load_plan(name)  # a plan that cannot be read is better known before the work than after it
    with one_writer(settings.warehouse):
        settings.export()
        if _is_empty(settings.landing):
            _require_own_landing(settings)
            messages.print(f"no deliveries in {settings.landing}: making the synthetic sample city there")
            sample(settings.landing, scale=1, seed=14)
        if full:
            shutil.rmtree(settings.warehouse.build, ignore_errors=True)
        is_new = full or not _is_up_to_date(settings)
        if not is_new:
            messages.print("nothing new: no new delivery, same plan, code and dates; the release stands")
        else:
            started = time.monotonic()
            _execute(settings)
            messages.print(f"done in {time.monotonic() - started:.1f} s")
    if as_json or settings.keep_current:
        identity = release_id(run_parameters(settings))
        folder = settings.warehouse.releases / identity
        if as_json:
            say_json({"release_id": identity, "folder": folder, "is_new": is_new})
        else:
            messages.print(f"published beside the release in force: {folder}")
        return
    listings.targets(settings.warehouse, Format.TABLE)
    for path in listings.release_paths(settings.warehouse):
        messages.print(str(path))


def _is_empty(landing: Path) -> bool:
    return not landing.exists() or not any((landing / source).exists() for source in contracts())


def _require_own_landing(settings: Settings) -> None:
    """A folder that someone named is never filled with synthetic deliveries: it may be a slip of the hand."""
    if settings.landing != settings.warehouse.landing:
        raise ConfigError(
            f"no deliveries in {settings.landing}: they belong in <source>/<YYYY-MM-DD>/ there; "
            f"`ipw sample {settings.landing}` would put the synthetic city there"
        )


def _is_up_to_date(settings: Settings) -> bool:
    prepare(settings.warehouse)
    current = current_release_id(settings.warehouse)
    if current is None or _knows_rejected_files(settings):
        return False
    if new_files(settings.warehouse, settings.landing, list(contracts()), until=settings.known_until):
        return False
    wanted = release_id(run_parameters(settings))
    return current == wanted or (settings.keep_current and is_published(settings.warehouse, wanted))


def _knows_rejected_files(settings: Settings) -> bool:
    rejected = rejected_files(settings.warehouse).select("source", "delivered_on").iter_rows()
    return any(delivered_on <= (settings.known_until(source) or date.max) for source, delivered_on in rejected)


def _execute(settings: Settings) -> None:
    from sqlalchemy.exc import SQLAlchemyError

    from pipelines.definitions import defs
    from pipelines.defs.automation import REFRESH
    from pipelines.progress import keep_seconds, kept_seconds

    prepare_instance(settings.warehouse)
    started = time.monotonic()
    job = defs().resolve_job_def(REFRESH)
    messages.print(f"  · definitions loaded {time.monotonic() - started:27.1f} s")
    log, timings = settings.warehouse.build / "dbt.log", settings.warehouse.build / "timings.json"
    log.parent.mkdir(parents=True, exist_ok=True)
    progress = {"steps": [node.name for node in job.nodes], "seconds": kept_seconds(timings)}
    try:
        with (
            opened_instance(settings.warehouse) as instance,
            log.open("w") as stream,
            redirect_stdout(stream),
        ):
            result = job.execute_in_process(
                instance=instance, raise_on_error=False, run_config={"loggers": {"console": {"config": progress}}}
            )
            if result.success:
                keep_seconds(timings, result)
    except (OSError, SQLAlchemyError) as error:  # Dagster itself could not write: a full disk, as a rule
        raise GateFailed(
            f"the run could not write to {settings.warehouse.root}: {str(error).splitlines()[0]}; "
            "make room and run again, the last release stays in place"
        ) from error
    if not result.success:
        raise _first_error(result)


def _first_error(result: Any) -> IpwError:
    """The error of the first failed step: by its exit code, else a failed gate, else a plain failure."""
    from pipelines.quality.failures import EXIT_CODE

    failed_checks = [
        f"{e.asset_check_evaluation_data.asset_key.to_user_string()}:{e.asset_check_evaluation_data.check_name}"
        for e in result.all_events
        if e.event_type_value == "ASSET_CHECK_EVALUATION" and not e.asset_check_evaluation_data.passed
    ]
    for event in result.all_events:
        if not event.is_step_failure:
            continue
        failure = event.step_failure_data.user_failure_data
        if failure and EXIT_CODE in failure.metadata:
            kinds = {kind.exit_code: kind for kind in (GateFailed, ConfigError, BrokenInput)}
            return kinds[int(failure.metadata[EXIT_CODE].value)](failure.description)
        if failed_checks:
            return GateFailed(f"gate failed: {', '.join(failed_checks)}; the last release stays in place")
        return GateFailed(f"step {event.step_key} failed: {_cause(event.step_failure_data.error)}")
    return GateFailed("the run failed before any step; see the Dagster UI (`ipw serve`)")


def _cause(error: Any) -> str:
    """The innermost message of a step's error, on one line."""
    while error is not None and error.cause is not None:
        error = error.cause
    return " ".join(error.message.split()) if error else "no reason given"
