"""What a natural person's data looks like in columns that are kept for reference, and its removal.

Columns of the contract are protected where they are read (fields.py); columns whose header says they are personal are
dropped before. Here: unknown columns that name parties or hold addresses, numbers of persons inside free text, and
the raw row that goes to quarantine.
"""

import re

import polars as pl

from pipelines.codes import credit_code, persons
from pipelines.codes import text as texts
from pipelines.contracts.headers import Match
from pipelines.contracts.model import Contract

_MASK = "***"
# Digits that stand alone: nothing, or a letter, on either side ("tel13800000000").
_LEFT, _RIGHT = r"(?:(?-u:\b)|(?<left>[A-Za-z_]))", r"(?:(?-u:\b)|(?<right>[A-Za-z_]))"
_BORN = r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
# 18-digit identity numbers, recognised by the date of birth inside, and mobile numbers
_IDENTITY = rf"{_LEFT}[1-9][0-9]{{5}}{_BORN}[0-9]{{3}}[0-9Xx]{_RIGHT}"
_MOBILE = rf"{_LEFT}1[3-9][0-9][- ]?[0-9]{{4}}[- ]?[0-9]{{4}}{_RIGHT}"
# A cell that holds nothing but an identity number, which opens with the code of a province.
_RESIDENT = rf"^(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])[0-9]{{4}}{_BORN}[0-9]{{3}}[0-9X]$"
_WIDE_DIGIT = dict(zip("０１２３４５６７８９", "0123456789", strict=True))
_MOST_NAMES = 6  # of a row's parties, looked for in its free text


def mask_numbers(text: pl.Expr) -> pl.Expr:
    """Identity and mobile numbers inside a text starred out."""
    mask = f"${{left}}{_MASK}${{right}}"
    return text.str.replace_all(_IDENTITY, mask).str.replace_all(_MOBILE, mask)


def has_identity_number(column: str) -> pl.Expr:
    """Whether a cell is a person's identity number; false for null."""
    return texts.fold(column).str.contains(_RESIDENT).fill_null(False)


def mask_free_text(raw: pl.DataFrame, match: Match, contract: Contract) -> pl.DataFrame:
    """Star out numbers of persons in the contract's free texts, and put 自然人 for the row's natural persons there.

    `raw` is the delivered table with its personal columns, whose names are looked for too. Unknown columns are treated
    like free texts. Sources without free text are given back as they are.
    """
    if not any(field.type == "text" and field.personal == "mask" for field in contract.fields):
        return raw
    free = [
        header
        for name, header in match.fields.items()
        if contract.field(name).type == "text" and contract.field(name).personal == "mask"
    ]
    raw = raw.with_columns(mask_numbers(pl.col(header).str.replace_many(_WIDE_DIGIT)).alias(header) for header in free)
    for people in _named(raw, match, contract):
        most = min(int(people.list.len().max() or 0), _MOST_NAMES)  # type: ignore[arg-type]
        for place in range(most):
            name = pl.lit(people.list.get(place, null_on_oob=True))
            raw = raw.with_columns(_without_name(header, name) for header in [*free, *match.unknown])
    return raw


def _without_name(header: str, name: pl.Expr) -> pl.Expr:
    replaced = pl.col(header).str.split(name).list.join(persons.NATURAL_PERSON)
    return pl.when(name.is_not_null()).then(replaced).otherwise(header).alias(header)


def _named(raw: pl.DataFrame, match: Match, contract: Contract) -> list[pl.Series]:
    """Per column that names people: the list of natural persons' names in each of its cells."""
    found = []
    for field, header in match.fields.items():
        declared = contract.field(field)
        if declared.type == "person_name":
            found.append(_people(raw[header], are_all_persons=True))
        elif declared.type in ("party_name", "party_list") and declared.personal == "mask":
            found.append(_people(raw[header], are_all_persons=False))
    return found


def _people(text: pl.Series, *, are_all_persons: bool) -> pl.Series:
    """The names of natural persons in each cell, of two characters or more; null where there is none."""
    names = texts.split_multi("cell", comma=are_all_persons)
    cells = text.unique().alias("cell").to_frame().with_columns(name=names).explode("name")
    is_name = (pl.col("name").str.len_chars() > 1) & (pl.col("name") != persons.NATURAL_PERSON)
    is_person = pl.lit(True) if are_all_persons else persons.is_natural_person("name")
    people = cells.filter(is_name & is_person).group_by("cell", maintain_order=True).agg("name")
    return text.alias("cell").to_frame().join(people, on="cell", how="left", maintain_order="left")["name"]


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
    address = re.compile("|".join(contract.address_headers) or "(?!)", re.IGNORECASE)
    masked = [masked_names(frame[name]).alias(name) for name in unknown if contract.names_parties(name)]
    cut = [_cut(name) for name in unknown if address.search(name) and not contract.names_parties(name)]
    return frame.with_columns(*masked, *cut)


def mask_known(frame: pl.DataFrame, match: Match, contract: Contract) -> pl.DataFrame:
    """The same for the contract's own parties and their addresses, as they stand in a delivered row."""
    masked: list[pl.Series] = []
    cut: list[pl.Expr] = []
    for field, header in match.fields.items():
        if header not in frame.columns:
            continue
        declared = contract.field(field)
        if declared.type in ("party_name", "party_list") and declared.personal == "mask":
            masked.append(masked_names(frame[header]).alias(header))
        elif declared.type == "credit_code":
            cut.append(_only_codes(header))
        elif declared.party:
            owner = match.fields.get(declared.party)
            is_person = persons.is_natural_person(texts.split_multi(owner).list.first()) if owner else pl.lit(True)
            cut.append(pl.when(is_person.fill_null(True)).then(_cut(header)).otherwise(header).alias(header))
    return frame.with_columns(*masked, *cut)


def _only_codes(column: str) -> pl.Expr:
    """A credit code as delivered; anything else under such a header may be a person's number."""
    is_code = credit_code.parse(column).struct.field("credit_code").is_not_null() & ~has_identity_number(column)
    return pl.when(is_code).then(column).when(pl.col(column).is_not_null()).then(pl.lit(_MASK)).alias(column)


def _cut(column: str) -> pl.Expr:
    return persons.truncate_after_district(column).struct.field("address").alias(column)
