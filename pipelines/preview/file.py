"""One file as intake would take it in: read, conformed and judged, nothing written."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path

import polars as pl

from pipelines.contracts import headers
from pipelines.contracts.model import Contract
from pipelines.contracts.registry import contract, contracts
from pipelines.contracts.schema import content_columns
from pipelines.errors import ConfigError
from pipelines.intake import batch, bronze
from pipelines.intake.conform import Conformed
from pipelines.intake.corrections import Declared
from pipelines.intake.discover import Delivered
from pipelines.intake.history import History
from pipelines.intake.readers.archive import members
from pipelines.intake.readers.base import FoundTable, Member
from pipelines.intake.readers.workbook_process import one_process
from pipelines.intake.reading import Aside, Read, Rejected, read
from pipelines.intake.rules import FILE
from pipelines.paths import Warehouse
from pipelines.preview import screen


@dataclass(frozen=True)
class Column:
    """What one column of a file means."""

    header: str
    field: str | None
    """Field of the contract; None for what is not part of it."""
    title: str
    unit: str
    """Unit of the figures and the contract's own, where they differ: `万元 → 元`."""
    why: str


@dataclass(frozen=True)
class Preview:
    """One readable thing: a plain file, or one file inside an archive."""

    path: str
    source: str
    refused: str | None = None
    """Why it would not land at all."""
    reader: str | None = None
    encoding: str | None = None
    remarks: tuple[str, ...] = ()
    """What the ledger would say: titles, totals and hidden parts set aside, values that are kept all the same."""
    screen: tuple[str, ...] = ()
    """What a spreadsheet program shows otherwise than it is read."""
    tables: tuple[FoundTable, ...] = ()
    """Where its tables stand; empty for records that need no header."""
    columns: tuple[Column, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)
    """rows_in, rows_out, rows_quarantined, rows_duplicate."""
    landed: pl.DataFrame = field(default_factory=pl.DataFrame)
    """The rows that would land: source_row and the contract's columns."""
    rejects: pl.DataFrame = field(default_factory=pl.DataFrame)
    """source_row, reason, field, value, raw: the rows that would be set aside."""


@dataclass(frozen=True)
class Held:
    """What a file is held against: the corrections of a landing folder, the regions of plans, earlier deliveries."""

    corrections: Sequence[Declared] = ()
    planned_regions: Callable[[str], frozenset[str]] = lambda source: frozenset()
    warehouse: Warehouse | None = None

    def history(self, declared: Contract) -> History | None:
        """The numbers of a source that landed before, where the contract says what is ordinary."""
        if self.warehouse is None:
            return None
        return History(declared, partial(bronze.landed_rows, self.warehouse, declared.source)) or None


NOTHING_HELD = Held()


@one_process()
def preview(file: Path, source: str | None = None, *, today: date, held: Held = NOTHING_HELD) -> list[Preview]:
    """What intake would make of a file delivered today, one entry for each readable thing in it.

    Without `source`: the source of the landing folder it lies in, else the one whose contract its columns fit best.
    Raises ConfigError where there is no such file or source or several fit, UnreadableFile for a damaged archive.
    """
    if not file.is_file():
        raise ConfigError(f"{file}: no such file")
    found = list(members(file))
    known = source or _of_folder(file) or _best_fitting(file, found, today)
    declared = contract(known)
    history = held.history(declared)
    outcomes = [read(_delivered(file, member, known, today), declared, held.corrections) for member in found]
    brings_data = any(not isinstance(outcome, Aside) for outcome in outcomes)
    return [_preview(outcome, declared, held, history, brings_data=brings_data) for outcome in outcomes]


def _delivered(file: Path, member: Member, source: str, today: date) -> Delivered:
    path = f"{file.name}!{member.path_in_archive}" if member.path_in_archive else file.name
    return Delivered(source, path, today, False, member.sha256, member.size_bytes, member)


