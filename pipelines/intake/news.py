"""Whether there is anything for intake to do, and what it has done so far, told without loading what does it."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from pipelines.contracts.registry import contracts
from pipelines.contracts.schema import bronze_schema
from pipelines.intake import discover
from pipelines.intake.bronze import delivered_files, known_files, rejected_files
from pipelines.paths import Warehouse


@dataclass(frozen=True)
class NewFile:
    """A file in landing that no batch and no rejection knows."""

    source: str
    source_path: str
    sha256: str


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
