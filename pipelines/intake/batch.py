"""Batches in the making: files read, conformed, judged and gathered by delivery date until they are landed.

Belongs here: what a batch holds and its ledger rows. Does not belong here: which files come (source.py), how they are
written (bronze.py), and the rules for rows (conform.py).

Conforming costs the same for one row as for a thousand, so files of one shape are conformed together whatever day they
came, and then cut into the piles of their days again.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

import polars as pl

from pipelines.contracts.model import Contract
from pipelines.contracts.schema import DELIVERED_FIELDS, DELIVERED_FILES, QUARANTINE, bronze_schema, schema
from pipelines.intake.bronze import Batch
from pipelines.intake.conform import Conformed, conform
from pipelines.intake.discover import Delivered
from pipelines.intake.history import History
from pipelines.intake.plausible import IMPLAUSIBLE
from pipelines.intake.profile import field_profile
from pipelines.intake.reading import Aside, Read, Rejected
from pipelines.intake.rules import FILE

ROWS_TOGETHER = 100_000
"""Rows of small files that are conformed in one go."""

_FILES, _FIELDS, _QUARANTINE = schema(DELIVERED_FILES), schema(DELIVERED_FIELDS), schema(QUARANTINE)

Shape = tuple[str, ...]
"""The columns of a table as delivered, in order."""


@dataclass(frozen=True)
class Piece:
    """What files of one shape and day became: frames in the schemas of `contracts.schema`, the batch not named yet."""

    bronze: pl.DataFrame
    quarantine: pl.DataFrame
    fields: pl.DataFrame
    entries: list[dict[str, Any]]
    """Ledger rows of the files that land."""


class Pile:
    """The files of one delivery date that will be one batch."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._duplicates: list[Delivered] = []
        self._aside: list[Aside] = []
        self._pieces: dict[Shape, list[Piece]] = {}
        self.rows = 0
        """Rows of the files that were added."""

    def expect(self, file: Read) -> None:
        """Count a file that will come as part of a piece; shapes keep the order of their first file."""
        self._pieces.setdefault(_shape(file), [])
        self.rows += file.table.frame.height

    def add(self, shape: Shape, piece: Piece) -> None:
        """Take files of one shape, conformed."""
        self._pieces[shape].append(piece)

    def add_duplicate(self, file: Delivered) -> None:
        """Take a file whose content is known: recorded, nothing loaded."""
        self._duplicates.append(file)

    def add_aside(self, file: Aside) -> None:
        """Take a file that holds no records, beside files that do: recorded, nothing loaded."""
        self._aside.append(file)

    def batch(self) -> Batch | None:
        """Everything gathered, as one batch with its ledger; None if nothing is to be recorded."""
        pieces = [piece for found in self._pieces.values() for piece in found]
        entries = [entry for piece in pieces for entry in piece.entries]
        entries += [_entry(file, "duplicate_content", message=_KNOWN) for file in self._duplicates]
        entries += [_entry(file.delivered, "no_data", message=f"{file.what}: no data") for file in self._aside]
        if not entries:
            return None
        entries.sort(key=lambda entry: entry["source_path"])
        batch_id = _batch_id(entries)
        columns = bronze_schema(self._contract)
        return Batch(
            source=self._contract.source,
            batch_id=batch_id,
            bronze=_together([piece.bronze for piece in pieces], batch_id, columns),
            quarantine=_together([piece.quarantine for piece in pieces], batch_id, _QUARANTINE),
            files=pl.DataFrame([entry | {"batch_id": batch_id} for entry in entries], schema=_FILES),
            fields=_together([piece.fields for piece in pieces], batch_id, _FIELDS),
        )