def _preview(
    outcome: Read | Aside | Rejected, declared: Contract, held: Held, history: History | None, *, brings_data: bool
) -> Preview:
    path = outcome.delivered.source_path
    if isinstance(outcome, Rejected):
        return Preview(path, declared.source, refused=outcome.message)
    if isinstance(outcome, Aside):
        if not (outcome.delivered.is_packed and brings_data):
            return Preview(path, declared.source, refused=outcome.refusal)
        return Preview(path, declared.source, remarks=(f"{outcome.what}: no data",))
    group = batch.judged([outcome], declared, held.planned_regions(declared.source))
    if history:
        batch.hold_against(history, [group])
    conformed = group.conformed
    judged = group.refused.get(0)
    return Preview(
        path=path,
        source=declared.source,
        refused=judged.message if judged else None,
        reader=outcome.table.reader,
        encoding=outcome.table.encoding,
        remarks=tuple(group.remarks()[0]),
        screen=tuple(_screen(outcome)),
        tables=outcome.table.found,
        columns=tuple(_columns(outcome, conformed, declared)),
        counts=conformed.counts.drop(FILE).row(0, named=True),
        landed=conformed.bronze.select("source_row", *(column.name for column in content_columns(declared))),
        rejects=conformed.rejects.drop(FILE),
    )


def _screen(outcome: Read) -> Iterator[str]:
    if outcome.table.reader == "csv":
        yield from screen.of_text(outcome.table.frame, outcome.table.encoding)
    elif outcome.table.reader == "xlsx" and outcome.delivered.member:
        yield from screen.of_workbook(outcome.delivered.member.read())


def _columns(outcome: Read, conformed: Conformed, declared: Contract) -> Iterator[Column]:
    match = conformed.match
    field_of = {header: name for name, header in match.fields.items()}
    for header in outcome.header:
        if header in match.personal:
            yield Column(header, None, "", "", "personal data: never kept")
        elif header in field_of:
            own = declared.field(field_of[header])
            yield Column(
                header, own.name, own.title.zh, _unit(own.name, match, declared), _why(header, own.name, declared)
            )
        elif header in match.ordinals:
            yield Column(header, None, "", "", "running number of the list: not kept")
        else:
            yield Column(header, None, "", "", "not in the contract: kept beside the row, counted nowhere")


def _unit(name: str, match: headers.Match, declared: Contract) -> str:
    unit = declared.field(name).unit
    if unit is None:
        return ""
    said = match.units.get(name)
    if said is None:
        return f"{unit.to}, or what the cell says" if not unit.required else "what the cell says"
    return said if said == unit.to else f"{said} → {unit.to}"


def _why(header: str, name: str, declared: Contract) -> str:
    """By which of the contract's names a header was recognised."""
    own = declared.field(name)
    bare = headers.normalise(headers.split_unit(header)[0])
    for what, names in (("its title", (own.title.zh, own.title.en)), ("its name", (own.name,))):
        if bare in map(headers.normalise, names) or headers.normalise(header) in map(headers.normalise, names):
            return what
    alias = next((one for one in own.headers if headers.normalise(one) in (bare, headers.normalise(header))), None)
    return f"one of its headers, {alias}" if alias else "its header and unit"


def _of_folder(file: Path) -> str | None:
    """The source in whose landing folder a file lies: `<source>/<YYYY-MM-DD>/…` or `<source>/…`."""
    return next((part for part in reversed(file.resolve().parts[:-1]) if part in contracts()), None)


def _best_fitting(file: Path, found: Sequence[Member], today: date) -> str:
    """The source of which most columns are recognised in the first thing that can be read."""
    for member in found:
        scores: dict[str, tuple[int, int]] = {}
        for source, declared in contracts().items():
            outcome = read(_delivered(file, member, source, today), declared, ())
            if isinstance(outcome, Read):
                match = headers.match(declared, outcome.header)
                scores[source] = len(match.fields), -len(match.unknown)
        best = [source for source, score in scores.items() if score == max(scores.values())]
        if len(best) == 1:
            return best[0]
        if best:
            raise ConfigError(f"{file.name} may be any of {', '.join(best)}; say which with --source")
    raise ConfigError(
        f"{file.name} fits no source; say with --source what it is meant to be, and the answer will say what it lacks"
    )
