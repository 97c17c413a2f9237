"""Columns whose content contradicts their header: two columns swapped by whoever made the list.

Belongs here: recognising by content what a column holds, and the refusal with the correction to declare. A single odd
value is the row rules' business (fields.py); applying a correction is corrections.py's.
"""

import polars as pl

from pipelines.contracts.headers import Match
from pipelines.contracts.model import Contract

_SAMPLED = 2_000
_FEW = 5
"""Below so many values a column says nothing."""
_FITS, _CONTRADICTS = 0.8, 0.2
"""Shares of a column's values above which it holds the kind of thing, and below which it certainly does not."""

RECOGNISED = {
    "date": r"^\s*(?:\d{4}\s*[-./年]\s*\d{1,2}|(?:19|20)\d{6}\s*$)",
    "application_no": r"^(?:CN|ZL)?\s*(?:\d{8}[.]?[\dXx]|\d{12}[.]?[\dXx]?|\d(?:\.\d+)?[Ee]\+?\d+|\d{15})\s*$",
    "publication_no": r"^\s*CN\s*\d{7,9}\s*[A-Za-z]?\d?\s*$",
    "ipc_list": r"^\s*(?:[A-Ha-h]\d{2}[A-Za-z]|LOC|\d{2}-\d{2})",
    "address": r"^\s*\d{6}\D|省|自治区|[市县州]|^.{0,6}[国湾港澳]|^日本|路.{0,8}号|^.{1,8}区",
}
"""What a value of a field type looks like at a glance. Types without an entry look like nothing in particular."""


def swapped(frame: pl.DataFrame, match: Match, contract: Contract) -> tuple[str, str] | None:
    """Headers of two columns of which the first holds what it should not and the second what the first should hold.

    `frame` is the table as delivered, personal columns included. None where every column may be what its header says.
    """
    if frame.height < _FEW:
        return None
    headers = {field: header for field, header in match.fields.items() if header in frame.columns}
    values = {field: _sample(frame[header]) for field, header in headers.items()}
    judged = {field: text for field, text in values.items() if len(text) >= _FEW}
    for field, text in judged.items():
        kind = contract.field(field).type
        if kind not in RECOGNISED or _share(text, kind) >= _CONTRADICTS:
            continue
        for other, candidate in judged.items():
            own = contract.field(other).type
            at_home = own in RECOGNISED and _share(candidate, own) >= _CONTRADICTS
            if other != field and own != kind and not at_home and _share(candidate, kind) >= _FITS:
                return headers[field], headers[other]
    return None


def refusal(pair: tuple[str, str], file: str, contract: Contract) -> str:
    """The sentence that names both columns and the correction to declare."""
    first, second = pair
    return (
        f"the column {first!r} does not hold what its header says, the column {second!r} does: they look swapped; "
        f"get a corrected file, or declare it in landing/corrections/<date>/<name>.yaml: "
        f"{{source: {contract.source}, file: {file}, action: swap_columns, columns: [{first}, {second}], reason: …}}"
    )


def _sample(column: pl.Series) -> pl.Series:
    """Values spread over the whole column, blanks left out."""
    filled = column.drop_nulls()
    return filled.gather_every(max(1, len(filled) // _SAMPLED))


def _share(text: pl.Series, kind: str) -> float:
    return float(text.str.contains(RECOGNISED[kind]).mean() or 0.0)  # type: ignore[arg-type]
