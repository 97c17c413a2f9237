"""Cleaning of text cells: what is damage and what is content (domain D.8).

Belongs here: blanks, invisible characters, character width, several values in one cell.
Does not belong here: sentinels such as 暂无 (contracts) and the meaning of any value (the other modules).

Names keep their printed characters: `（` in a company name is content. Codes are folded to plain ASCII width.
"""

import polars as pl

from pipelines.codes._vector import Column, column

# HTML's non-breaking blank spelled out, any Unicode separator (NBSP, EN SPACE as the gazette uses, ideographic blank)
# and control characters such as CR LF inside a cell.
_BLANKS = r"(?i:&nbsp;?)|[\s\p{Z}\p{Cc}]"
_INVISIBLE = r"[\p{Cf}]"  # zero-width characters, byte-order marks, direction marks
_NO_CHARACTER = r"[\p{Cf}\p{M}]"  # nor are accents that stand by themselves part of a number
_DASHES = r"[\u2010-\u2015\u2212\uFE58\uFE63]"  # a spreadsheet likes to turn a hyphen into one of these


def _null_if_empty(text: pl.Expr) -> pl.Expr:
    return pl.when(text != "").then(text)


def clean(source: Column) -> pl.Expr:
    """A name, title or address without damage: one blank between words, no invisible characters, no trailing `;`.

    Character width is left alone. Empty text becomes null. Not for multi-valued cells: see `split_multi`.
    """
    text = column(source).str.replace_all(_INVISIBLE, "").str.replace_all(f"(?:{_BLANKS})+", " ")
    return _null_if_empty(text.str.replace(r"[;； ]+$", "").str.strip_chars(" "))


def narrow(source: Column) -> pl.Expr:
    """`clean`, then full-width digits, letters and punctuation in their ASCII form (NFKC) and one kind of hyphen."""
    return clean(clean(source).str.normalize("NFKC").str.replace_all(_DASHES, "-"))


def fold(source: Column) -> pl.Expr:
    """Text of an identifier: ASCII width, no blanks at all, upper case, no trailing `;`. Empty text becomes null."""
    text = column(source).str.normalize("NFKC").str.to_uppercase().str.replace_all(f"{_NO_CHARACTER}|{_BLANKS}", "")
    return _null_if_empty(text.str.replace_all(_DASHES, "-").str.strip_chars_end(";"))


def split_multi(source: Column, *, comma: bool = False) -> pl.Expr:
    """The values of a multi-valued cell as a list of clean texts; null where the cell is null or holds none.

    Splits on `;`, `；` and `|`, with `comma` also on `,`, `，` and `、` (classification symbols only: names contain
    commas). A blank lost in conversion stands as `??` after the separator, and is dropped there and only there:
    elsewhere it is a character nobody can restore.
    """
    separator = r"[;；|｜,，、]" if comma else r"[;；|｜]"
    parts = (
        column(source)
        .str.replace_all(_INVISIBLE, "")
        .str.replace_all(rf"{separator}(?:{_BLANKS}|\?\?)*", ";")
        .str.split(";")
        .list.eval(clean(pl.element()).drop_nulls())
    )
    return pl.when(parts.list.len() > 0).then(parts)
