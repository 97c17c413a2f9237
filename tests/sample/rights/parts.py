"""A part of the sample city with its people and inventions, and what writing its rights gives."""

import dataclasses
import datetime
from pathlib import Path

import numpy as np
import polars as pl

from pipelines.sample import city, patents, records, truth
from pipelines.sample.generate import holders
from pipelines.sample.landing import Landing
from pipelines.sample.part import Delivered, Part, Parties

KNOWN_AT = (datetime.date(2021, 1, 20), datetime.date(2026, 1, 20))


@dataclasses.dataclass(frozen=True)
class Written:
    """One part's rights: where they were written, and what the sub-package gave back."""

    part: Part
    delivered: Delivered
    planted: pl.DataFrame
    files: dict[str, int]
    folder: Path


def drawn_part(folder: Path, number: int = 0) -> Part:
    """A part with its people and inventions, and nothing written yet."""
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence([14, number])))
    people = city.applicants(number, rng)
    inventions = records.with_deliveries(patents.ledger(rng, people, "invention", number))
    people = city.identified(people, number, 14, holders(inventions, people))
    return Part(Landing(folder), number, 1, 14, KNOWN_AT, people, inventions, Parties(number, people))


def city_values(written: Written, indicator: str, known_at: datetime.date = KNOWN_AT[1]) -> dict[int, float]:
    """The city's value of an indicator by year, as known on a day."""
    rows = truth.combine([written.delivered.truth]).filter(
        (pl.col("indicator_id") == indicator)
        & (pl.col("region_code") == "370300")
        & (pl.col("region_view") == "statutory")
        & (pl.col("known_at") == known_at)
    )
    return {year: value for year, value in rows.select("year", "value").iter_rows()}
