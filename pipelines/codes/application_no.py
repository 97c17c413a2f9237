"""Patent application numbers (ZC 0006-2003; domain C.1).

Belongs here: every written form, the check digit, and what the number itself says (type, year of the number).
Does not belong here: whether a row with a bad number is kept (contracts) and the filing date, which differs from
the number's year for divisional applications.

Normal form: `201210424464.6` (12 digits, dot, check), or `95115608.X` (the 8-digit generation, up to 2003).
"""

import polars as pl

from pipelines.codes import text
from pipelines.codes._vector import Column, per_column, scalar

MALFORMED = "application_no_malformed"
CHECK_DIGIT = "application_no_check_digit"
SPOILED = "application_no_spoiled"

DTYPE = pl.Struct(
    {
        "application_no": pl.String,
        "quality": pl.String,
        "problem": pl.String,
        "type": pl.String,
        "year": pl.Int32,
    }
)

# The type digit; 8 and 9 are international applications in the national phase.
TYPE_OF_DIGIT = {"1": "invention", "2": "utility_model", "3": "design", "8": "invention", "9": "utility_model"}

# The office's 15-digit form opens with the type and whether it is international: 11 is type digit 8, 21 is 9. Of the
# 8-digit generation it has the year in full and the five digits of the serial: 101995000006852 is 95106852.
_DIGIT_OF_OFFICE_PREFIX = {"10": "1", "11": "8", "20": "2", "21": "9", "30": "3"}

# A spreadsheet that took the number for a quantity: the digits it dropped are gone.
_SPOILED = r"^[0-9](?:\.[0-9]+)?E\+?[0-9]+$"

# 12 digits and the check digit, with or without the dot, or without check digit; `.0` after 13 digits is a number
# that a spreadsheet made a float without losing a digit (its check digit still has to agree). 8 digits likewise.
_WRITTEN = (
    r"^(?:CN)?(?:ZL)?(?:"
    r"(?<body12>[0-9]{12})(?:\.(?<dotted>[0-9X])|(?<joined>[0-9X])(?:\.0)?)?"
    r"|(?<body8>[0-9]{8})(?:\.?(?<old_check>[0-9X]))?"
    r"|(?<prefix>[1-3][01])(?<office_year>[0-9]{4})00(?<office_serial>[0-9]{7})"
    r")$"
)

_WEIGHTS_12 = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
_WEIGHTS_8 = _WEIGHTS_12[:8]


