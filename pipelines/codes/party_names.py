"""The form in which names of organisations are compared.

Belongs here: which differences in writing never distinguish two organisations. Does not belong here: which names are
natural persons' (persons.py), and which records belong to one party (SQL), where a credit code goes before a name.

Dropped are width, blanks, punctuation, middle dots, case and brackets, but not what stands in them: 样例（集团）公司 is
not 样例公司. 有限责任公司 and 有限公司 are one form of company (Company Law, Art. 8 of 2018, Art. 7 of 2023).
"""

import polars as pl

from pipelines.codes import persons
from pipelines.codes._vector import Column, per_column, scalar

_NO_LETTER = r"[^\p{L}\p{N}]"
_LONG_FORM, _SHORT_FORM = "有限责任公司", "有限公司"


def _keys(values: pl.Series) -> pl.Series:
    name = pl.col("name")
    # upper case can decompose (ŉ), so the width is folded on both sides of it
    folded = name.str.normalize("NFKC").str.to_uppercase().str.normalize("NFKC").str.replace_all(_NO_LETTER, "")
    key = folded.str.replace_all(_LONG_FORM, _SHORT_FORM, literal=True)
    is_named = persons.is_natural_person("name").not_() & (key != "")
    return values.to_frame("name").select(pl.when(is_named).then(key)).to_series()


def comparison_key(source: Column) -> pl.Expr:
    """The comparison key of a column of single names; null for natural persons and without any letter."""
    return per_column(source, _keys, pl.String)


def key(name: str | None) -> str | None:
    """`comparison_key` for one name."""
    answer: str | None = scalar(comparison_key, name)
    return answer
