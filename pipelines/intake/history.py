"""What earlier deliveries say about a file: one whose amounts are all 10,000 times what the field had before.

Belongs here: the numbers of a source that landed before, and holding a file's numbers against them. Does not belong
here: a row that is far from the others of its own file (plausible.py).

Before means on an earlier delivery date, so the verdict does not hang on the order in which files are read, nor on what
is conformed together. A delivery that comes late is judged by what was delivered before its date; what has landed is
not judged again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import polars as pl

from pipelines.contracts.model import Contract, Outlier, SourceField
from pipelines.contracts.schema import dtype
from pipelines.intake import privacy
from pipelines.intake.plausible import ENOUGH, compared, in_unit, is_far, is_ordinary, measure, usual_sizes
from pipelines.intake.readers.base import ROW

_NAMED = 3
_DAY, _PATH = "delivered_on", "source_path"
_HELD = {_DAY: pl.Date(), _PATH: pl.String(), "record": pl.String(), "field": pl.String(), "power": pl.Float64()}

Landed = Callable[[pl.Schema], pl.DataFrame]
"""Reads these columns of all rows of the source that have landed."""


@dataclass(frozen=True)
class Verdict:
    """What is to be said of one file; `refusal` where it must not land."""

    refusal: str | None
    notes: tuple[str, ...]


class History:
    """The numbers of one source that landed, by delivery date, read from bronze when they are first asked for."""

    def __init__(self, contract: Contract, landed: Landed) -> None:
        self._fields = {field.name: field for field in contract.delivered_fields if field.outlier}
        self._record = contract.business_key[0][0]
        self._landed = landed
        self._held: pl.DataFrame | None = None

    def __bool__(self) -> bool:
        """Whether the contract says of any field what is ordinary."""
        return bool(self._fields)

    def add(self, rows: pl.DataFrame) -> None:
        """Take rows that land, in bronze's columns with `delivered_on` and `source_path`."""
        self._held = pl.concat([self._all(), self._long(rows)])

    def judge(self, day: date, values: dict[int, pl.DataFrame]) -> dict[int, Verdict]:
        """Hold files of one delivery date (position → `plausible.VALUES`) against what was delivered before it."""
        before = self._all().filter(pl.col(_DAY) < day).group_by("field").agg(**measure(pl.col("power")))
        usual = before.filter(pl.col("n") >= ENOUGH).rename({"n": "before"})
        return {file: self._verdict(found.join(usual, on="field", how="left")) for file, found in values.items()}

    def _verdict(self, values: pl.DataFrame) -> Verdict:
        refusals: list[str] = []
        notes: list[str] = []
        for field in self._fields.values():
            assert field.outlier is not None
            of_field = values.filter((pl.col("field") == field.name) & ~pl.col("is_accepted"))
            if of_field.is_empty():
                continue
            said, blocks = _as_a_whole(of_field, field, field.outlier)
            if said is None and not of_field["has_typical"][0]:
                said, blocks = _one_by_one(of_field, field, field.outlier)
            if said is not None:
                (refusals if blocks else notes).append(said)
        return Verdict("; ".join(refusals) or None, tuple(notes))

    def _all(self) -> pl.DataFrame:
        if self._held is None:
            text = {_PATH: pl.String(), self._record: pl.String()}
            columns = {_DAY: pl.Date(), **text, **{name: dtype(field) for name, field in self._fields.items()}}
            self._held = self._long(self._landed(pl.Schema(columns)))
        return self._held

    def _long(self, rows: pl.DataFrame) -> pl.DataFrame:
        """One row per number above zero; a record that takes several rows counts once."""
        numbers = rows.select(
            _DAY, _PATH, pl.col(self._record).alias("record"), *(pl.col(name).cast(pl.Float64) for name in self._fields)
        ).unpivot(index=[_DAY, _PATH, "record"], variable_name="field", value_name="value")
        above = numbers.filter(pl.col("value") > 0).select(*list(_HELD)[:-1], power=pl.col("value").log10())
        return above.unique()


def _as_a_whole(values: pl.DataFrame, field: SourceField, outlier: Outlier) -> tuple[str | None, bool]:
    """Whether the file's typical value is far from that of earlier deliveries: what to say, and whether it blocks.

    Where hardly anything came before, the contract's ordinary sizes stand for it.
    """
    power = values.unique(["record", "power"]).select("power")
    if power.height < ENOUGH:
        return None, False
    first = values.row(0, named=True)
    here = power.select(pl.col("power").median(), typical=first["typical"], spread=first["spread"])
    verdict = here.select("power", far=is_far(pl.col("power"), outlier), ordinary=is_ordinary(pl.col("power"), outlier))
    median, far, ordinary = verdict.row(0)
    seen = f"{values.height} values, row {first[ROW]} has {_shown(values)[0]}"
    if far:
        said = f"{field.name} is {compared(median, first['typical'], field)} of earlier deliveries ({seen})"
    elif far is None and not ordinary:
        said = f"{field.name} is typically {in_unit(10**median, field)} ({seen}); {usual_sizes(field, outlier)}"
    else:
        return None, False
    return _and_do(said, outlier, ordinary, "see whether the header names the right unit")


def _one_by_one(values: pl.DataFrame, field: SourceField, outlier: Outlier) -> tuple[str | None, bool]:
    """The same of each value, in a file too small or too mixed to say what is usual in it."""
    power = pl.col("power")
    far = values.filter(is_far(power, outlier)).with_columns(ordinary=is_ordinary(power, outlier)).sort("ordinary", ROW)
    if far.is_empty():
        return None, False
    named = far.head(_NAMED)
    each = [
        f"row {row}: {field.name} {value} is {compared(power, typical, field)} of earlier deliveries"
        for value, (row, power, typical) in zip(
            _shown(named), named.select(ROW, "power", "typical").iter_rows(), strict=True
        )
    ]
    more = f" (and {far.height - _NAMED} more)" if far.height > _NAMED else ""
    return _and_do("; ".join(each) + more, outlier, far["ordinary"][0], "correct it")


def _and_do(said: str, outlier: Outlier, ordinary: bool, what: str) -> tuple[str, bool]:
    blocks = outlier.action == "block" and not ordinary
    return (f"{said}; {what}, or accept it in landing/corrections (action: accept_value)" if blocks else said), blocks


def _shown(values: pl.DataFrame) -> list[str]:
    """Values as delivered, numbers of persons starred out."""
    return values.select(privacy.mask_numbers(pl.col("value"))).to_series().to_list()
