"""Unified social credit codes (GB 32100-2015; domain C.4).

Belongs here: form and check character. Does not belong here: the location of a unit. The division inside a code is
that of the registering authority at registration time and says nothing about where the unit is today.
"""

import polars as pl

from pipelines.codes import text
from pipelines.codes._vector import Column, per_column, scalar

MALFORMED = "credit_code_malformed"
CHECK_CHARACTER = "credit_code_check_character"

DTYPE = pl.Struct({"credit_code": pl.String, "quality": pl.String, "problem": pl.String})

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # no I, O, S, V, Z
_VALUE = {character: value for value, character in enumerate(ALPHABET)}
_CHARACTER = dict(enumerate(ALPHABET))
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))

_WRITTEN = r"^[1-9A-HJ-NP-RTUW-Y]{2}[0-9]{6}[0-9A-HJ-NP-RTUW-Y]{10}$"
_MASK = "*"  # individuals are published as *** or partly starred


def _check(body: pl.Expr) -> pl.Expr:
    values = body.str.split("").list.eval(pl.element().replace_strict(_VALUE, default=None, return_dtype=pl.Int64))
    places = (values.list.get(place, null_on_oob=True) for place in range(17))
    products = (value * weight for value, weight in zip(places, _WEIGHTS, strict=True))
    # the outer modulus matters: without it a sum divisible by 31 would ask for a 32nd character
    remainder = (31 - pl.sum_horizontal(products, ignore_nulls=False) % 31) % 31
    return remainder.replace_strict(_CHARACTER, default=None)


def _parse(values: pl.Series) -> pl.Series:
    code, problem = pl.col("code"), pl.col("problem")
    return (
        values.to_frame("raw")
        .lazy()
        .select(code=text.fold("raw"))
        .with_columns(is_masked=code.str.contains(_MASK, literal=True), is_written=code.str.contains(_WRITTEN))
        .with_columns(due=_check(pl.when("is_written").then(code.str.slice(0, 17))))
        .with_columns(
            problem=pl.when("is_masked")
            .then(None)
            .when(pl.col("is_written").not_())
            .then(pl.lit(MALFORMED))
            .when(pl.col("due") != code.str.slice(17))
            .then(pl.lit(CHECK_CHARACTER))
        )
        .with_columns(
            quality=pl.when(code.is_null())
            .then(pl.lit("absent"))
            .when("is_masked")
            .then(pl.lit("masked"))
            .when(problem.is_null())
            .then(pl.lit("ok"))
        )
        .select(
            answer=pl.struct(
                credit_code=pl.when(pl.col("quality") == "ok").then(code), quality="quality", problem="problem"
            )
        )
        .collect()
        .to_series()
    )


def parse(source: Column) -> pl.Expr:
    """Struct{credit_code, quality, problem} of a column of written codes.

    quality: `ok`; `masked` (starred out, an individual); `absent`; null where `problem` says what is wrong:
    `credit_code_malformed` or `credit_code_check_character`. Lower case is accepted, letters are read as printed.
    """
    return per_column(source, _parse, DTYPE)


def normalise(written: str | None) -> str:
    """The normal form of one code; ValueError with the reason where there is none."""
    answer = scalar(parse, written)
    if answer["credit_code"] is None:
        raise ValueError(answer["problem"] or f"credit code is {answer['quality']}")
    return str(answer["credit_code"])


def check_character(body: str) -> str:
    """The eighteenth character for the first seventeen."""
    if len(body) != 17 or any(character not in _VALUE for character in body):
        raise ValueError(f"the body of a credit code has 17 characters of {ALPHABET}, not {body!r}")
    return str(pl.select(_check(pl.lit(body))).item())
