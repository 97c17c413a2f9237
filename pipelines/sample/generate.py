"""The sample city as deliveries: draws it part by part and has it written in the landing layout.

The same arguments give the same bytes. Drawing is in `patents` and `events`, which file gets what in `layout` and
`repeats`, what the marts must say about it is counted in `truth`.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from pipelines.errors import ConfigError
from pipelines.sample import city, deliveries, events, patents, records, truth
from pipelines.sample.figures import deliver_figures
from pipelines.sample.landing import Landing
from pipelines.sample.layout import deliver_events, deliver_publications
from pipelines.sample.repeats import deliver_corrections, deliver_duplicate, deliver_repeats

MARKER = "SYNTHETIC.md"
PLANTED = "PLANTED.csv"
TYPES = ("invention", "utility_model", "design")
KNOWN_AT = (np.datetime64("2021-01-20"), deliveries.LAST)
"""Days as of which the truth is given: before the spring notices of 2021, and with everything delivered."""
MARKER_TEXT = """# 合成样例 / synthetic sample

本文件夹全部为合成样例数据：专利、单位、个人均不存在。人口与公布数据在一倍规模下取自公开文件。
Everything here is synthetic: no patent, company or person exists. Population and published figures are real at scale 1.

生成参数 / made with: scale={scale}, seed={seed}
"""


@dataclass(frozen=True)
class SampleReport:
    """What was written, and what the marts must say about it."""

    folder: Path
    files: dict[str, int]
    """Rows by file, as a path relative to the folder."""
    truth: pl.DataFrame
    """known_at × indicator × region view × region × year: value (see `truth.SCHEMA`)."""
    planted: pl.DataFrame
    """Rows that are there on purpose: planted_id, source, source_path, source_row, kind, expected, note."""


def generate(folder: Path, *, scale: int = 1, seed: int = 14) -> SampleReport:
    """Write the sample city into `folder` in the landing layout, with PLANTED.csv and truth/truth.csv.

    `scale` multiplies every count and the population. Raises ConfigError for a folder that is not empty or a
    scale beyond 1 to 100.
    """
    if not 1 <= scale <= patents.MOST_PARTS:
        raise ConfigError(f"sample: scale {scale} is outside 1 to {patents.MOST_PARTS}; choose one inside")
    if folder.exists() and any(folder.iterdir()):
        raise ConfigError(f"sample: {folder} is not empty; choose a new folder")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARKER).write_text(MARKER_TEXT.format(scale=scale, seed=seed), encoding="utf-8")
    landing = Landing(folder)
    tallies = [truth.Tally(day, scale) for day in KNOWN_AT]
    for part in range(scale):
        _deliver_part(landing, part, seed, tallies)
    deliver_duplicate(landing)
    deliver_corrections(landing)
    deliver_figures(landing, scale)
    table = pl.concat([tally.frame() for tally in tallies])
    planted = landing.planted_table()
    (folder / "truth").mkdir()
    table.write_csv(folder / "truth" / "truth.csv")
    planted.write_csv(folder / PLANTED)
    return SampleReport(folder, landing.files, table, planted)


def _deliver_part(landing: Landing, part: int, seed: int, tallies: list[truth.Tally]) -> None:
    """One whole city at scale 1; its own random numbers, so that parts do not depend on each other."""
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, part])))
    people = city.applicants(part, rng)
    published: dict[str, pl.DataFrame] = {}
    happened: dict[str, pl.DataFrame] = {}
    for patent_type in TYPES:
        ledger = records.with_deliveries(patents.ledger(rng, people, patent_type, part))
        if patent_type == "invention":
            drawn = events.draw_invention_events(rng, ledger, people, part)
        else:
            drawn = events.draw_other_events(rng, ledger, patent_type, people, part)
        drawn = records.with_cells(drawn, people)
        for tally in tallies:
            tally.add(ledger, drawn)
        published[patent_type] = records.publications(ledger, people, label=part == 0)
        happened[patent_type] = records.events(drawn, people, label=part == 0)
        deliver_publications(landing, published[patent_type], is_first_part=part == 0)
        deliver_events(landing, happened[patent_type], is_first_part=part == 0)
    if part == 0:
        deliver_repeats(landing, published, happened)
