"""Publication numbers and kind codes (ZC 0007-2012, ZC 0008-2004; domain C.2).

Belongs here: taking `CN102889890B` apart. Does not belong here: which publication of an application counts (SQL).

A published application and its grant share the serial, so only number and kind together identify a publication.
"""

import polars as pl

from pipelines.codes import text
from pipelines.codes._vector import Column, per_column, scalar

MALFORMED = "publication_no_malformed"

DTYPE = pl.Struct({"publication_no": pl.String, "kind": pl.String, "problem": pl.String, "type": pl.String})

TYPE_OF_KIND = {
    "A": "invention",
    "B": "invention",
    "C": "invention",
    "U": "utility_model",
    "Y": "utility_model",
    "S": "design",
    "D": "design",
}
# The serial says the type too: 7 and 9 digits open with it, the 8 digits of 1985-1992 (`CN85100001`) have it third.
_TYPE_OF_DIGIT = {"1": "invention", "2": "utility_model", "3": "design"}

_WRITTEN = r"^(?:CN[-.]?)?(?<serial>[0-9]{7,9})[-.]?(?<kind>[A-Z][0-9]?)?$"


def _parse(values: pl.Series) -> pl.Series:
    serial = pl.col("serial")
    return (
        values.to_frame("raw")
        .lazy()
        .select(number=text.fold("raw"))
        .with_columns(pl.col("number").str.extract_groups(_WRITTEN).alias("written"))
        .unnest("written")
        .with_columns(
            by_kind=pl.col("kind").str.slice(0, 1).replace_strict(TYPE_OF_KIND, default=None),
            by_serial=pl.when(serial.str.len_bytes() == 8)
            .then(serial.str.slice(2, 1))
            .otherwise(serial.str.slice(0, 1))
            .replace_strict(_TYPE_OF_DIGIT, default=None),
        )
        .with_columns(
            is_ok=pl.col("by_serial").is_not_null()
            & (pl.col("kind").is_null() | (pl.col("by_kind") == pl.col("by_serial")).fill_null(False))
        )
        .select(
            answer=pl.struct(
                publication_no=pl.when("is_ok").then(pl.lit("CN") + serial),
                kind=pl.when("is_ok").then("kind"),
                problem=pl.when(pl.col("number").is_not_null() & ~pl.col("is_ok")).then(pl.lit(MALFORMED)),
                type=pl.when("is_ok").then("by_serial"),
            )
        )
        .collect()
        .to_series()
    )


def parse(source: Column) -> pl.Expr:
    """Struct{publication_no, kind, problem, type} of a column of written publication numbers.

    publication_no: `CN` + 7, 8 or 9 digits, without kind. kind: letter, maybe with a digit; null where none is
    written. type: invention, utility_model or design. problem: `publication_no_malformed` for anything else, for a
    kind that does not exist, and for a kind that contradicts the serial (`CN102889890U`). Null gives nulls.
    """
    return per_column(source, _parse, DTYPE, distinct=False)


def normalise(written: str | None) -> tuple[str, str | None]:
    """(publication number, kind) of one written number; ValueError with the reason code where there is none."""
    answer = scalar(parse, written)
    if answer["publication_no"] is None:
        raise ValueError(answer["problem"] or "required_missing")
    return answer["publication_no"], answer["kind"]
