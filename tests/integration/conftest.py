"""The part of the sample city that the story is told on, published in January."""

import os
from pathlib import Path

import pytest

from pipelines.sample import SampleReport, story
from tests.building import release, settings_of
from tests.conftest import Once

DELIVERIES = {
    "patents": ("2018-07-20", "2019-01-25", "2020-01-20", "2026-01-20"),
    "patent_events": ("2026-01-20",),
    "case_ledger": ("2025-10-20", "2026-01-20"),
    "population": ("2015-02-15", "2021-07-15", "2023-04-15"),
}
"""The deliveries of grants that hold the story's patents, the last one of every other source concerned, and all of the
population."""


@pytest.fixture(scope="session")
def january(once: Once, sample: SampleReport) -> Path:
    """A folder with these deliveries in `landing`, and a `warehouse` with January's release of them."""

    def publish(folder: Path) -> None:
        landing, city = folder / "landing", sample.folder
        for file in _part_of(city):
            target = landing / file.relative_to(city)
            target.parent.mkdir(parents=True, exist_ok=True)
            os.link(file, target)
        release(settings_of(folder / "warehouse", landing, IPW_PLANS=story.PLAN))

    return once("january", publish)


def _part_of(city: Path) -> list[Path]:
    part = [*city.glob("SYNTHETIC*")]
    for source, days in DELIVERIES.items():
        for day in days:
            files = sorted((city / source / day).iterdir())
            assert files, (source, day)
            part += [file for file in files if source != "patents" or "发明授权" in file.name]
    return part
