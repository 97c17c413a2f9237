"""Values that cannot be, seen from the values beside them: a sum in yuan among sums in 万元, a date decades off.

Belongs here: what one file says about its own values, row by row. Does not belong here: limits that hold whatever
stands beside a value (fields.py), and what earlier deliveries say about a whole file (history.py).

Sums of money and counts spread over powers of ten, so they are compared by their logarithms, with the median and the
median deviation, which one wrong value in five leaves as they are. A record that takes several rows counts once.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from pipelines.codes.amounts import OUT_OF_RANGE
from pipelines.contracts.headers import Match
from pipelines.contracts.model import Contract, Outlier, SourceField
from pipelines.intake import privacy
from pipelines.intake.corrections import ACCEPTED
from pipelines.intake.fields import Values
from pipelines.intake.readers.base import ROW
from pipelines.intake.rules import FIELD, FILE, INDEX, REASON, VALUE

IMPLAUSIBLE, UNUSUAL = "value_implausible", "value_unusual"
ENOUGH = 5
"""Values below which nobody can say which of them is the odd one."""
SPREADS = 3
"""A value is far from the rest only beyond so many spreads, however wide the field spreads by itself."""
_DATE_SPREADS = 6
_WIDEST = 1.0
"""Powers of ten of spread from which a file's own values are no measure: units are mixed in it, or things."""
_AS_DEVIATION = 1.4826  # times the median deviation: the standard deviation of what is spread normally
_NAMED = 3
_EXACT = 1e-9

_FLAGS = {
    INDEX: pl.UInt32(), FILE: pl.Int64(), ROW: pl.Int64(),
    "field": pl.String(), "value": pl.String(), "why": pl.String(), "blocks": pl.Boolean(),
}  # fmt: skip
VALUES = {
    FILE: pl.Int64(), ROW: pl.Int64(), "field": pl.String(), "record": pl.String(), "value": pl.String(),
    "power": pl.Float64(), "is_accepted": pl.Boolean(), "has_typical": pl.Boolean(),
}  # fmt: skip


@dataclass(frozen=True)
class Judged:
    """A conformed frame with its implausible rows rejected, and what else there is to say of it."""

    frame: pl.DataFrame
    problems: pl.DataFrame
    """file, field, reason, is_kept: one row per value with a problem."""
    notes: pl.DataFrame
    """file, note: which rows hold something unusual, at most three per field."""
    values: pl.DataFrame
    """The numbers above zero that were judged (`VALUES`), for history.py."""


def waived(values: Values, raw: pl.DataFrame, field: SourceField) -> Values:
    """The same values without `number_out_of_range` where a value above the maximum was accepted by name."""
    if ACCEPTED + field.name not in raw.columns or field.maximum is None:
        return values
    frame = raw.select(accepted=ACCEPTED + field.name).with_columns(value=values.value, problem=values.problem)
    let_through = pl.col("accepted") & (pl.col("value") > field.maximum) & (pl.col("problem") == OUT_OF_RANGE)
    problem = frame.select(pl.when(~let_through.fill_null(False)).then("problem")).to_series()
    return Values(values.value, problem, values.kept_problem, values.parts, values.hints)


def judge(frame: pl.DataFrame, raw: pl.DataFrame, contract: Contract, match: Match) -> Judged:
    """Hold the numbers, dates and spans of each file against its other values.

    `frame` is conformed, with REASON, FIELD and VALUE, row for row the `raw` one. Rejects what the contract blocks with
    `value_implausible` (a number beyond its range too, so that the factor is named) and reports the rest.
    """
    flags, values = [pl.DataFrame(schema=_FLAGS)], [pl.DataFrame(schema=VALUES)]
    for field in contract.delivered_fields:
        if field.name not in match.fields:
            continue
        if field.outlier:
            numbers = _numbers(frame, raw, field, contract, match)
            values.append(numbers.select(*VALUES))
            flags.append(_far_numbers(numbers, field, field.outlier))
        if field.years_apart:
            flags.append(_far_dates(frame, field, field.years_apart, contract))
    flags += _long_spans(frame, contract)
    together = pl.concat(flags)
    if together.is_empty():
        nothing = pl.DataFrame(schema={FILE: pl.Int64, "note": pl.String})
        return Judged(frame, _problems(together, frame), nothing, pl.concat(values))
    together = together.with_columns(privacy.mask_numbers(pl.col("value")))
    problems = _problems(together, frame)
    return Judged(_rejected(frame, together), problems, _notes(together), pl.concat(values))


