"""What the registers of this package have in common: days, names as written, and states of records into files.

No right is drawn and no format described here.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import polars as pl

from pipelines.sample import city, deliveries
from pipelines.sample.layout import Format, deliver
from pipelines.sample.part import Part
from pipelines.sample.records import LABEL_COLUMNS, LABELS_PER_KIND
from pipelines.sample.rights import names

DAY = np.timedelta64(1, "D")
NEVER = np.datetime64("NaT", "D")
_BEGAN = np.datetime64("2015-07-01")
"""Before this half-year nothing was delivered: the first delivery, of 2016-01-25, brings all there was."""
_NUMERALS = "零一二三四五六七八九"

Case = tuple[str, pl.Expr, str, str]
"""A label's kind, the condition that a row has it, what must become of the row, and a note."""


def due(days: np.ndarray, *, months: int = 3) -> np.ndarray:
    """The delivery that brings what happened on each day; NaT for what did not happen.

    `months`: how much one delivery covers, 3, 6 or 12; until 2018 all registers but the yearly ones come by half-years.
    """
    happened = ~np.isnat(days)
    result = np.full(len(days), NEVER)
    known = np.maximum(days[happened], _BEGAN)
    covered = known.astype("datetime64[M]").astype(np.int64) // months * months + months
    known = covered.astype("datetime64[M]").astype("datetime64[D]") - DAY
    result[happened] = np.minimum(deliveries.delivered_on(known.astype("datetime64[D]")), deliveries.LAST)
    return result


def days_of(rng: np.random.Generator, years: np.ndarray) -> np.ndarray:
    """A day of each year, never the last three."""
    starts = (years - 1970).astype("datetime64[Y]").astype("datetime64[D]")
    return starts + rng.integers(0, 362, len(years)) * DAY


def in_years(counts: Mapping[int, int]) -> np.ndarray:
    """Each year as often as it counts."""
    return np.repeat(np.array(list(counts), dtype=np.int64), list(counts.values()))


def without_twins(people: pl.DataFrame) -> pl.DataFrame:
    """The people for a register without credit codes: namesakes are never drawn, for nothing would tell them apart."""
    return people.with_columns(weight=pl.when("is_twin").then(0.0).otherwise("weight"))


def with_names(
    part: Part,
    source: str,
    rows: pl.DataFrame,
    party: str,
    day: str,
    rng: np.random.Generator,
    *,
    has_code: bool = True,
) -> pl.DataFrame:
    """The rows with `name`, `credit_code` and `address` of their party as written on the day, told to the labelled set.

    `has_code`: whether the source has a column for the credit code.
    """
    owners = rows[party].to_numpy()
    written, codes = names.written(part.people, owners, rng, rows[day].to_numpy())
    part.parties.wrote(source, written, codes if has_code else None, owners)
    addresses = part.people["address"].gather(owners)
    return rows.with_columns(written.alias("name"), codes.alias("credit_code"), addresses.alias("address"))


def districts(cells: np.ndarray, rng: np.random.Generator, share: float) -> pl.Series:
    """The district column for `share` of the rows, null for the others and where only an address tells it."""
    words = pl.Series([*city.DISTRICTS, None], dtype=pl.String).gather(cells.astype(np.int64) % (len(city.CELLS) + 1))
    return pl.select(pl.when(pl.Series(rng.random(len(cells)) < share)).then(words)).to_series().alias("district")


def labelled(rows: pl.DataFrame, cases: Sequence[Case], *, is_first: bool) -> pl.DataFrame:
    """The rows with the label columns: in the first part the first records of every case."""
    if not is_first:
        return rows.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in LABEL_COLUMNS)
    kind = pl.lit(None, dtype=pl.String)
    for name, condition, _, _ in reversed(cases):
        kind = pl.when(condition).then(pl.lit(name)).otherwise(kind)
    few = pl.int_range(pl.len()).over("plant") < LABELS_PER_KIND
    marked = rows.with_columns(plant=kind).with_columns(plant=pl.when(few).then("plant"))
    return marked.with_columns(
        pl.col("plant")
        .replace_strict(
            {name: words[at] for name, *words in ((c[0], c[2], c[3]) for c in cases)},
            default=None,
            return_dtype=pl.String,
        )
        .alias(column)
        for at, column in enumerate(LABEL_COLUMNS[1:])
    )


def deliver_all(
    part: Part,
    source: str,
    rows: pl.DataFrame,
    stem: Callable[[str], str],
    formats: Mapping[str, list[tuple[Format, int | None]]],
    plain: Format,
) -> None:
    """Rows (with delivered_on and labels) by delivery: in the first part in its formats, else as a plain list."""
    for (day,), some in rows.group_by("delivered_on", maintain_order=True):
        period = deliveries.label(str(day))
        special = formats.get(period, []) if part.is_first else []
        deliver(part.landing, source, stem(period), str(day), some, [*special, (plain, None)])


def printed(column: str, form: str = "%Y-%m-%d") -> pl.Expr:
    """A day as text."""
    return pl.col(column).dt.strftime(form)
