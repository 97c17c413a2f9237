"""Intake of one source: discover, read, correct, conform, then land batch by batch. The entry for Dagster and `ipw`.

A file that cannot be read, lacks a required column, contradicts its headers or exceeds the reject share its contract
allows never lands; it is recorded and tried again on every run. Everything else lands whole.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from pipelines.contracts import headers
from pipelines.contracts.model import Contract
from pipelines.contracts.registry import contract, contracts
from pipelines.contracts.schema import DELIVERED_FIELDS, DELIVERED_FILES, QUARANTINE, bronze_schema, schema
from pipelines.errors import GateFailed
from pipelines.intake import bronze, content, corrections, discover
from pipelines.intake.bronze import Batch, delivered_files, prepare, rejected_files
from pipelines.intake.conform import Conformed, conform
from pipelines.intake.discover import Delivered
from pipelines.intake.profile import field_profile
from pipelines.intake.readers import read_member
from pipelines.intake.readers.base import ROW, RawTable, UnreadableFile
from pipelines.paths import Warehouse

BATCH_ROWS = 1_000_000
"""A batch is closed at the file with which it reaches so many rows."""

__all__ = ["IntakeResult", "NewFile", "Rejected", "bronze_fingerprint", "ingest", "new_files", "prepare"]


@dataclass(frozen=True)
class Rejected:
    """A file that did not land."""

    source_path: str
    message: str
    """What, where and what to do, with the file's name."""
    is_unreadable: bool
    """It could not be read as a table of its source at all, rather than failing a limit."""


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


def ingest(
    warehouse: Warehouse, source: str, *, landing: Path | None = None, today: date | None = None
) -> IntakeResult:
    """Land the new files of a source, one batch per delivery date (more where a date brings many rows).

    `today` is the delivery date of files that lie outside a date folder and were never seen before. Raises
    ConfigError for an unknown source, a misplaced file or folder, or an unreadable correction.
    """
    declared = contract(source)
    landing = landing or warehouse.landing
    discover.check_folders(landing)
    prepare(warehouse)
    known_errors = corrections.load(landing)
    ledger = delivered_files(warehouse).filter(pl.col("source") == source)
    earlier = rejected_files(warehouse).filter(pl.col("source") == source)
    remembered = pl.concat([earlier, ledger]).select("source_path", "source_file_sha256", "delivered_on")
    seen = {(path, sha256): delivered_on for path, sha256, delivered_on in remembered.iter_rows()}
    found = list(discover.deliveries(landing, source, seen, today or date.today()))
    loaded = set(ledger.filter(pl.col("status") == "loaded")["source_file_sha256"])
    recorded = set(ledger.select("source_path", "source_file_sha256").iter_rows())
    new = [file for file in found if (file.source_path, file.sha256) not in recorded]

    batches: list[str] = []
    landed: list[pl.DataFrame] = []
    refused: list[tuple[Delivered, Rejected, _File | None]] = []
    for _, files in _by_date(new):
        pile = _Pile(declared)
        for file in files:
            if file.sha256 in loaded:
                pile.add_duplicate(file)
                continue
            outcome = _process(file, declared, known_errors)
            if isinstance(outcome, _File):
                pile.add(outcome)
                loaded.add(file.sha256)
            else:
                refused.append((file, *outcome))
            if pile.rows >= BATCH_ROWS:
                landed.append(_commit(warehouse, pile, batches))
                pile = _Pile(declared)
        if pile.files:
            landed.append(_commit(warehouse, pile, batches))
    rejections = [_entry(file, "rejected", partial, rejection.message) for file, rejection, partial in refused]
    rejected = pl.DataFrame(rejections, schema=schema(DELIVERED_FILES))
    bronze.record_rejected(warehouse, source, rejected)
    return IntakeResult(
        source=source,
        batches=tuple(batches),
        files=pl.concat([pl.DataFrame(schema=schema(DELIVERED_FILES)), *landed, rejected]),
        rejected=tuple(rejection for _, rejection, _ in refused),
    )


def new_files(warehouse: Warehouse, landing: Path, sources: Sequence[str]) -> list[NewFile]:
    """Files in landing that intake has not seen, by path and content; rejected ones do not count as new.

    Raises ConfigError for what lies in landing and belongs to no source.
    """
    discover.check_folders(landing)
    known = pl.concat([delivered_files(warehouse), rejected_files(warehouse)])
    recorded = set(known.select("source", "source_path", "source_file_sha256").iter_rows())
    found = (file for source in sources for file in discover.deliveries(landing, source, {}, date.min))
    return [
        NewFile(file.source, file.source_path, file.sha256)
        for file in found
        if (file.source, file.source_path, file.sha256) not in recorded
    ]