def is_far(power: pl.Expr, outlier: Outlier, typical: str = "typical", spread: str = "spread") -> pl.Expr:
    """Whether a value, by its power of ten, is far from the typical one; null where there is no typical one."""
    distance = (power - pl.col(typical)).abs() + _EXACT
    return (distance >= pl.lit(outlier.factor).log10()) & (distance >= SPREADS * pl.col(spread))


def is_ordinary(power: pl.Expr, outlier: Outlier) -> pl.Expr:
    """Whether a value, by its power of ten, is of a size that comes every year."""
    low, high = (pl.lit(limit).log10() for limit in outlier.ordinary)
    return power.is_between(low - _EXACT, high + _EXACT)


def measure(power: pl.Expr) -> dict[str, pl.Expr]:
    """n, typical (median) and spread of values, as aggregations."""
    deviation = (power - power.median()).abs().median() * _AS_DEVIATION
    return {"n": pl.len(), "typical": power.median(), "spread": deviation}


def compared(power: float, typical: float, field: SourceField) -> str:
    """`10,000 times the typical 5,000,000 元`, from powers of ten."""
    ratio = 10 ** abs(power - typical)
    times = f"{_short(ratio, 2)} times" if power > typical else f"1/{_short(ratio, 2)} of"
    return f"{times} the typical {in_unit(10**typical, field)}"


def in_unit(value: float, field: SourceField) -> str:
    """A number in three digits, with the unit that bronze holds it in."""
    return f"{_short(value, 3)} {field.unit.to}" if field.unit else _short(value, 3)


def usual_sizes(field: SourceField, outlier: Outlier) -> str:
    """`10,000 元 to 1,000,000,000 元 is usual`, from the contract."""
    low, high = (in_unit(limit, field) for limit in outlier.ordinary)
    return f"{low} to {high} is usual"


def _short(value: float, digits: int) -> str:
    return f"{float(f'{value:.{digits}g}'):,.2f}".removesuffix("0").removesuffix("0").removesuffix(".")


def _numbers(
    frame: pl.DataFrame, raw: pl.DataFrame, field: SourceField, contract: Contract, match: Match
) -> pl.DataFrame:
    """The field's numbers above zero in rows that have no other problem, with the typical one of their file."""
    assert field.outlier is not None
    accepted = raw[ACCEPTED + field.name] if ACCEPTED + field.name in raw.columns else pl.lit(False)
    is_open = pl.col(REASON).is_null() | ((pl.col(REASON) == OUT_OF_RANGE) & (pl.col(FIELD) == field.name))
    numbers = (
        frame.select(
            INDEX, FILE, ROW,
            field=pl.lit(field.name),
            record=pl.col(contract.business_key[0][0]).cast(pl.String),
            power=pl.when(is_open & (pl.col(field.name) > 0)).then(pl.col(field.name).cast(pl.Float64).log10()),
        )
        .with_columns(raw[match.fields[field.name]].alias("value"), is_accepted=accepted)
        .drop_nulls("power")
    )  # fmt: skip
    known = numbers.filter(is_ordinary(pl.col("power"), field.outlier)).unique([FILE, "record", "power"])
    typical = known.group_by(FILE).agg(**measure(pl.col("power"))).filter(pl.col("n") >= ENOUGH)
    typical = typical.filter(pl.col("spread") <= _WIDEST)
    numbers = numbers.join(typical, on=FILE, how="left", maintain_order="left")
    return numbers.with_columns(has_typical=pl.col("typical").is_not_null())


