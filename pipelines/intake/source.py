"""Intake of one source: which of its files are new, and landing them batch by batch.

A file that cannot be read, lacks a required column, contradicts its headers or earlier deliveries or exceeds the reject
share its contract allows never lands; it is recorded and tried again on every run. Everything else lands whole. What
sources of one run share, and in which order they come, is run.py's.
"""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from threading import Event

import polars as pl

from pipelines.contracts.model import Contract
from pipelines.contracts.registry import contract
from pipelines.contracts.schema import DELIVERED_FILES, schema
from pipelines.errors import ConfigError
from pipelines.intake import bronze, corrections, discover
from pipelines.intake.batch import Pile, Waiting, rejected_entries
from pipelines.intake.corrections import Declared
from pipelines.intake.discover import Delivered
from pipelines.intake.history import History
from pipelines.intake.reading import Aside, Rejected, read
from pipelines.paths import Warehouse

BATCH_ROWS = 1_000_000
"""A batch is closed after the file with which it reaches so many rows."""


@dataclass(frozen=True)
class IntakeResult:
    """What one run of intake did for one source."""

    source: str
    batches: tuple[str, ...]
    files: pl.DataFrame
    """The ledger rows of this run, rejected files included."""
    rejected: tuple[Rejected, ...]

    def rows(self, column: str) -> int:
        """Sum of a count over the run's files."""
        return int(self.files[column].sum() or 0)

    def unaccounted(self) -> list[str]:
        """Files whose rows do not add up: in = out + quarantined + duplicate. Always empty unless intake is wrong."""
        accounted = pl.sum_horizontal("rows_out", "rows_quarantined", "rows_duplicate")
        return self.files.filter(pl.col("rows_in") != accounted)["source_path"].to_list()


@dataclass(frozen=True)
class Held:
    """What the warehouse and landing hold before a run, read once for all its sources."""

    landing: Path
    corrections: Sequence[Declared]
    ledger: pl.DataFrame
    rejected: pl.DataFrame


@dataclass(frozen=True)
class Work:
    """The new files of one source, and what is known of it."""

    contract: Contract
    planned_regions: frozenset[str]
    corrections: Sequence[Declared]
    days: list[list[Delivered]]
    """Files of one delivery date each, oldest first, within a date in path order."""
    loaded: dict[str, date]
    """Contents that were loaded, with the first delivery date of each."""
    with_data: pl.DataFrame
    """`delivered_on` and `source_path` of what landed, or was known already, in earlier runs."""
    left_alone: pl.DataFrame
    """Rejected files, as recorded, that were delivered after the last day that counts."""

    @property
    def size_bytes(self) -> int:
        """How much there is to read."""
        return sum(file.size_bytes for files in self.days for file in files)


def find(held: Held, source: str, *, today: date, until: date | None, planned_regions: frozenset[str]) -> Work:
    """What is new in landing. Raises ConfigError for an unknown source, a misplaced file, and a late correction."""
    declared = contract(source)
    ledger, earlier = (frame.filter(pl.col("source") == source) for frame in (held.ledger, held.rejected))
    loaded = ledger.filter(pl.col("status") == "loaded")
    corrections.check_in_time(held.corrections, loaded)
    remembered = pl.concat([earlier, ledger]).select("source_path", "source_file_sha256", "delivered_on")
    seen = {(path, sha256): delivered_on for path, sha256, delivered_on in remembered.iter_rows()}
    recorded = set(ledger.select("source_path", "source_file_sha256").iter_rows())
    found = discover.deliveries(held.landing, source, seen, today)
    counted = (file for file in found if until is None or file.delivered_on <= until)
    return Work(
        contract=declared,
        planned_regions=planned_regions,
        corrections=held.corrections,
        days=list(_by_date(file for file in counted if (file.source_path, file.sha256) not in recorded)),
        loaded=dict(loaded.group_by("source_file_sha256").agg(pl.col("delivered_on").min()).iter_rows()),
        with_data=ledger.filter(pl.col("status") != "no_data").select("delivered_on", "source_path"),
        left_alone=earlier.filter(pl.col("delivered_on") > (until or date.max)),
    )


def _by_date(found: Iterable[Delivered]) -> Iterator[list[Delivered]]:
    dates: dict[date, list[Delivered]] = {}
    for file in found:
        dates.setdefault(file.delivered_on, []).append(file)
    for _, files in sorted(dates.items()):
        yield sorted(files, key=lambda file: file.source_path)


