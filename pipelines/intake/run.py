"""A run of intake: what is new in landing becomes bronze rows, source by source, or is set aside.

Belongs here: what the sources of a run share (folders, corrections, ledger, the process that opens workbooks) and that
an error of one does not stop the others. What happens to one source is source.py's.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import date
from pathlib import Path
from threading import Event

import polars as pl

from pipelines.errors import IpwError
from pipelines.intake import corrections, discover
from pipelines.intake.bronze import delivered_files, prepare, rejected_files
from pipelines.intake.readers.workbook_process import one_process
from pipelines.intake.reading import Rejected
from pipelines.intake.source import Held, IntakeResult, Work, find, land, marks_with
from pipelines.paths import Warehouse

__all__ = ["IntakeResult", "Rejected", "ingest", "ingest_all", "prepare"]


SIDE_BY_SIDE = 2
"""Sources that land at the same time. Each holds up to a batch of rows in memory."""


def ingest(
    warehouse: Warehouse,
    source: str,
    *,
    landing: Path | None = None,
    today: date | None = None,
    until: date | None = None,
    planned_regions: frozenset[str] = frozenset(),
) -> IntakeResult:
    """Land the new files of one source: `ingest_all` with its values instead of functions, raising its error."""
    outcomes = ingest_all(
        warehouse,
        [source],
        landing=landing,
        today=today,
        until=lambda _: until,
        planned_regions=lambda _: planned_regions,
    )
    outcome = outcomes[source]
    if isinstance(outcome, IpwError):
        raise outcome
    return outcome


@one_process()
def ingest_all(
    warehouse: Warehouse,
    sources: Sequence[str],
    *,
    landing: Path | None = None,
    today: date | None = None,
    until: Callable[[str], date | None] = lambda source: None,
    planned_regions: Callable[[str], frozenset[str]] = lambda source: frozenset(),
) -> dict[str, IntakeResult | IpwError]:
    """Land the new files of several sources, one batch per delivery date (more where a date brings many rows).

    `today` is the delivery date of files that lie outside a date folder and were never seen before; what was delivered
    after `until` of its source is left alone, as if it did not lie in landing (None: there is no such day);
    `planned_regions` are region codes that only the run's plans know.

    A source that cannot be taken in has its error as its value, and the others go on: an unknown source, a misplaced
    file, a correction that comes too late, synthetic and delivered files in one warehouse, a full disk. Raises
    ConfigError for what concerns all: folders in landing of no source, and a correction that cannot be read.
    """
    landing = landing or warehouse.landing
    discover.check_folders(landing)
    prepare(warehouse)
    held = Held(landing, corrections.load(landing), delivered_files(warehouse), rejected_files(warehouse))
    marks = frozenset(held.ledger.filter(pl.col("status") == "loaded")["is_synthetic"])
    outcomes: dict[str, IntakeResult | IpwError] = {}
    works: list[Work] = []
    for source in sources:
        try:
            work = find(
                held,
                source,
                today=today or date.today(),
                until=until(source),
                planned_regions=planned_regions(source),
            )
            marks = marks_with(work, marks)
            works.append(work)
        except IpwError as error:
            outcomes[source] = error
    outcomes |= _land_all(warehouse, works)
    return {source: outcomes[source] for source in sources}


def _land_all(warehouse: Warehouse, works: Sequence[Work]) -> dict[str, IntakeResult | IpwError]:
    """Land sources side by side, those with most to read first so that none of them is left for the end.

    Threads, not processes: parsing and polars leave the interpreter alone for most of the time, and nothing goes on
    writing when the run is killed.
    """
    stop = Event()

    def landed(work: Work) -> IntakeResult | IpwError:
        try:
            return land(warehouse, work, stop)
        except IpwError as error:
            return error

    largest_first = sorted(works, key=lambda work: work.size_bytes, reverse=True)
    if len(works) < 2:
        return {work.contract.source: landed(work) for work in works}
    with ThreadPoolExecutor(min(SIDE_BY_SIDE, os.cpu_count() or 1), "intake") as threads:
        # each with the process that opens workbooks, which goes by context
        started = {work.contract.source: threads.submit(copy_context().run, landed, work) for work in largest_first}
        try:
            return {source: future.result() for source, future in started.items()}
        except BaseException:  # a fault, or an interruption: what is being committed is finished, nothing else begun
            stop.set()
            threads.shutdown(cancel_futures=True)
            raise
