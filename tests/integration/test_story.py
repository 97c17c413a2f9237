"""The story of docs/story.md as a user lives it: a report in January, then one delivery after another.

Told on a part of the sample city (`january`), so that a run is short. What a chapter changes is the same in the whole
city; how large the values are is not, so differences are compared here, and the values with those of the releases.
"""

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from pipelines.sample import SampleReport, story, story_page
from pipelines.settings import Settings
from tests.building import release, settings_of
from tests.support import run

pytestmark = pytest.mark.slow

KEYS = ["indicator_id", "region_view", "region_code", "year"]
CHAPTERS = [story.LAPSES, story.RESTORATION, story.INVALIDATION, story.MOVE, story.LEDGER, story.PEOPLE]
REPORTS = [story.JANUARY, *CHAPTERS, story.TARGET]
REPRODUCED = [story.JANUARY, story.PEOPLE]
"""The first report, and the last one before the target changed, which is compared with the one before it."""


@dataclass(frozen=True)
class Told:
    """The warehouse after the last chapter."""

    warehouse: Path
    expected: pl.DataFrame
    releases: dict[story.Day, Path]

    def table(self, day: story.Day, name: str) -> pl.DataFrame:
        """A published table of the release that followed a day's delivery."""
        return pl.read_parquet(self.releases[day] / "parquet" / f"{name}.parquet")

    def before(self, day: story.Day) -> story.Day:
        """The day of the report before."""
        return REPORTS[REPORTS.index(day) - 1]

    def yearly(self, day: story.Day) -> pl.DataFrame:
        """Yearly values: KEYS, value."""
        values = self.table(day, "fct_indicator_value").filter(period_type="year")
        return values.select(*KEYS[:3], pl.col("period_end").dt.year().alias("year"), "value")

    def revisions(self, day: story.Day) -> pl.DataFrame:
        """Yearly values that the release says are revised, with KEYS."""
        revisions = self.table(day, "indicator_revision").filter(period_type="year")
        return revisions.with_columns(pl.col("period_end").dt.year().alias("year"))


def hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of everything a reader of a release relies on."""
    named = ("targets.csv", "revisions.csv", "datapackage.json")
    files = [*sorted((folder / "parquet").iterdir()), *(folder / name for name in named)]
    return {file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


@pytest.fixture(scope="module")
def city(sample: SampleReport) -> Path:
    """The sample city with the chapters of the story."""
    return sample.folder


@pytest.fixture(scope="module")
def told(city: Path, january: Path, tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Every chapter delivered and published in turn, without a date said; the target's change on its day.

    Gates and `ipw run` are left to one report made anew below, which has to give the same bytes.
    """
    folder = Path(shutil.copytree(january, tmp_path_factory.mktemp("told") / "city", symlinks=True))
    landing, warehouse = folder / "landing", folder / "warehouse"
    releases = {story.JANUARY: (warehouse / "current").resolve()}
    for day in REPORTS[1:]:
        if day in CHAPTERS:
            shutil.copytree(city / story.FOLDER / str(day), landing, dirs_exist_ok=True)
        releases[day] = release(_settings(warehouse, landing, city, day if day == story.TARGET else None))
    return Told(warehouse, _expected(city), releases)


def _expected(city: Path) -> pl.DataFrame:
    return pl.read_csv(city / story.FOLDER / story.EXPECTED, schema_overrides=story.SCHEMA)


def _settings(warehouse: Path, landing: Path, city: Path, known_at: story.Day | None) -> Settings:
    """Of a run over all that was delivered, or as of a day that is named with the plan as amended by then."""
    plan = str(city / story.FOLDER / f"{story.PLAN}.yaml") if known_at else story.PLAN
    return settings_of(warehouse, landing, IPW_PLANS=plan, IPW_KNOWN_AT=str(known_at or ""))


@pytest.mark.parametrize("day", CHAPTERS, ids=str)
def test_each_delivery_revises_what_the_ledgers_say_and_nothing_else(told: Told, day: story.Day) -> None:
    """Every yearly value that moved, of whatever indicator, against the story's own count; running year included."""
    moved = told.yearly(told.before(day)).join(told.yearly(day), on=KEYS, how="full", coalesce=True, suffix="_now")
    moved = moved.filter(pl.col("value").ne_missing(pl.col("value_now")), pl.col("year") <= story.JANUARY.year)
    expected = told.expected.filter(delivered_on=day)
    both = expected.join(moved, on=KEYS, how="full", coalesce=True)
    assert both.height == expected.height == moved.height, both.filter(pl.any_horizontal(pl.all().is_null()))
    difference = pl.col("value_now") - pl.col("value")
    if day == story.PEOPLE:  # densities of a part of the city are smaller, and grow by the same share
        off = (difference / pl.col("value") - pl.col("difference") / pl.col("old_value")).abs() > 1e-12
    else:
        off = (difference - pl.col("difference")).abs() > 1e-9
    assert both.filter(off).is_empty(), both.filter(off)


