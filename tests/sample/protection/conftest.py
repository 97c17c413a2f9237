"""One part of the city with its protection, finance, programmes and evidence, delivered once for this folder."""

import datetime
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from pipelines.sample import city, patents, protection, records, truth
from pipelines.sample.figures import deliver_figures
from pipelines.sample.generate import holders
from pipelines.sample.landing import Landing
from pipelines.sample.part import Delivered, Part, Parties

EARLY, LAST = datetime.date(2021, 1, 20), datetime.date(2026, 1, 20)
SEED = 14


@dataclass(frozen=True)
class Drawn:
    """What one part delivers, and the truth as it would stand in truth.csv."""

    landing: Landing
    part: Part
    delivered: Delivered
    truth: pl.DataFrame

    def value(
        self, indicator: str, year: int, region: str = "370300", view: str = "statutory", known: datetime.date = LAST
    ) -> float:
        """One value of the truth; 0 where it lists none."""
        found = self.truth.filter(
            (pl.col("indicator_id") == indicator)
            & (pl.col("year") == year)
            & (pl.col("region_code") == region)
            & (pl.col("region_view") == view)
            & (pl.col("known_at") == known)
        )["value"]
        return float(found.item()) if len(found) else 0.0

    def period(self, indicator: str, first: int, last: int) -> float:
        return sum(self.value(indicator, year) for year in range(first, last + 1))


def ledger(number: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Applicants and inventions of one part, as `generate` draws them."""
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence([SEED, number])))
    people = city.applicants(number, rng)
    inventions = records.with_deliveries(patents.ledger(rng, people, "invention", number))
    return city.identified(people, number, SEED, holders(inventions, people)), inventions


def draw(folder: Path, number: int = 0) -> Drawn:
    people, inventions = ledger(number)
    landing = Landing(folder)
    part = Part(landing, number, 1, SEED, (EARLY, LAST), people, inventions, Parties(number, people))
    delivered = protection.deliver(part)
    if part.is_first:
        deliver_figures(landing, 1)
    return Drawn(landing, part, delivered, truth.combine([delivered.truth]))


@pytest.fixture(scope="package")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Drawn:
    """The first part of the default seed."""
    folder: Path = tmp_path_factory.mktemp("protection") / "landing"
    folder.mkdir()
    (folder / "SYNTHETIC.md").write_text("合成样例")
    return draw(folder)