def _far_numbers(numbers: pl.DataFrame, field: SourceField, outlier: Outlier) -> pl.DataFrame:
    power = pl.col("power")
    flagged = (
        numbers.filter(~pl.col("is_accepted"))
        .with_columns(far=is_far(power, outlier).fill_null(False), ordinary=is_ordinary(power, outlier))
        .filter(pl.col("far") | ~pl.col("ordinary"))
        .with_columns(blocks=pl.col("far") & ~pl.col("ordinary") & pl.lit(outlier.action == "block"))
    )
    why = [
        compared(power, typical, field) if far else usual_sizes(field, outlier)
        for power, typical, far in flagged.select("power", "typical", "far").iter_rows()
    ]
    return flagged.with_columns(pl.Series("why", why, dtype=pl.String)).select(*_FLAGS)


def _far_dates(frame: pl.DataFrame, field: SourceField, years: int, contract: Contract) -> pl.DataFrame:
    dates = (
        frame.filter(pl.col(REASON).is_null())
        .select(
            INDEX, FILE, ROW,
            field=pl.lit(field.name), value=pl.col(field.name).cast(pl.String), record=contract.business_key[0][0],
            day=pl.col(field.name).to_physical().cast(pl.Float64),
        )
        .drop_nulls("day")
    )  # fmt: skip
    known = dates.unique([FILE, "record", "day"]).group_by(FILE).agg(**measure(pl.col("day")))
    distance = (pl.col("day") - pl.col("typical")).abs()
    flagged = dates.join(known.filter(pl.col("n") >= ENOUGH), on=FILE, maintain_order="left").filter(
        (distance >= years * 365.25) & (distance >= _DATE_SPREADS * pl.col("spread"))
    )
    middle = pl.from_epoch(pl.col("typical").cast(pl.Int32), time_unit="d").cast(pl.String)
    why = pl.format("more than {} years from {}, the middle of the file's dates", pl.lit(years), middle)
    return flagged.with_columns(why=why, blocks=pl.lit(False)).select(*_FLAGS)


def _long_spans(frame: pl.DataFrame, contract: Contract) -> Iterator[pl.DataFrame]:
    for span in contract.durations:
        start, end = pl.col(span.start), pl.col(span.end)
        # by whole years first: cheap, and nearly no row is left
        far = frame.filter(pl.col(REASON).is_null() & (end.dt.year() - start.dt.year() >= span.years))
        yield far.filter(end > start.dt.offset_by(f"{span.years}y")).select(
            INDEX, FILE, ROW,
            field=pl.lit(span.end), value=end.cast(pl.String),
            why=pl.format("more than {} years after {} {}", pl.lit(span.years), pl.lit(span.start), start),
            blocks=pl.lit(False),
        )  # fmt: skip


def _problems(flags: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    """One per flag; a value that fields.py found out of range has been counted there."""
    counted = frame.select(INDEX, REASON).join(flags, on=INDEX).filter(~pl.col("blocks") | pl.col(REASON).is_null())
    reason = pl.when("blocks").then(pl.lit(IMPLAUSIBLE)).otherwise(pl.lit(UNUSUAL))
    return counted.select(FILE, "field", reason=reason, is_kept=~pl.col("blocks"))


def _rejected(frame: pl.DataFrame, flags: pl.DataFrame) -> pl.DataFrame:
    """The frame with each row that a flag blocks rejected for the first of them."""
    blocked = flags.filter("blocks").unique(INDEX, keep="first", maintain_order=True)
    if blocked.is_empty():
        return frame
    said = pl.format("{} ({})", "value", "why")
    found = blocked.select(INDEX, __field="field", __said=said).rename({"__field": "__found"})
    joined = frame.join(found, on=INDEX, how="left", maintain_order="left")
    is_new = pl.col("__found").is_not_null()
    return joined.with_columns(
        pl.when(is_new).then(pl.lit(IMPLAUSIBLE)).otherwise(REASON).alias(REASON),
        pl.when(is_new).then("__found").otherwise(FIELD).alias(FIELD),
        pl.when(is_new).then("__said").otherwise(VALUE).alias(VALUE),
    ).drop("__found", "__said")


def _notes(flags: pl.DataFrame) -> pl.DataFrame:
    kept = flags.filter(~pl.col("blocks")).sort(FILE, "field", ROW)
    named = kept.group_by(FILE, "field", maintain_order=True).head(_NAMED)
    return named.select(FILE, note=pl.format("row {}: {} {} ({})", ROW, "field", "value", "why"))
