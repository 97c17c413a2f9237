"""A batch in the making: files read, conformed, judged and gathered until they are landed together.

Belongs here: what a batch holds and its ledger rows. Does not belong here: which files come (run.py), how they are
written (bronze.py), and the rules for rows (conform.py).
"""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

import polars as pl

from pipelines.contracts.model import Contract
from pipelines.contracts.schema import DELIVERED_FIELDS, DELIVERED_FILES, QUARANTINE, bronze_schema, schema
from pipelines.intake.bronze import Batch
from pipelines.intake.conform import FILE, Conformed, conform
from pipelines.intake.discover import Delivered
from pipelines.intake.profile import field_profile
from pipelines.intake.reading import Read, Rejected

ROWS_TOGETHER = 100_000
"""Rows of small files that are conformed in one go."""


class Pile:
    """The files of one delivery date that will be one batch."""

    def __init__(self, contract: Contract, planned_regions: frozenset[str]) -> None:
        self._contract = contract
        self._planned_regions = planned_regions
        self._waiting: list[Read] = []
        self._waiting_rows = 0
        self._duplicates: list[Delivered] = []
        self._landed: list[tuple[Conformed, list[Read]]] = []
        self.rows = 0
        """Rows of the files that will land."""

    def add(self, file: Read) -> list[Rejected]:
        """Take a file that was read; returns files of this pile that are found to have too many rejected rows."""
        self._waiting.append(file)
        self._waiting_rows += file.table.frame.height
        return self.conform() if self._waiting_rows >= ROWS_TOGETHER else []

    def add_duplicate(self, file: Delivered) -> None:
        """Take a file whose content is known: recorded, nothing loaded."""
        self._duplicates.append(file)

    def conform(self) -> list[Rejected]:
        """Conform the files that wait; returns those that must not land."""
        shapes: dict[tuple[str, ...], list[Read]] = {}
        for file in self._waiting:
            shapes.setdefault(tuple(file.table.frame.columns), []).append(file)
        self._waiting, self._waiting_rows = [], 0
        rejected: list[Rejected] = []
        for files in shapes.values():
            frames = [file.table.frame for file in files]
            conformed = conform(frames, self._contract, files[0].delivered.delivered_on, self._planned_regions)
            refused = _judge(conformed, files, self._contract)
            self._landed.append((_without(conformed, refused), files))
            self.rows += sum(count["rows_in"] for count in self._landed[-1][0].counts.iter_rows(named=True))
            rejected += refused.values()
        return rejected

    def batch(self) -> Batch | None:
        """Everything gathered, as one batch with its ledger; None if nothing is to be recorded."""
        entries = [
            *(entry for conformed, files in self._landed for entry in _loaded_entries(conformed, files)),
            *(_entry(file, "duplicate_content", message=_KNOWN) for file in self._duplicates),
        ]
        if not entries:
            return None
        entries.sort(key=lambda entry: entry["source_path"])
        batch_id = _batch_id(entries)
        files = pl.DataFrame(entries, schema=schema(DELIVERED_FILES)).with_columns(batch_id=pl.lit(batch_id))
        return Batch(
            source=self._contract.source,
            batch_id=batch_id,
            bronze=self._stamped("bronze", batch_id, bronze_schema(self._contract)),
            quarantine=self._stamped("rejects", batch_id, schema(QUARANTINE)),
            files=files,
            fields=self._stamped("profile", batch_id, schema(DELIVERED_FIELDS)),
        )

    def _stamped(self, part: str, batch_id: str, columns: pl.Schema) -> pl.DataFrame:
        """One part of all files, with where each row comes from."""
        frames = [pl.DataFrame(schema=columns)]
        for conformed, files in self._landed:
            frame = field_profile(conformed, self._contract) if part == "profile" else getattr(conformed, part)
            origin = pl.DataFrame(
                {
                    FILE: range(len(files)),
                    "source": [file.delivered.source for file in files],
                    "source_path": [file.delivered.source_path for file in files],
                    "source_file_sha256": [file.delivered.sha256 for file in files],
                    "delivered_on": [file.delivered.delivered_on for file in files],
                    "is_synthetic": [file.delivered.is_synthetic for file in files],
                },
                schema_overrides={FILE: pl.Int64},
            )
            stamped = frame.join(origin, on=FILE, how="left", maintain_order="left")
            frames.append(stamped.with_columns(batch_id=pl.lit(batch_id)).select(columns.names()))
        return pl.concat(frames)


_KNOWN = "the same content was delivered before; nothing loaded"


