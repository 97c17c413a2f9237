"""The sample city as deliveries: draws it part by part and has it written in the landing layout.

The same arguments give the same bytes. Drawing is in `patents` and `events`, which file gets what in `layout` and
`repeats`, what the marts must say about it is counted in `truth`. All other sources are in `rights` and `protection`.
"""

import datetime
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl

from pipelines.errors import ConfigError
from pipelines.sample import city, deliveries, events, patents, protection, records, rights, truth
from pipelines.sample.figures import deliver_figures
from pipelines.sample.landing import Landing
from pipelines.sample.layout import deliver_events, deliver_publications
from pipelines.sample.part import Part, Parties
from pipelines.sample.repeats import deliver_corrections, deliver_duplicate, deliver_repeats
from pipelines.sample.story import Story

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
    parties: pl.DataFrame
    """Names of organisations as written, and whose they are (see `part.PARTIES`)."""
    story: pl.DataFrame | None = None
    """What the chapters of the story change, where it was asked for (see `story.SCHEMA`)."""


def generate(folder: Path, *, scale: int = 1, seed: int = 14, with_story: bool = False) -> SampleReport:
    """Write the sample city into `folder` in the landing layout, with PLANTED.csv, truth/truth.csv, truth/parties.csv.

    `scale` multiplies every count and the population; `with_story` adds the later deliveries of `story`. Raises
    ConfigError for a folder that is not empty or a scale beyond 1 to 100.
    """
    if not 1 <= scale <= patents.MOST_PARTS:
        raise ConfigError(f"sample: scale {scale} is outside 1 to {patents.MOST_PARTS}; choose one inside")
    if folder.exists() and any(folder.iterdir()):
        raise ConfigError(f"sample: {folder} is not empty; choose a new folder")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARKER).write_text(MARKER_TEXT.format(scale=scale, seed=seed), encoding="utf-8")
    landing = Landing(folder)
    tallies = [truth.Tally(day, scale) for day in KNOWN_AT]
    story = Story(scale) if with_story else None
    counted: list[pl.DataFrame] = []
    parties: list[pl.DataFrame] = []
    for number in range(scale):
        part, rows = _deliver_part(landing, number, scale, seed, tallies, story)
        counted += rows
        parties.append(part.parties.frame())
    deliver_duplicate(landing)
    deliver_corrections(landing)
    deliver_figures(landing, scale)
    table = truth.combine([*(tally.frame() for tally in tallies), *counted])
    planted, named = landing.planted_table(), pl.concat(parties)
    (folder / "truth").mkdir()
    table.write_csv(folder / "truth" / "truth.csv")
    named.write_csv(folder / "truth" / "parties.csv")
    planted.write_csv(folder / PLANTED)
    changed = story.write(folder) if story else None
    return SampleReport(folder, landing.files, table, planted, named, changed)


def _deliver_part(
    landing: Landing, part: int, scale: int, seed: int, tallies: list[truth.Tally], story: Story | None
) -> tuple[Part, list[pl.DataFrame]]:
    """One whole city at scale 1; its own random numbers, so that parts do not depend on each other.

    Returns the part and the truth of all sources but patents, which the tallies count.
    """
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, part])))
    people = city.applicants(part, rng)
    published: dict[str, pl.DataFrame] = {}
    happened: dict[str, pl.DataFrame] = {}
    drawn_of: dict[str, tuple[pl.DataFrame, pl.DataFrame]] = {}
    for patent_type in TYPES:
        ledger = records.with_deliveries(patents.ledger(rng, people, patent_type, part))
        if patent_type == "invention":
            drawn = events.draw_invention_events(rng, ledger, people, part)
        else:
            drawn = events.draw_other_events(rng, ledger, patent_type, people, part)
        drawn = records.with_cells(drawn, people)
        drawn_of[patent_type] = ledger, drawn
        published[patent_type] = records.publications(ledger, people, label=part == 0)
        happened[patent_type] = records.events(drawn, people, label=part == 0)
        deliver_publications(landing, published[patent_type], is_first_part=part == 0)
        deliver_events(landing, happened[patent_type], is_first_part=part == 0)
    if part == 0:
        deliver_repeats(landing, published, happened)
    inventions = drawn_of["invention"][0]
    people = city.identified(people, part, seed, holders(inventions, people))
    known_at = tuple(datetime.date.fromisoformat(str(day)) for day in KNOWN_AT)
    context = Part(landing, part, scale, seed, known_at, people, inventions, Parties(part, people))
    first = rights.deliver(context)
    second = protection.deliver(replace(context, marks=first.marks))
    further = pl.concat([first.high_value, second.high_value])
    for tally in tallies:
        for patent_type, (ledger, drawn) in drawn_of.items():
            tally.add(ledger, drawn, further if patent_type == "invention" else None)
    if story:
        story.add(drawn_of, further, people, second.cases)
    return context, [first.truth, second.truth]


def holders(inventions: pl.DataFrame, people: pl.DataFrame) -> dict[int, datetime.date]:
    """Organisations of the city that hold an invention, with the day of their first grant."""
    is_local = (people["applicant_kind"] == "organisation") & (people["cell"] != city.OUTSIDE)
    first = inventions.filter(pl.col("granted").is_not_null()).group_by("patentee").agg(pl.col("granted").min())
    return {row: day for row, day in first.iter_rows() if is_local[row]}