def bronze_fingerprint(warehouse: Warehouse) -> str:
    """SHA-256 over what bronze holds: contents, delivery dates, marks and corrections of the loaded files, schemas.

    Independent of the order of arrival and of how files were cut into batches.
    """
    columns = ["source", "delivered_on", "source_path", "source_file_sha256", "is_synthetic", "corrections_applied"]
    files = delivered_files(warehouse).filter(pl.col("status") == "loaded").select(columns).sort(columns)
    digest = hashlib.sha256(files.write_json().encode())
    for source in contracts().values():
        digest.update(f"{source.source}{dict(bronze_schema(source))}".encode())
    return digest.hexdigest()


@dataclass(frozen=True)
class _File:
    """One file read and conformed, ready to land."""

    delivered: Delivered
    table: RawTable
    conformed: Conformed
    corrections: list[str]


class _Pile:
    """The files of a batch in the making."""

    def __init__(self, declared: Contract) -> None:
        self.contract = declared
        self.rows = 0
        self.files: list[tuple[Delivered, _File | None]] = []

    def add(self, file: _File) -> None:
        self.files.append((file.delivered, file))
        self.rows += file.conformed.rows_in

    def add_duplicate(self, file: Delivered) -> None:
        self.files.append((file, None))

    def batch_id(self) -> str:
        """`<YYYYMMDD>-<12 hex>`, from the delivery date and the contents of the files."""
        contents = "\n".join(sorted(file.sha256 for file, _ in self.files))
        return f"{self.files[0][0].delivered_on:%Y%m%d}-{hashlib.sha256(contents.encode()).hexdigest()[:12]}"


def _by_date(new: Iterable[Delivered]) -> Iterator[tuple[date, list[Delivered]]]:
    """Files by delivery date, oldest first, within a date in path order."""
    dates: dict[date, list[Delivered]] = {}
    for file in new:
        dates.setdefault(file.delivered_on, []).append(file)
    yield from sorted(dates.items())


def _process(
    file: Delivered, declared: Contract, known_errors: Sequence[corrections.Declared]
) -> "_File | tuple[Rejected, _File | None]":
    """One file read, corrected, conformed and judged: ready to land, or rejected (with what was found, if anything)."""
    done: _File | None = None
    try:
        if file.member is None:
            raise UnreadableFile(f"{file.source_path}: {file.problem}")
        table = read_member(file.source_path, file.member.read(), file.source)
        table, applied = _corrected(file, table, declared, known_errors)
        done = _File(file, table, conform(table, declared, file.delivered_on), applied)
        _judge(done, declared)
    except UnreadableFile as error:
        return Rejected(file.source_path, str(error), is_unreadable=True), done
    except (GateFailed, corrections.GuardFailed) as error:
        return Rejected(file.source_path, f"{file.source_path}: {error}", is_unreadable=False), done
    return done


def _corrected(
    file: Delivered, table: RawTable, declared: Contract, known_errors: Sequence[corrections.Declared]
) -> tuple[RawTable, list[str]]:
    """The table with its declared errors corrected; refuses one whose columns do not hold what their headers say."""
    names = [name for name in table.frame.columns if name != ROW]
    match = headers.match(declared, names)
    if lacking := headers.missing(declared, set(match.fields)):
        raise UnreadableFile(
            f"{file.source_path}: required column missing: {'; '.join(lacking)}; columns seen: {', '.join(names)}"
        )
    meant = [(where, correction) for where, correction in known_errors if correction.concerns(file)]
    frame, applied = corrections.apply(table.frame, match, declared, meant)
    if pair := content.swapped(frame, match, declared):
        raise GateFailed(content.refusal(pair, file.source_path.rsplit("/", 1)[-1].rsplit("!", 1)[-1], declared))
    return RawTable(frame, table.reader, table.encoding, table.notes), applied


def _judge(file: _File, declared: Contract) -> None:
    """Write, audit, publish: refuse a file of which more is rejected than its contract allows."""
    conformed = file.conformed
    share = conformed.rejects.height / max(conformed.rows_in, 1)
    if conformed.rows_in < declared.min_rows_for_share or share <= declared.max_reject_share:
        return
    reasons = ", ".join(f"{reason} {count}" for reason, count in conformed.rejects_by_reason().items())
    first = conformed.rejects.row(0, named=True)
    raise GateFailed(
        f"{conformed.rejects.height} of {conformed.rows_in} rows rejected ({share:.1%}, allowed "
        f"{declared.max_reject_share:.1%}): {reasons}; first: row {first['source_row']}, {first['reason']}, "
        f"{first['field'] or 'row'} {first['value'] or ''}; correct the file and deliver it again"
    )


