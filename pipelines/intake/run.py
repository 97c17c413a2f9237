"""Intake of one source: what is new in landing is read, conformed and landed, batch by batch.

A file that cannot be read, lacks a required column, contradicts its headers or exceeds the reject share its contract
allows never lands; it is recorded and tried again on every run. Everything else lands whole.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from pipelines.contracts.registry import contract, contracts
from pipelines.contracts.schema import DELIVERED_FILES, bronze_schema, schema
from pipelines.errors import ConfigError
from pipelines.intake import bronze, corrections, discover
from pipelines.intake.batch import Pile, rejected_entries
from pipelines.intake.bronze import delivered_files, known_files, prepare, rejected_files
from pipelines.intake.discover import Delivered
from pipelines.intake.readers.workbook_process import one_process
from pipelines.intake.reading import Rejected, read
from pipelines.paths import Warehouse

__all__ = ["IntakeResult", "NewFile", "Rejected", "bronze_fingerprint", "ingest", "new_files", "prepare"]

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
class NewFile:
    """A file in landing that no batch and no rejection knows."""

    source: str
    source_path: str
    sha256: str


@one_process()
def ingest(
    warehouse: Warehouse,
    source: str,
    *,
    landing: Path | None = None,
    today: date | None = None,
    until: date | None = None,
    planned_regions: frozenset[str] = frozenset(),
) -> IntakeResult:
    """Land the new files of a source, one batch per delivery date (more where a date brings many rows).

    `today` is the delivery date of files that lie outside a date folder and were never seen before; what was delivered
    after `until` is left alone, as if it did not lie in landing (None: there is no such day);
    `planned_regions` are region codes that only the run's plans know. Raises ConfigError for an unknown source, a
    misplaced file, a correction that cannot be read or comes too late, and for synthetic and delivered files in one
    warehouse.
    """
    declared = contract(source)
    landing = landing or warehouse.landing
    discover.check_folders(landing)
    prepare(warehouse)
    known_errors = corrections.load(landing)
    ledger = delivered_files(warehouse).filter(pl.col("source") == source)
    earlier = rejected_files(warehouse).filter(pl.col("source") == source)
    corrections.check_in_time(known_errors, ledger.filter(pl.col("status") == "loaded"))
    remembered = pl.concat([earlier, ledger]).select("source_path", "source_file_sha256", "delivered_on")
    seen = {(path, sha256): delivered_on for path, sha256, delivered_on in remembered.iter_rows()}
    recorded = set(ledger.select("source_path", "source_file_sha256").iter_rows())
    loaded = _known_since(ledger)
    marks = set(delivered_files(warehouse).filter(pl.col("status") == "loaded")["is_synthetic"])
    landed: list[bronze.Batch] = []
    rejected: list[Rejected] = []

    def land(pile: Pile) -> None:
        rejected.extend(pile.conform())
        if batch := pile.batch():
            bronze.commit(warehouse, batch)
            landed.append(batch.ledger_only())

    found = discover.deliveries(landing, source, seen, today or date.today())
    for files in _by_date(file for file in found if until is None or file.delivered_on <= until):
        pile = Pile(declared, planned_regions)
        for file in files:
            if (file.source_path, file.sha256) in recorded:
                continue
            _refuse_mixture(file, marks)
            # A content that came under a later date first is known since this one: its rows land again.
            if loaded.get(file.sha256, date.max) <= file.delivered_on:
                pile.add_duplicate(file)
                continue
            outcome = read(file, declared, known_errors)
            if isinstance(outcome, Rejected):
                rejected.append(outcome)
                continue
            loaded[file.sha256] = file.delivered_on
            rejected += pile.add(outcome)
            if pile.rows >= BATCH_ROWS:
                land(pile)
                pile = Pile(declared, planned_regions)
        land(pile)
    entries = rejected_entries(rejected)
    left_alone = earlier.filter(pl.col("delivered_on") > (until or date.max))
    bronze.record_rejected(warehouse, source, pl.concat([entries, left_alone]))
    return IntakeResult(
        source=source,
        batches=tuple(batch.batch_id for batch in landed),
        files=pl.concat([pl.DataFrame(schema=schema(DELIVERED_FILES)), *(batch.files for batch in landed), entries]),
        rejected=tuple(rejected),
    )


def _known_since(ledger: pl.DataFrame) -> dict[str, date]:
    """Contents that were loaded, with the first delivery date of each."""
    loaded = ledger.filter(pl.col("status") == "loaded")
    return dict(loaded.group_by("source_file_sha256").agg(pl.col("delivered_on").min()).iter_rows())


def _refuse_mixture(file: Delivered, marks: set[bool]) -> None:
    """Figures made of synthetic and delivered records together would be neither."""
    marks.add(file.is_synthetic)
    if len(marks) > 1:
        found, held = ("synthetic", "delivered") if file.is_synthetic else ("delivered", "synthetic")
        raise ConfigError(
            f"{file.source_path} is {found} data, and the warehouse holds {held} data: keep them apart, "
            "each in a warehouse of its own (ipw run --landing … --warehouse …)"
        )


def new_files(
    warehouse: Warehouse,
    landing: Path,
    sources: Sequence[str],
    *,
    until: Callable[[str], date | None] = lambda source: None,
) -> list[NewFile]:
    """Files in landing that intake has not seen, by path and content; rejected ones do not count as new.

    `until` gives the last delivery date of a source that counts (None: every one does); a file without a date folder
    would be delivered today. Raises ConfigError for what lies in landing and belongs to no source.
    """
    discover.check_folders(landing)
    known = pl.concat([delivered_files(warehouse), rejected_files(warehouse)])
    recorded = set(known.select("source", "source_path", "source_file_sha256").iter_rows())
    today = date.today()
    found = (file for source in sources for file in discover.deliveries(landing, source, {}, today))
    return [
        NewFile(file.source, file.source_path, file.sha256)
        for file in found
        if file.delivered_on <= (until(file.source) or date.max)
        and (file.source, file.source_path, file.sha256) not in recorded
    ]


def bronze_fingerprint(warehouse: Warehouse, *, known_at: date, population_known_at: date) -> str:
    """SHA-256 over what bronze holds up to the knowledge days: contents, delivery dates and marks of the files, what
    was corrected in them and became of their rows, and the schemas.

    Independent of the order of arrival and of how files were cut into batches.
    """
    columns = ["source", "delivered_on", "source_path", "source_file_sha256", "is_synthetic", "status"]
    columns += ["corrections_applied", "rows_out", "rejects_by_reason"]
    files = known_files(warehouse, known_at=known_at, population_known_at=population_known_at)
    digest = hashlib.sha256(files.select(columns).sort(columns).write_json().encode())
    for source in contracts().values():
        digest.update(f"{source.source}{dict(bronze_schema(source))}".encode())
    return digest.hexdigest()


def _by_date(found: Iterable[Delivered]) -> Iterator[list[Delivered]]:
    """Files of one delivery date each, oldest first, within a date in path order."""
    dates: dict[date, list[Delivered]] = {}
    for file in found:
        dates.setdefault(file.delivered_on, []).append(file)
    for _, files in sorted(dates.items()):
        yield sorted(files, key=lambda file: file.source_path)