class Waiting:
    """Files that were read and wait, each with the pile of its day, to be conformed together."""

    def __init__(self, contract: Contract, planned_regions: frozenset[str], history: History) -> None:
        self._contract = contract
        self._planned_regions = planned_regions
        self._history = history
        self._files: list[tuple[Pile, Read]] = []
        self._rows = 0

    def add(self, file: Read, pile: Pile) -> None:
        """Take a file for a pile."""
        pile.expect(file)
        self._files.append((pile, file))
        self._rows += file.table.frame.height

    def is_enough(self) -> bool:
        """Whether conforming what waits is worth its fixed cost, and waiting longer not worth the memory."""
        return self._rows >= ROWS_TOGETHER

    def conform(self) -> list[Rejected]:
        """Conform the files that wait and give them to their piles; returns those that must not land."""
        shapes: dict[Shape, list[tuple[Pile, Read]]] = {}
        for pile, file in self._files:
            shapes.setdefault(_shape(file), []).append((pile, file))
        self._files, self._rows = [], 0
        groups = [
            judged([file for _, file in found], self._contract, self._planned_regions) for found in shapes.values()
        ]
        if self._history:
            hold_against(self._history, groups)
        for (shape, found), group in zip(shapes.items(), groups, strict=True):
            self._pile(shape, found, group)
        return [rejected for group in groups for rejected in group.refused.values()]

    def _pile(self, shape: Shape, found: list[tuple[Pile, Read]], group: "Group") -> None:
        whole = _piece(group, self._contract)
        start = 0
        for _, run in groupby(enumerate(found), key=lambda numbered: id(numbered[1][0])):
            numbered = list(run)
            end = numbered[-1][0] + 1
            numbered[0][1][0].add(shape, whole.cut(start, end))
            start = end


@dataclass(frozen=True)
class Group:
    """Files of one shape, conformed; by position those that must not land, and what else is to be said of the rest."""

    files: list[Read]
    conformed: Conformed
    refused: dict[int, Rejected]
    notes: dict[int, list[str]]

    def remarks(self) -> dict[int, list[str]]:
        """By position what the ledger says of a file that lands: what was set aside, kept all the same, unusual."""
        kept: dict[int, list[str]] = {}
        problems = self.conformed.problems.filter("is_kept").sort(FILE, "field", "reason")
        for position, field, reason, n in problems.select(FILE, "field", "reason", "n").iter_rows():
            kept.setdefault(position, []).append(f"kept with {reason} in {field}: {n}")
        return {
            position: [*file.table.notes, *kept.get(position, []), *self.notes.get(position, [])]
            for position, file in enumerate(self.files)
        }


def judged(files: list[Read], contract: Contract, planned_regions: frozenset[str]) -> Group:
    """Files of one shape, conformed, and judged by what each holds; earlier deliveries are not asked."""
    days = [file.delivered.delivered_on for file in files]
    conformed = conform([file.table.frame for file in files], contract, days, planned_regions)
    notes: dict[int, list[str]] = {}
    for position, note in conformed.notes.select(FILE, "note").iter_rows():
        notes.setdefault(position, []).append(note)
    return Group(files, conformed, _judge(conformed, files, contract), notes)


def hold_against(history: History, groups: list[Group]) -> None:
    """Judge files by earlier deliveries, oldest first, since each that lands is history for those of later days."""
    days: dict[date, list[tuple[Group, int]]] = {}
    for group in groups:
        for position, file in enumerate(group.files):
            if position not in group.refused:
                days.setdefault(file.delivered.delivered_on, []).append((group, position))
    values = {id(group): group.conformed.values.partition_by(FILE, as_dict=True) for group in groups}
    rows = {id(group): group.conformed.bronze.partition_by(FILE, as_dict=True) for group in groups}
    for day, found in sorted(days.items()):
        asked = [values[id(group)].get((position,)) for group, position in found]
        verdicts = history.judge(day, {n: one for n, one in enumerate(asked) if one is not None})
        landing = []
        for n, (group, position) in enumerate(found):
            verdict, file = verdicts.get(n), group.files[position]
            if verdict and verdict.refusal:
                group.refused[position] = _implausible(file, verdict.refusal)
                continue
            if verdict:
                group.notes.setdefault(position, []).extend(verdict.notes)
            if (here := rows[id(group)].get((position,))) is not None:
                path, delivered_on = pl.lit(file.delivered.source_path), pl.lit(day)
                landing.append(here.with_columns(source_path=path, delivered_on=delivered_on))
        if landing:
            history.add(pl.concat(landing))


def _implausible(file: Read, message: str) -> Rejected:
    rows = file.table.frame.height
    said = f"{file.delivered.source_path}: {message}"
    return Rejected(file.delivered, said, False, rows_in=rows, read=file, reasons={IMPLAUSIBLE: rows})