def _checks(body: pl.Expr, weights: tuple[int, ...]) -> pl.Expr:
    """Check character of a body of exactly as many digits as there are weights; arithmetic, not text, for speed."""
    number = body.cast(pl.Int64)
    digits = [number // 10 ** (len(weights) - 1 - place) % 10 for place in range(len(weights))]
    products = (digit * weight for digit, weight in zip(digits, weights, strict=True))
    rest = pl.sum_horizontal(products, ignore_nulls=False) % 11
    return pl.when(rest == 10).then(pl.lit("X")).otherwise(rest.cast(pl.String))


def _parse(values: pl.Series) -> pl.Series:
    number = pl.col("number")
    body12, body8 = pl.col("body12"), pl.col("body8")
    return (
        values.to_frame("raw")
        .lazy()
        .select(number=text.fold("raw"))
        .with_columns(number.str.extract_groups(_WRITTEN).alias("written"))
        .unnest("written")
        .with_columns(
            digit=pl.col("prefix").replace_strict(_DIGIT_OF_OFFICE_PREFIX, default=None),
            is_old=pl.col("office_year").is_between(pl.lit("1985"), pl.lit("2003"))
            & pl.col("office_serial").str.starts_with("00"),
        )
        .with_columns(
            body12=pl.coalesce(
                body12, pl.when(~pl.col("is_old")).then(pl.concat_str("office_year", "digit", "office_serial"))
            ),
            body8=pl.coalesce(
                body8,
                # the digit of an international application of those years is 1 or 8, and the prefix does not say which
                pl.when(pl.col("is_old") & pl.col("prefix").str.ends_with("0")).then(
                    pl.concat_str(pl.col("office_year").str.slice(2), "digit", pl.col("office_serial").str.slice(2))
                ),
            ),
            printed=pl.coalesce("dotted", "joined", "old_check"),
        )
        .with_columns(
            body=pl.coalesce(body12, body8),
            due=pl.coalesce(_checks(body12, _WEIGHTS_12), _checks(body8, _WEIGHTS_8)),
            type=pl.coalesce(body12.str.slice(4, 1), body8.str.slice(2, 1)).replace_strict(TYPE_OF_DIGIT, default=None),
            year=pl.coalesce(body12.str.slice(0, 4), body8.str.slice(0, 2)).cast(pl.Int32),
            # a serial of zeros is no application but what remains of digits a spreadsheet dropped
            has_serial=pl.coalesce(body12.str.slice(5), body8.str.slice(3)).cast(pl.Int64) > 0,
        )
        .with_columns(
            year=pl.when(body12.is_not_null())
            .then(pl.col("year"))
            .when(pl.col("year") >= 85)
            .then(pl.col("year") + 1900)
            .otherwise(pl.col("year") + 2000)
        )
        .with_columns(
            is_number=pl.col("type").is_not_null()
            & pl.col("has_serial")
            & pl.when(body12.is_not_null())
            .then(pl.col("year").is_between(2003, 2099))
            .otherwise(pl.col("year").is_between(1985, 2003)),
            is_spoiled=number.str.contains(_SPOILED),
        )
        .with_columns(
            problem=pl.when(number.is_null() | pl.col("is_spoiled"))
            .then(None)
            .when(pl.col("is_number").fill_null(False).not_())
            .then(pl.lit(MALFORMED))
            .when(pl.col("printed") != pl.col("due"))
            .then(pl.lit(CHECK_DIGIT))
        )
        .with_columns(
            quality=pl.when(number.is_null())
            .then(pl.lit("absent"))
            .when("is_spoiled")
            .then(pl.lit("spoiled"))
            .when(pl.col("problem").is_null())
            .then(pl.lit("ok"))
        )
        .with_columns(is_ok=pl.col("quality") == "ok")
        .select(
            answer=pl.struct(
                application_no=pl.when("is_ok").then(pl.concat_str("body", pl.lit("."), "due")),
                quality="quality",
                problem="problem",
                type=pl.when("is_ok").then("type"),
                year=pl.when("is_ok").then("year"),
            )
        )
        .collect()
        .to_series()
    )


def parse(source: Column) -> pl.Expr:
    """Struct{application_no, quality, problem, type, year} of a column of written numbers.

    quality: `ok`; `spoiled` (scientific notation of a spreadsheet, beyond repair); `absent` (null or blank); null
    where `problem` says what is wrong: `application_no_malformed` or `application_no_check_digit`.
    type: invention, utility_model or design. year: of the number, not of filing.
    A number written without check digit (12 or 8 bare digits, the office's 15) gets the digit it must have; those
    of 1985 to 1988 were printed without one.
    """
    return per_column(source, _parse, DTYPE, distinct=False)


def normalise(written: str | None) -> str:
    """The normal form of one number; ValueError with the reason code where there is none."""
    answer = scalar(parse, written)
    if answer["application_no"] is None:
        raise ValueError(answer["problem"] or (SPOILED if answer["quality"] == "spoiled" else "required_missing"))
    return str(answer["application_no"])


def check_digit(body: str) -> str:
    """Check character of a 12- or 8-digit body, the dot and check left out."""
    if not (body.isascii() and body.isdigit() and len(body) in (8, 12)):
        raise ValueError(f"an application number has 12 or 8 digits before the check digit, not {body!r}")
    weights = _WEIGHTS_12 if len(body) == 12 else _WEIGHTS_8
    return str(pl.select(_checks(pl.lit(body), weights)).item())
