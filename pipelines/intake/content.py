"""Columns whose content contradicts their header: two columns swapped by whoever made the list.

Belongs here: recognising by content what a column holds, and the refusal with the correction to declare. A single odd
value is the row rules' business (fields.py); applying a correction is corrections.py's.
"""

from collections.abc import Mapping

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
    filled = {
        field: header
        for field, header in match.fields.items()
        if header in frame.columns and frame.height - frame[header].null_count() >= _FEW
    }
    kinds = {field: contract.field(field).type for field in filled}
    fit = _shares(frame, {field: (header, kinds[field]) for field, header in filled.items()})
    for field, share in fit.items():
        if share >= _CONTRADICTS:
            continue
        strangers = {
            other: (filled[other], kinds[field])
            for other, own in kinds.items()
            if other != field and own != kinds[field] and fit.get(other, 0) < _CONTRADICTS
        }
        for other, candidate in _shares(frame, strangers).items():
            if candidate >= _FITS:
                return filled[field], filled[other]
    return None


def refusal(pair: tuple[str, str], file: str, contract: Contract) -> str:
    """The sentence that names both columns and the correction to declare."""
    first, second = pair
    return (
        f"the column {first!r} does not hold what its header says, the column {second!r} does: they look swapped; "
        f"get a corrected file, or declare it in landing/corrections/<date>/<name>.yaml: "
        f"{{source: {contract.source}, file: {file}, action: swap_columns, columns: [{first}, {second}], reason: …}}"
    )


def _shares(frame: pl.DataFrame, asked: Mapping[str, tuple[str, str]]) -> dict[str, float]:
    """By field, of a column and a kind, how much of the column looks like it; fields of other types are left out.

    Judged by values spread over the whole column, blanks left out.
    """
    shares = [
        _sample(frame[header]).str.contains(RECOGNISED[kind]).mean().alias(field)
        for field, (header, kind) in asked.items()
        if kind in RECOGNISED
    ]
    return frame.select(shares).row(0, named=True) if shares else {}


def _sample(column: pl.Series) -> pl.Expr:
    filled = len(column) - column.null_count()
    return pl.col(column.name).drop_nulls().gather_every(max(1, filled // _SAMPLED))