def _commit(warehouse: Warehouse, pile: _Pile, batches: list[str]) -> pl.DataFrame:
    """Land a pile as one batch; returns its ledger rows."""
    batch_id, source = pile.batch_id(), pile.contract.source
    loaded = [file for _, file in pile.files if file is not None]
    entries = [
        _entry(delivered, "loaded" if file else "duplicate_content", file, _message(file), batch_id)
        for delivered, file in pile.files
    ]
    files = pl.DataFrame(entries, schema=schema(DELIVERED_FILES))
    columns = bronze_schema(pile.contract)
    rows = [_bronze(file, batch_id).select(columns.names()) for file in loaded]
    aside = [_quarantine(file, batch_id).select(schema(QUARANTINE).names()) for file in loaded]
    profiles = [
        _stamped(field_profile(file.conformed, pile.contract), file, batch_id).select(schema(DELIVERED_FIELDS).names())
        for file in loaded
    ]
    bronze.commit(
        warehouse,
        Batch(
            source=source,
            batch_id=batch_id,
            bronze=pl.concat([pl.DataFrame(schema=columns), *rows]),
            quarantine=pl.concat([pl.DataFrame(schema=schema(QUARANTINE)), *aside]),
            files=files,
            fields=pl.concat([pl.DataFrame(schema=schema(DELIVERED_FIELDS)), *profiles]),
        ),
    )
    batches.append(batch_id)
    return files


def _provenance(file: _File, batch_id: str) -> Mapping[str, pl.Expr]:
    delivered = file.delivered
    return {
        "source_path": pl.lit(delivered.source_path),
        "source_file_sha256": pl.lit(delivered.sha256),
        "delivered_on": pl.lit(delivered.delivered_on),
        "batch_id": pl.lit(batch_id),
    }


def _bronze(file: _File, batch_id: str) -> pl.DataFrame:
    synthetic = pl.lit(file.delivered.is_synthetic)
    return file.conformed.bronze.with_columns(**_provenance(file, batch_id), is_synthetic=synthetic)


def _quarantine(file: _File, batch_id: str) -> pl.DataFrame:
    return _stamped(file.conformed.rejects, file, batch_id)


def _stamped(frame: pl.DataFrame, file: _File, batch_id: str) -> pl.DataFrame:
    return frame.with_columns(**_provenance(file, batch_id), source=pl.lit(file.delivered.source))


def _message(file: _File | None) -> str | None:
    """What was set aside while reading, and problems of rows that were kept."""
    if file is None:
        return "the same content was delivered before; nothing loaded"
    kept = [
        f"kept with {reason} in {field}: {count}"
        for field, reasons in file.conformed.kept_problems.items()
        for reason, count in sorted(reasons.items())
    ]
    return "; ".join([*file.table.notes, *kept]) or None


def _entry(
    file: Delivered, status: str, done: _File | None, message: str | None, batch_id: str | None = None
) -> dict[str, object]:
    """One ledger row. A file that did not get as far as conforming has counts of zero."""
    conformed = done.conformed if done else None
    counted = conformed if status == "loaded" else None
    return {
        "source": file.source,
        "batch_id": batch_id,
        "source_path": file.source_path,
        "source_file_sha256": file.sha256,
        "delivered_on": file.delivered_on,
        "is_synthetic": file.is_synthetic,
        "size_bytes": file.size_bytes,
        "reader": done.table.reader if done else None,
        "encoding": done.table.encoding if done else None,
        "status": status,
        "rows_in": conformed.rows_in if conformed else 0,
        "rows_out": counted.bronze.height if counted else 0,
        "rows_quarantined": (counted.rejects.height if counted else conformed.rows_in if conformed else 0),
        "rows_duplicate": counted.duplicates if counted else 0,
        "header": _json([name for name in done.table.frame.columns if not name.startswith("__")]) if done else None,
        "unknown_columns": _json(conformed.match.unknown) if conformed else None,
        "dropped_columns": _json(conformed.match.personal) if conformed else None,
        "corrections_applied": f"[{', '.join(done.corrections)}]" if done else None,
        "rejects_by_reason": _json(conformed.rejects_by_reason()) if conformed else None,
        "message": message,
    }


def _json(value: object) -> str:
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)
