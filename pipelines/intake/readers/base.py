"""What all readers share: the table handed over, the refusal, slices. No format is read here, no text decoded."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

import polars as pl

from pipelines.errors import BrokenInput

ROW = "__row"
"""Name of the Int64 column with a record's 1-based position as a person would find it: the spreadsheet row,
header and title rows counted, or the ordinal of the record in an XML, JSON or text file."""

MALFORMED = "__malformed"
"""Column of a grid: what is wrong with the row's shape, else null. Such a row is quarantined without its values."""

RECORDS_AT_ONCE = 20_000
"""Records held as Python objects before they become columns: bounds memory, costs no speed."""


class UnreadableFile(BrokenInput):
    """The content cannot be read: corrupt, truncated, hostile or of an unknown kind.

    The message says what, where in the content and what to do; the caller, who knows the file, puts its name
    in front.
    """


Beside = Literal["archive", "delivery"]
"""How far away data may be for a file without any to do no harm: in the same delivered archive, or of the same day."""


class NoData(UnreadableFile):
    """The file is of a kind that holds no records: harmless beside data, and no delivery by itself."""

    def __init__(self, message: str, what: str, beside: Beside) -> None:
        super().__init__(message)
        self.what = what
        """What it is, in a few words."""
        self.beside = beside


@dataclass(frozen=True)
class FoundTable:
    """Where one of a file's tables stands. Rows are numbered as a person finds them."""

    first_header_row: int
    last_header_row: int
    columns: tuple[str, ...]
    """Names of its columns, as they go into the frame."""
    rows: int
    """Records it has."""
    sheet: str = ""
    """Of a workbook."""


@dataclass(frozen=True)
class RawTable:
    """One delivered file as text, before any value is interpreted.

    Grain: one row per record as delivered. Every column is String, but `ROW` (Int64). Columns are named as
    delivered (tabular files) or by contract field (XML, JSON, gazette text). Missing is null, never "".
    """

    frame: pl.DataFrame
    reader: str
    """Which reader and dialect made it: "csv", "xlsx", "xml/cnipa-v2.2.1", "json/cnipr", "text/gazette" …"""
    encoding: str | None
    """One of utf-8, utf-8-sig, utf-16, utf-32, gb18030; None where the format has none of its own (workbooks)."""
    notes: tuple[str, ...] = ()
    """Title, unit, total and note rows set aside, and contradictions seen inside a file; one line each."""
    found: tuple[FoundTable, ...] = ()
    """The tables of a workbook or text; empty for formats whose records need no header."""


@dataclass(frozen=True)
class Member:
    """One readable thing: a plain file, or one file inside an archive."""

    path_in_archive: str
    """Empty for a plain file, else "inner.zip!name.csv"."""
    sha256: str
    size_bytes: int
    read: Callable[[], bytes]
    """Reads the content when called, so that a known hash costs no memory."""


def cell_columns(frame: pl.DataFrame) -> list[str]:
    """The columns of a grid or table that hold cells."""
    return [name for name in frame.columns if name not in (ROW, MALFORMED)]


_LISTED = 5


def listed(rows: Sequence[int]) -> str:
    """Row numbers as a note gives them: the first five."""
    return ", ".join(map(str, rows[:_LISTED])) + (" …" if len(rows) > _LISTED else "")


class Notes:
    """Remarks gathered while reading: one line per kind with how often it was seen and the first example."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[int, str]] = {}

    def add(self, kind: str, example: str = "") -> None:
        """Count one more remark of this kind."""
        count, first = self._seen.get(kind, (0, example))
        self._seen[kind] = (count + 1, first)

    def lines(self) -> tuple[str, ...]:
        """The remarks in order of first sight, e.g. "filler removed (3 times, first: record 2)"."""
        return tuple(
            kind if not first else f"{kind} ({count} time{'s' * (count > 1)}, first: {first})"
            for kind, (count, first) in self._seen.items()
        )


def table(
    records: Iterable[dict[str, str]],
    columns: Iterable[str],
    *,
    reader: str,
    encoding: str | None,
    notes: Notes,
) -> RawTable:
    """A RawTable of `columns` in this order, then any further key in order of first sight; blank is null.

    Rows are numbered 1, 2, … in the order given: the ordinal of the record in its file.
    """
    schema: dict[str, type[pl.String]] = dict.fromkeys(columns, pl.String)
    frames: list[pl.DataFrame] = []
    count, source = 0, iter(records)
    while (batch := list(islice(source, RECORDS_AT_ONCE))) or not frames:
        names = dict.fromkeys([*schema, *(key for record in batch for key in record)], pl.String)
        values = {name: [(record.get(name) or "").strip() or None for record in batch] for name in names}
        frames.append(pl.DataFrame(values | {ROW: range(count + 1, count + len(batch) + 1)}, names | {ROW: pl.Int64}))
        count += len(batch)
    frame = frames[0] if len(frames) == 1 else pl.concat(frames, how="diagonal").select(pl.exclude(ROW), ROW)
    return RawTable(frame, reader, encoding, notes.lines())


def slices(content: bytes, start: int, size: int) -> Iterator[memoryview]:
    """`content` from `start` on in pieces, for parsers that hand out records while they read."""
    view = memoryview(content)
    return (view[at : at + size] for at in range(start, len(view), size))
