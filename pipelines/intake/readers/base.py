"""What every reader hands over and how a reader refuses. Types only: no format is read here."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from pipelines.errors import BrokenInput

ROW = "__row"
"""Name of the Int64 column with a record's 1-based position as a person would find it: the spreadsheet row,
header and title rows counted, or the ordinal of the record in an XML, JSON or text file."""


class UnreadableFile(BrokenInput):
    """The content cannot be read: corrupt, truncated, hostile or of an unknown kind (what, where, what to do)."""


@dataclass(frozen=True)
class RawTable:
    """One delivered file as text, before any value is interpreted.

    Grain: one row per record as delivered. Every column is String, but `ROW` (Int64). Columns are named as
    delivered (tabular files) or by contract field (XML, JSON, gazette text). A missing value is null, never "".
    """

    frame: pl.DataFrame
    reader: str
    """Which reader and dialect made it: "csv", "xlsx", "xml/cnipa-v2.2.1", "json/cnipr", "text/gazette" …"""
    encoding: str | None
    """One of utf-8, utf-8-sig, utf-16, gb18030; None where the format has none of its own (workbooks)."""
    notes: tuple[str, ...] = ()
    """Title, unit, total and note rows set aside, and contradictions seen inside a file; one line each."""


@dataclass(frozen=True)
class Member:
    """One readable thing: a plain file, or one file inside an archive."""

    path_in_archive: str
    """Empty for a plain file, else "inner.zip!name.csv"."""
    sha256: str
    size_bytes: int
    read: Callable[[], bytes]
    """Reads the content when called, so that a known hash costs no memory."""


def table(
    records: Sequence[dict[str, str]],
    columns: Iterable[str],
    *,
    reader: str,
    encoding: str | None,
    notes: Iterable[str] = (),
) -> RawTable:
    """A RawTable of `columns` in this order, then any further key in order of first sight; blanks become null.

    Rows are numbered 1, 2, … in the order given: the ordinal of the record in its file.
    """
    names = list(dict.fromkeys([*columns, *(key for record in records for key in record)]))
    values: dict[str, list[str | None]] = {
        name: [(record.get(name) or "").strip() or None for record in records] for name in names
    }
    frame = pl.DataFrame(values, schema=dict.fromkeys(names, pl.String)).with_columns(
        pl.Series(ROW, range(1, len(records) + 1), dtype=pl.Int64)
    )
    return RawTable(frame=frame, reader=reader, encoding=encoding, notes=tuple(notes))