def _shape(file: Read) -> Shape:
    return tuple(file.table.frame.columns)


def _together(frames: list[pl.DataFrame], batch_id: str, columns: pl.Schema) -> pl.DataFrame:
    """Frames of one batch as one, with its name."""
    filled = [frame for frame in frames if frame.height]
    if not filled:
        return pl.DataFrame(schema=columns)
    together = filled[0] if len(filled) == 1 else pl.concat(filled)
    return together.with_columns(pl.lit(batch_id).alias("batch_id"))


@dataclass(frozen=True)
class _Rows:
    """Rows of several files in the order of the files, and where each file's begin; the last number is the end."""

    frame: pl.DataFrame
    starts: list[int]

    def cut(self, start: int, end: int) -> pl.DataFrame:
        return self.frame.slice(self.starts[start], self.starts[end] - self.starts[start])


@dataclass(frozen=True)
class _Whole:
    """A piece of many days, before it is cut."""

    bronze: _Rows
    quarantine: _Rows
    fields: _Rows
    entries: dict[int, dict[str, Any]]

    def cut(self, start: int, end: int) -> Piece:
        """The piece of the files from `start` up to, not including, `end`."""
        return Piece(
            bronze=self.bronze.cut(start, end),
            quarantine=self.quarantine.cut(start, end),
            fields=self.fields.cut(start, end),
            entries=[self.entries[position] for position in range(start, end) if position in self.entries],
        )


def _piece(group: Group, contract: Contract) -> _Whole:
    conformed, files = _without(group.conformed, group.refused), group.files
    origin = pl.DataFrame(
        {
            FILE: range(len(files)),
            "source": [file.delivered.source for file in files],
            "source_path": [file.delivered.source_path for file in files],
            "source_file_sha256": [file.delivered.sha256 for file in files],
            "delivered_on": [file.delivered.delivered_on for file in files],
            "is_synthetic": [file.delivered.is_synthetic for file in files],
            "batch_id": [None] * len(files),
        },
        schema_overrides={FILE: pl.Int64, "batch_id": pl.String},
    )

    def stamped(frame: pl.DataFrame, columns: pl.Schema) -> _Rows:
        starts = frame[FILE].search_sorted(pl.Series(range(len(files) + 1), dtype=pl.Int64))
        joined = frame.join(origin, on=FILE, how="left", maintain_order="left")
        return _Rows(joined.select(columns.names()), starts.to_list())

    return _Whole(
        bronze=stamped(conformed.bronze, bronze_schema(contract)),
        quarantine=stamped(conformed.rejects, _QUARANTINE),
        fields=stamped(field_profile(conformed, contract), _FIELDS),
        entries=dict(_loaded_entries(group, conformed)),
    )


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
    return pl.DataFrame(entries, schema=_FILES)


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
        for name in ("bronze", "rejects", "counts", "problems", "notes", "values")
    }
    return Conformed(match=conformed.match, **kept)


def _loaded_entries(group: Group, conformed: Conformed) -> Iterable[tuple[int, dict[str, Any]]]:
    """Position and ledger row of every file that lands."""
    reasons, remarks = _by_reason(conformed.rejects), group.remarks()
    for count in conformed.counts.iter_rows(named=True):
        position = count.pop(FILE)
        file = group.files[position]
        yield (
            position,
            _entry(
                file.delivered,
                "loaded",
                read=file,
                message="; ".join(remarks[position]) or None,
                unknown_columns=_json(conformed.match.unknown),
                dropped_columns=_json(conformed.match.personal),
                rejects_by_reason=_json(reasons.get(position, {})),
                **count,
            ),
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
    """`<YYYYMMDD>-<12 hex>`, from the delivery date and the contents of the files.

    A batch that loads nothing is told by the paths too: another one of the same day may hold the same contents.
    """
    loads_nothing = all(entry["status"] != "loaded" for entry in entries)
    told_by = ["source_file_sha256", *["source_path"] * loads_nothing]
    contents = "\n".join(sorted(" ".join(entry[name] for name in told_by) for entry in entries))
    return f"{entries[0]['delivered_on']:%Y%m%d}-{hashlib.sha256(contents.encode()).hexdigest()[:12]}"


def _json(value: object) -> str:
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)