def marks_with(work: Work, marks: frozenset[bool]) -> frozenset[bool]:
    """The marks of synthetic and delivered data in the warehouse once the source has landed.

    Raises ConfigError where there would be both: figures made of both together would be neither.
    """
    for files in work.days:
        for file in files:
            marks |= {file.is_synthetic}
            if len(marks) > 1:
                found, held = ("synthetic", "delivered") if file.is_synthetic else ("delivered", "synthetic")
                raise ConfigError(
                    f"{file.source_path} is {found} data, and the warehouse holds {held} data: keep them apart, "
                    "each in a warehouse of its own (ipw run --landing … --warehouse …)"
                )
    return marks


def land(warehouse: Warehouse, work: Work, stop: Event) -> IntakeResult:
    """Read, conform and commit: one batch per delivery date, more where a date brings many rows.

    Once `stop` is set nothing more is read or committed, and CancelledError is raised.
    """
    landing = _Landing(warehouse, work)
    for files in work.days:
        if stop.is_set():
            raise CancelledError
        landing.take(files)
    return landing.finish()


class _Landing:
    """One source on its way into bronze. Piles are committed oldest first, each once all its files are conformed."""

    def __init__(self, warehouse: Warehouse, work: Work) -> None:
        self._warehouse = warehouse
        self._work = work
        self._loaded = dict(work.loaded)
        landed = partial(bronze.landed_rows, warehouse, work.contract.source)
        self._waiting = Waiting(work.contract, work.planned_regions, History(work.contract, landed))
        self._piles = [Pile(work.contract)]
        """Those that are not committed; the last one is still open."""
        self._landed: dict[str, pl.DataFrame] = {}
        """The ledger rows of each batch that was committed."""
        self._rejected: list[Rejected] = []

    def take(self, files: list[Delivered]) -> None:
        """Read the files of one delivery date; conform and commit when enough has come together."""
        aside: list[Aside] = []
        with_data: set[str] = set()
        """Paths of the files of this day that hold data, or should: one that cannot be read is said by itself."""
        for file in files:
            # A content that came under a later date first is known since this one: its rows land again.
            if self._loaded.get(file.sha256, date.max) <= file.delivered_on:
                self._piles[-1].add_duplicate(file)
                with_data.add(file.source_path)
                continue
            outcome = read(file, self._work.contract, self._work.corrections)
            if isinstance(outcome, Aside):
                aside.append(outcome)
                continue
            with_data.add(file.source_path)
            if isinstance(outcome, Rejected):
                self._rejected.append(outcome)
                continue
            self._loaded[file.sha256] = file.delivered_on
            self._waiting.add(outcome, self._piles[-1])
            if self._piles[-1].rows >= BATCH_ROWS:
                self._piles.append(Pile(self._work.contract))
            if self._waiting.is_enough():
                self._commit(self._piles[:-1])
        if aside:
            self._set_aside(aside, with_data)
        self._piles.append(Pile(self._work.contract))

    def _set_aside(self, aside: list[Aside], with_data: set[str]) -> None:
        """Record files of one day that hold no records: set aside where data came with them, else rejected."""
        day = aside[0].delivered.delivered_on
        with_data = with_data.union(self._work.with_data.filter(pl.col("delivered_on") == day)["source_path"])
        archives = {path[:at] for path in with_data for at, character in enumerate(path) if character == "!"}
        for outcome in aside:
            file = outcome.delivered
            if with_data if outcome.beside == "delivery" else file.is_packed and file.file in archives:
                self._piles[-1].add_aside(outcome)
            else:
                self._rejected.append(Rejected(file, outcome.refusal, is_unreadable=True))

    def finish(self) -> IntakeResult:
        """Commit what is left and record what was rejected."""
        self._commit(self._piles)
        self._rejected.sort(key=lambda rejected: rejected.delivered.delivered_on)
        entries = rejected_entries(self._rejected)
        source = self._work.contract.source
        bronze.record_rejected(self._warehouse, source, pl.concat([entries, self._work.left_alone]))
        files = pl.concat([pl.DataFrame(schema=schema(DELIVERED_FILES)), *self._landed.values(), entries])
        return IntakeResult(source, tuple(self._landed), files, tuple(self._rejected))

    def _commit(self, complete: list[Pile]) -> None:
        self._rejected += self._waiting.conform()
        for pile in complete:
            if batch := pile.batch():
                bronze.commit(self._warehouse, batch)
                self._landed[batch.batch_id] = batch.files
        self._piles = self._piles[len(complete) :]
