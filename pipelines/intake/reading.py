"""One delivered file to a table whose columns are what they say, or the reason why not. Values are not judged here."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipelines.contracts import headers
from pipelines.contracts.model import Contract
from pipelines.errors import GateFailed
from pipelines.intake import content, corrections, damage, repeated
from pipelines.intake.corrections import Declared, GuardFailed
from pipelines.intake.discover import Delivered
from pipelines.intake.readers import read_member
from pipelines.intake.readers.base import Beside, NoData, RawTable, UnreadableFile


@dataclass(frozen=True)
class Read:
    """A file as a table, its declared errors corrected."""

    delivered: Delivered
    table: RawTable
    corrections: tuple[str, ...]
    """What was corrected, one JSON text each."""

    @property
    def header(self) -> list[str]:
        """The columns as delivered."""
        return corrections.delivered_columns(self.table.frame)


@dataclass(frozen=True)
class Aside:
    """A file of a kind that holds no records. Whether data came with it is not known here."""

    delivered: Delivered
    what: str
    """What it is, in a few words."""
    beside: Beside
    """Where data must be for it to be set aside; without any it is rejected."""
    refusal: str
    """The message then, with the file's name."""


@dataclass(frozen=True)
class Rejected:
    """A file that did not land."""

    delivered: Delivered
    message: str
    """What, where and what to do, with the file's name."""
    is_unreadable: bool
    """It could not be read as a table of its source at all, rather than failing a limit."""
    rows_in: int = 0
    read: Read | None = None
    reasons: dict[str, int] | None = None

    @property
    def source_path(self) -> str:
        """The file, relative to landing."""
        return self.delivered.source_path


def read(file: Delivered, contract: Contract, known_errors: Sequence[Declared]) -> Read | Rejected | Aside:
    """Read a file and apply the corrections declared for it.

    Aside: what holds no records by its kind, such as a drawing or a covering letter.
    Rejected: what cannot be read, lacks a required column, has a correction whose error is gone, or columns that do not
    hold what their headers say.
    """
    try:
        if file.member is None:
            raise UnreadableFile(f"{file.source_path}: {file.problem}")
        table = read_member(file.source_path, file.member.read(), file.source, packed=file.is_packed)
        return _corrected(file, table, contract, known_errors)
    except NoData as error:
        return Aside(file, error.what, error.beside, f"{error}; no data came with it")
    except UnreadableFile as error:
        return Rejected(file, str(error), is_unreadable=True)
    except (GateFailed, GuardFailed) as error:
        return Rejected(file, f"{file.source_path}: {error}", is_unreadable=False)


def _corrected(file: Delivered, table: RawTable, contract: Contract, known_errors: Sequence[Declared]) -> Read:
    names = corrections.delivered_columns(table.frame)
    match = headers.match(contract, names)
    if lacking := headers.missing(contract, set(match.fields)):
        seen = ", ".join(names)
        raise UnreadableFile(f"{file.source_path}: required column missing: {'; '.join(lacking)}; columns seen: {seen}")
    if damaged := next((name for name in match.unknown if damage.is_damaged(name)), None):
        raise UnreadableFile(
            f"{file.source_path}: encoding_damaged: the header {damaged!r} was damaged by a wrong encoding, so nobody "
            "knows what stands under it; ask the sender for the file again"
        )
    meant = [
        (where, correction)
        for where, correction in known_errors
        if correction.concerns(file.source, file.source_path, file.sha256)
    ]
    frame, applied = corrections.apply(table.frame, match, contract, meant)
    if pair := content.swapped(frame, match, contract):
        raise GateFailed(content.refusal(pair, corrections.file_name(file.source_path), contract))
    frame, more = repeated.one_row_per_value(frame, match, contract)
    return Read(file, replace(table, frame=frame, notes=(*table.notes, *more)), tuple(applied))
