"""The rights of the first part of the sample city, without the sources beside them."""

import dataclasses
import datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from pipelines.sample import city, patents, records, rights
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


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """The rights of the first part at the default seed."""
    folder = tmp_path_factory.mktemp("rights")
    part = drawn_part(folder)
    delivered = rights.deliver(part)
    return Written(part, delivered, part.landing.planted_table(), part.landing.files, folder)