def rejected_entries(rejected: Iterable[Rejected]) -> pl.DataFrame:
    """Ledger rows of files that did not land; of one that got as far as conforming, all rows count as set aside."""
    entries = [
        _entry(
            file.delivered,
            "rejected",
            read=file.read,
            message=file.message,
            rows_in=file.rows_in,
            rows_quarantined=file.rows_in,
            rejects_by_reason=_json(file.reasons) if file.reasons is not None else None,
        )
        for file in rejected
    ]
    return pl.DataFrame(entries, schema=schema(DELIVERED_FILES))


def _judge(conformed: Conformed, files: list[Read], contract: Contract) -> dict[int, Rejected]:
    """Write, audit, publish: the files of which more is rejected than the contract allows, by position."""
    refused = {}
    for position, rows_in, bad in conformed.counts.select(FILE, "rows_in", "rows_quarantined").rows():
        share = bad / max(rows_in, 1)
        if rows_in < contract.min_rows_for_share or share <= contract.max_reject_share:
            continue
        file = files[position]
        rejects = conformed.rejects.filter(pl.col(FILE) == position)
        reasons = _by_reason(rejects)[position]
        listed = ", ".join(f"{reason} {n}" for reason, n in reasons.items())
        row, reason, field, value = rejects.select("source_row", "reason", "field", "value").row(0)
        message = (
            f"{file.delivered.source_path}: {bad} of {rows_in} rows rejected ({share:.1%}, allowed "
            f"{contract.max_reject_share:.1%}): {listed}; first: row {row}, {reason}, {field or 'whole row'} "
            f"{value or 'blank'}; correct the file and deliver it again"
        )
        refused[position] = Rejected(file.delivered, message, False, rows_in=rows_in, read=file, reasons=reasons)
    return refused


def _without(conformed: Conformed, refused: Iterable[int]) -> Conformed:
    gone = list(refused)
    if not gone:
        return conformed
    kept = {
        name: getattr(conformed, name).filter(~pl.col(FILE).is_in(gone))
        for name in ("bronze", "rejects", "counts", "problems")
    }
    return Conformed(match=conformed.match, **kept)


def _loaded_entries(conformed: Conformed, files: list[Read]) -> Iterable[dict[str, Any]]:
    reasons = _by_reason(conformed.rejects)
    kept: dict[int, list[str]] = {}
    problems = conformed.problems.filter("is_kept").sort(FILE, "field", "reason")
    for position, field, reason, n in problems.select(FILE, "field", "reason", "n").iter_rows():
        kept.setdefault(position, []).append(f"kept with {reason} in {field}: {n}")
    for count in conformed.counts.iter_rows(named=True):
        position = count.pop(FILE)
        file = files[position]
        yield _entry(
            file.delivered,
            "loaded",
            read=file,
            message="; ".join([*file.table.notes, *kept.get(position, [])]) or None,
            unknown_columns=_json(conformed.match.unknown),
            dropped_columns=_json(conformed.match.personal),
            rejects_by_reason=_json(reasons.get(position, {})),
            **count,
        )


def _entry(file: Delivered, status: str, *, read: Read | None = None, **known: object) -> dict[str, Any]:
    """One ledger row, without its batch."""
    counts = dict.fromkeys(("rows_in", "rows_out", "rows_quarantined", "rows_duplicate"), 0)
    how: dict[str, object] = {}
    if read is not None:
        how = {
            "reader": read.table.reader,
            "encoding": read.table.encoding,
            "header": _json(read.header),
            "corrections_applied": f"[{', '.join(read.corrections)}]",
        }
    return {
        "source": file.source,
        "source_path": file.source_path,
        "source_file_sha256": file.sha256,
        "delivered_on": file.delivered_on,
        "is_synthetic": file.is_synthetic,
        "size_bytes": file.size_bytes,
        "status": status,
        **counts,
        **how,
        **known,
    }


def _by_reason(rejects: pl.DataFrame) -> dict[int, dict[str, int]]:
    """file → reason → rejected rows, most frequent first."""
    counted = rejects.group_by(FILE, "reason").len().sort([FILE, "len", "reason"], descending=[False, True, False])
    found: dict[int, dict[str, int]] = {}
    for position, reason, n in counted.iter_rows():
        found.setdefault(position, {})[reason] = n
    return found


def _batch_id(entries: list[dict[str, Any]]) -> str:
    """`<YYYYMMDD>-<12 hex>`, from the delivery date and the contents of the files."""
    contents = "\n".join(sorted(entry["source_file_sha256"] for entry in entries))
    return f"{entries[0]['delivered_on']:%Y%m%d}-{hashlib.sha256(contents.encode()).hexdigest()[:12]}"


def _json(value: object) -> str:
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)