@pytest.mark.parametrize("day", CHAPTERS, ids=str)
def test_the_release_lists_exactly_these_revisions_with_their_reasons(told: Told, day: story.Day) -> None:
    revisions = told.revisions(day)
    expected = told.expected.filter(delivered_on=day)
    counts = ["records_in", "records_out", "records_changed"]
    listed = revisions.select(*KEYS, "reasons", *counts).sort(KEYS)
    wanted = expected.select(*KEYS, pl.col("reason").alias("reasons"), *counts).sort(KEYS)
    assert listed.rows() == wanted.rows()
    assert set(revisions["change"]) == {"revised"}
    was, now = (told.yearly(which).rename({"value": name}) for which, name in ((told.before(day), "was"), (day, "now")))
    both = revisions.join(was, on=KEYS).join(now, on=KEYS)
    assert both.height == revisions.height
    assert (both["old_value"] == both["was"]).all() and (both["new_value"] == both["now"]).all()
    assert ((both["new_value"] - both["old_value"] - both["difference"]).abs() < 1e-9).all()
    ids = {(old, new) for old, new in revisions.select("old_release_id", "new_release_id").iter_rows()}
    assert ids == {(told.releases[told.before(day)].name, told.releases[day].name)}


@pytest.mark.parametrize("day", CHAPTERS, ids=str)
def test_each_changed_record_leads_to_the_file_that_was_delivered(told: Told, day: story.Day) -> None:
    records = told.table(day, "revision_record").filter(pl.col("effective_date") <= story.JANUARY)
    assert records.height
    found = set(records.select("reason", "cause_source_path").iter_rows())
    assert found == {(story.REASONS[day], story.delivered_as(day))}


def test_a_changed_target_is_a_new_version_decided_by_its_document(told: Told) -> None:
    assert told.revisions(story.TARGET).is_empty()
    assert told.table(story.TARGET, "revision_record").is_empty()
    changes = told.table(story.TARGET, "target_revision")
    assert set(changes.select("target_id", "target_version", "change", "reasons").iter_rows()) == {
        (story.AMENDED_TARGET, 2, "version_added", "target_change")
    }
    assert set(changes["new_target_value"]) == {story.AMENDED_VALUE}
    assert all("合成" in document for document in changes["decided_by"])
    in_force = told.table(story.TARGET, "dim_plan_target").filter(
        target_id=story.AMENDED_TARGET, is_version_in_force=True
    )
    assert in_force["target_value"].to_list() == [story.AMENDED_VALUE]


@pytest.fixture(scope="module")
def reproduced(told: Told, city: Path) -> dict[story.Day, tuple[Path, Path]]:
    """Reports of earlier days made anew in the same warehouse, each with what was published then, set aside.

    January's by `ipw run` as docs/story.md says it.
    """
    pairs = {}
    aside, landing = told.warehouse.parent / "aside", told.warehouse.parent / "landing"
    aside.mkdir()
    for day in REPRODUCED:
        first = told.releases[day].rename(aside / told.releases[day].name)
        if day == story.JANUARY:
            plan = str(city / story.FOLDER / f"{story.PLAN}.yaml")
            pairs[day] = first, run(told.warehouse, landing, "--known-at", str(day), "--plan", plan)
        else:
            pairs[day] = first, release(_settings(told.warehouse, landing, city, day))
    return pairs


@pytest.mark.parametrize("day", REPRODUCED, ids=str)
def test_an_earlier_report_comes_again_to_the_byte(
    reproduced: dict[story.Day, tuple[Path, Path]], day: story.Day
) -> None:
    """After all deliveries and with the amended plan: same release id, same bytes."""
    first, again = reproduced[day]
    assert again.name == first.name
    assert hashes(again) == hashes(first)


def test_the_story_begins_with_the_figures_of_january(city: Path) -> None:
    """How large the values are: the whole city's, which the warehouse is compared with in test_sample_city."""
    known = {"known_at": pl.Date, "region_code": pl.String, "year": pl.Int32}
    truth = pl.read_csv(city / "truth" / "truth.csv", schema_overrides=known).filter(known_at=story.JANUARY)
    firsts = _expected(city).filter(pl.col("year") < story.JANUARY.year).unique(KEYS, keep="first", maintain_order=True)
    both = firsts.join(truth, on=KEYS)
    assert both.height == firsts.height > 100
    assert both.filter((pl.col("old_value") - pl.col("value")).abs() > 1e-9).is_empty()


def test_the_page_shows_what_the_ledgers_say(city: Path) -> None:
    expected = _expected(city)
    text = story_page.FILE.read_text(encoding="utf-8")
    assert text == story_page.page(text, expected), "run: python -m pipelines.sample.story_page"
