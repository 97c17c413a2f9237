"""What people and databases write where nothing was entered: found by meaning, before a value is read.

Belongs here: comparing a cell with the contract's sentinels. Does not belong here: the sentinels themselves and which
of them a field can mean (contracts), and days that mean "no date" (fields.py, which reads days).

Width, case, blanks, brackets, quotes, closing points and the length of a dash do not count: `（ＮＵＬＬ）`, `暂 无`,
`——`.
"""

import re
from functools import cache

import polars as pl

from pipelines.codes import text
from pipelines.contracts.headers import Match
from pipelines.contracts.model import Contract, SourceField

_NAMES = ("party_name", "party_list", "person_name")
_AROUND = "()<>[]{}\"'`“”‘’《》【】「」.,;:。、"
_ZERO_DAYS = r"^\s*[0０]|^\s*1900[^0-9]+0?1[^0-9]+00?(?:[^0-9]|$)"  # no other sentinel has a digit
_LONGEST = 32  # characters; with a few blanks inside
_MIDNIGHT = r"^(.*?[0-9])t?0?0:00(?::00(?:-0+)?)?z?$"


def _folded(cell: pl.Expr) -> pl.Expr:
    """A cell as it is compared, brackets included: one width, small letters, no blanks, a sign once for a run of it."""
    plain = text.fold(cell).fill_null("").str.to_lowercase().str.replace_all("[─━]", "-")
    return plain.str.replace_all(r"([-/\\*_])[-/\\*_]+", "$1")


def _bare(folded: pl.Expr) -> pl.Expr:
    return folded.str.strip_chars(_AROUND)


def _as_day(bare: pl.Expr) -> pl.Expr:
    """A folded date with one kind of separator and without midnight."""
    return bare.str.replace_all("[./年月]", "-").str.replace(_MIDNIGHT, "$1").str.strip_chars_end("日")


def _found(cells: pl.Series, contract: Contract, field: SourceField | None) -> pl.Series:
    """Those different cells that mean "nothing" in a column of this field (none: a column the contract has not)."""
    is_date = field is not None and field.type == "date"
    words, days, genuine = _sentinels(contract, field.name if field else None)
    opening = _opening(tuple(words)) + (f"|{_ZERO_DAYS}" if is_date else "")
    if is_date:
        opening += "|" + _opening(tuple(days))
    cells = cells.filter(cells.str.contains(opening) & (cells.str.len_chars() <= _LONGEST))
    if cells.is_empty():
        return cells
    folded = _folded(pl.col("cell"))
    is_nothing = (_bare(folded) == "") | _bare(folded).is_in(words)
    if is_date:
        is_nothing |= _as_day(_bare(folded)).is_in(days)
    return cells.unique().alias("cell").to_frame().filter(is_nothing & ~folded.is_in(genuine)).to_series()


@cache
def _opening(words: tuple[str, ...]) -> str:
    """What a cell looks like that may be one of these folded words: signs only, or signs and a word's first letter.

    Most cells are told by it without being folded.
    """
    first = {letter for word in words if (letter := re.sub(r"[\W_]", "", word)[:1])}
    wide = {chr(ord(letter) + 0xFEE0) for letter in first | {one.upper() for one in first} if "!" <= letter <= "~"}
    letters = "".join(sorted(first | {one.upper() for one in first} | wide))
    return rf"^[^\p{{L}}\p{{N}}]*(?:$|[{letters}])"


@cache
def _sentinels(contract: Contract, name: str | None) -> tuple[list[str], list[str], list[str]]:
    """The contract's words and dates for "nothing" as cells are compared with them, and the field's genuine words."""
    field = contract.field(name) if name else None

    def compared(written: list[str], how: pl.Expr) -> list[str]:
        return pl.Series("cell", written, dtype=pl.String).to_frame().select(how).to_series().unique().to_list()

    folded = _folded(pl.col("cell"))
    own, genuine = (field.sentinels, field.genuine) if field else ([], [])
    return (
        compared([*contract.sentinels, *own], _bare(folded)),
        compared(contract.date_sentinels, _as_day(_bare(folded))),
        compared(genuine, folded),
    )


def entered(cells: pl.Series, contract: Contract, field: SourceField) -> pl.Series:
    """A delivered column of a field with null for every cell that means "nothing was entered"."""
    nothing = _found(cells, contract, field)
    if nothing.is_empty():
        return cells
    return cells.to_frame().select(pl.when(~pl.col(cells.name).is_in(nothing.implode())).then(cells.name)).to_series()


def without_nobody(raw: pl.DataFrame, match: Match, contract: Contract) -> pl.DataFrame:
    """A delivered table in whose columns of names no placeholder stands, alone or among several names in a cell.

    Before anything else is done with names: `None` is neither a party nor a natural person.
    """
    named = {header: contract.field(name) for name, header in match.fields.items()}
    known = {header: field for header, field in named.items() if field.type in _NAMES}
    unknown = dict.fromkeys(header for header in match.unknown if contract.names_parties(header))
    return raw.with_columns(
        _somebody(raw[header], contract, field).alias(header) for header, field in (known | unknown).items()
    )


def _somebody(cells: pl.Series, contract: Contract, field: SourceField | None) -> pl.Series:
    several = cells.str.contains("[;；|｜]").fill_null(False)
    names = cells.filter(several).unique()
    split = names.alias("cell").to_frame().with_columns(name=text.split_multi("cell")).explode("name")
    nobody = pl.concat([_found(cells.filter(~several), contract, field), _found(split["name"], contract, field)])
    if nobody.is_empty():
        return cells
    left = split.filter(~pl.col("name").is_in(nobody.implode())).group_by("cell").agg(pl.col("name").str.join(";"))
    changed = names.alias("cell").to_frame().join(left, on="cell", how="left")
    written = dict.fromkeys(nobody) | dict(changed.iter_rows())
    return cells.replace(list(written), pl.Series(list(written.values()), dtype=pl.String))
