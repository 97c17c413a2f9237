"""Numbers and sums of money as deliveries print them (domain D.8).

Belongs here: thousands separators, 万 and 亿, the unit of money in the cell or in the header.
Does not belong here: permitted ranges (contracts), and how a value is rounded for display (release).

Arithmetic is decimal, so 24.89亿 is exactly 2,489,000,000.00 yuan.
"""

from decimal import Decimal

import polars as pl

from pipelines.codes import text
from pipelines.codes._vector import Column, per_column, scalar

UNPARSEABLE = "number_unparseable"
OUT_OF_RANGE = "number_out_of_range"
UNIT_UNKNOWN = "unit_unknown"

MONEY = pl.Decimal(18, 2)
MONEY_DTYPE = pl.Struct({"yuan": MONEY, "problem": pl.String})
NUMBER_DTYPE = pl.Struct({"value": pl.Float64, "decimals": pl.Int32, "is_percent": pl.Boolean, "problem": pl.String})

# Powers of ten. A bare 万 or 亿 after a sum of money counts yuan.
_POWER_OF_UNIT = {
    "元": 0,
    "圆": 0,
    "千元": 3,
    "万元": 4,
    "万": 4,
    "十万元": 5,
    "百万元": 6,
    "千万元": 7,
    "亿元": 8,
    "亿": 8,
}
_POWER_OF_COUNT = {"": 0, "%": 0, "万": 4, "亿": 8}

_EXACT = pl.Decimal(38, 12)  # 26 digits before the point, and 亿元 still exact to a hundredth of a fen
_CURRENCY = r"^(?:人民币|RMB|CNY|¥)+ ?"
_NUMBER = (
    r"^(?<figure>[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.(?<fraction>[0-9]+))?)"
    r" ?(?<unit>[^0-9.,+\-][^0-9]*)?$"
)


def _split(values: pl.Series) -> pl.LazyFrame:
    """printed, figure (decimal), fraction (its digits), unit (text after the figure) of each value."""
    printed = text.narrow("raw").str.to_uppercase().str.replace(_CURRENCY, "").str.replace(r"元整$", "元")
    return (
        values.to_frame("raw")
        .lazy()
        .select(printed=printed)
        .with_columns(pl.col("printed").str.extract_groups(_NUMBER).alias("parts"))
        .unnest("parts")
        .with_columns(figure=pl.col("figure").str.replace_all(",", "", literal=True).cast(_EXACT, strict=False))
    )


def _scaled(power: pl.Expr) -> pl.Expr:
    scale = pl.lit(10, pl.Int64).pow(power.cast(pl.UInt32))
    return pl.col("figure") * scale.cast(pl.Decimal(38, 0))


def _parse_money(values: pl.Series, unit: str | None) -> pl.Series:
    power = pl.coalesce("unit", pl.lit(unit, pl.String)).replace_strict(_POWER_OF_UNIT, default=None)
    yuan = _scaled(power).round(2, mode="half_away_from_zero").cast(MONEY, strict=False)
    problem = (
        pl.when(pl.col("printed").is_null())
        .then(None)
        .when(pl.col("figure").is_null())
        .then(pl.lit(UNPARSEABLE))
        .when(power.is_null())
        .then(pl.lit(UNIT_UNKNOWN))
        .when(yuan.is_null())
        .then(pl.lit(OUT_OF_RANGE))
    )
    return _split(values).select(answer=pl.struct(yuan=yuan, problem=problem)).collect().to_series()


def parse_money(source: Column, unit: str | None = None) -> pl.Expr:
    """Struct{yuan, problem} of a column of printed sums: `61,853`, `300万元`, `1.5亿`, `10000元`, `¥3,000.50`.

    yuan: decimal with two places, rounded half up beyond the fen (thirds of 万元 occur). `unit` is the header's
    (`元`, `万元`, `亿元`); a unit printed in the cell itself goes before it. problem: `number_unparseable` (also
    scientific notation, which has lost digits), `unit_unknown` where neither cell nor header names a unit or the
    cell names another currency, `number_out_of_range` beyond the type. Null and blank give nulls.
    """
    return per_column(source, lambda values: _parse_money(values, unit), MONEY_DTYPE)


def _parse_number(values: pl.Series) -> pl.Series:
    unit = pl.col("unit").fill_null("")
    power = unit.replace_strict(_POWER_OF_COUNT, default=None)
    value = _scaled(power).cast(pl.Float64)
    places = pl.col("fraction").str.len_bytes().fill_null(0).cast(pl.Int32) - power.cast(pl.Int32)
    read = value.is_not_null()
    problem = pl.when(pl.col("printed").is_not_null() & ~read).then(pl.lit(UNPARSEABLE))
    answer = pl.struct(
        value=value,
        decimals=pl.when(read).then(places),
        is_percent=pl.when(read).then(unit == "%"),
        problem=problem,
    )
    return _split(values).select(answer=answer).collect().to_series()


def parse_number(source: Column) -> pl.Expr:
    """Struct{value, decimals, is_percent, problem} of a column of printed figures: `14.69`, `24,500`, `2.2万`, `57.4%`.

    value: `2.2万` is 22000, `57.4%` stays 57.4 with `is_percent`. decimals: places that are printed, negative where
    the figure is printed in 万 or 亿 (`2.2万` has -3: it is precise to a thousand). problem: `number_unparseable`,
    which includes `390余` and any unit after the figure. Null and blank give nulls.
    """
    return per_column(source, _parse_number, NUMBER_DTYPE)


def to_yuan(printed: str | None, unit: str | None = None) -> Decimal:
    """One printed sum in yuan; ValueError with the reason code where there is none."""
    answer = scalar(parse_money, printed, unit)
    if answer["yuan"] is None:
        raise ValueError(answer["problem"] or "required_missing")
    return answer["yuan"]
