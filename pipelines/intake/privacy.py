"""What a natural person's data looks like in columns that are kept for reference, and its removal.

Columns of the contract are protected where they are read (fields.py); columns whose header says they are personal are
dropped before. Here: unknown columns that name parties or hold addresses, numbers of persons inside free text, and
the raw row that goes to quarantine.
"""

import re

import polars as pl

from pipelines.codes import persons
from pipelines.codes import text as texts
from pipelines.contracts.headers import Match
from pipelines.contracts.model import Contract

_MASK = "***"
# 18-digit identity numbers, recognised by the date of birth inside, and mobile numbers
_IDENTITY = r"(?-u:\b)[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?-u:\b)"
_MOBILE = r"(?-u:\b)1[3-9]\d{9}(?-u:\b)"


def mask_numbers(text: pl.Expr) -> pl.Expr:
    """Identity and mobile numbers inside a text starred out."""
    return text.str.replace_all(_IDENTITY, _MASK).str.replace_all(_MOBILE, _MASK)


def masked_names(text: pl.Series) -> pl.Series:
    """A column of one or several names per cell, joined by `;`, with every natural person masked; null stays null."""
    cells = text.unique().alias("cell").to_frame().with_columns(name=texts.split_multi("cell")).explode("name")
    joined = (
        cells.with_columns(name=persons.mask("name"))
        .group_by("cell", maintain_order=True)
        .agg(names=pl.when(pl.col("name").is_not_null().any()).then(pl.col("name").str.join(";")).first())
    )
    return (
        text.alias("cell")
        .to_frame()
        .join(joined, on="cell", how="left", nulls_equal=True, maintain_order="left")["names"]
    )


def mask_unknown(frame: pl.DataFrame, unknown: tuple[str, ...], contract: Contract) -> pl.DataFrame:
    """Mask natural persons and cut addresses in columns the contract does not know."""
    party, address = (_pattern(patterns) for patterns in (contract.party_headers, contract.address_headers))
    masked = [masked_names(frame[name]).alias(name) for name in unknown if party.search(name)]
    cut = [_cut(name) for name in unknown if address.search(name) and not party.search(name)]
    return frame.with_columns(*masked, *cut)


def mask_known(frame: pl.DataFrame, match: Match, contract: Contract) -> pl.DataFrame:
    """The same for the contract's own parties and their addresses, as they stand in a delivered row."""
    masked: list[pl.Series] = []
    cut: list[pl.Expr] = []
    for field, header in match.fields.items():
        if header not in frame.columns:
            continue
        declared = contract.field(field)
        if declared.personal == "mask":
            masked.append(masked_names(frame[header]).alias(header))
        elif declared.party:
            owner = match.fields.get(declared.party)
            is_person = persons.is_natural_person(texts.split_multi(owner).list.first()) if owner else pl.lit(True)
            cut.append(pl.when(is_person.fill_null(True)).then(_cut(header)).otherwise(header).alias(header))
    return frame.with_columns(*masked, *cut)


def _pattern(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(patterns) or "(?!)", re.IGNORECASE)


def _cut(column: str) -> pl.Expr:
    return persons.truncate_after_district(column).struct.field("address").alias(column)
