"""What a build takes over from the one before is what a build from nothing makes: row by row, and to the byte.

Lived through on the part of the sample city and with the deliveries that tests/integration/test_story.py tells of.
"""

import random
import shutil
from pathlib import Path

import duckdb
import pytest

from pipelines.sample import SampleReport, story
from tests.building import build, settings_of
from tests.integration.test_story import CHAPTERS
from tests.support import run

pytestmark = pytest.mark.slow

SEED = 20260120
_DRAWN = random.Random(SEED)
ORDERS = [_DRAWN.sample(CHAPTERS, len(CHAPTERS)) for _ in range(3)]
DATABASE = "marts.duckdb"


def delivered(january: Path, folder: Path) -> Path:
    """A copy of January's landing and warehouse, to which more can be delivered."""
    return Path(shutil.copytree(january, folder, symlinks=True))


def deliver_chapter(sample: SampleReport, city: Path, day: story.Day) -> None:
    """What the story tells of one day."""
    shutil.copytree(sample.folder / story.FOLDER / str(day), city / "landing", dirs_exist_ok=True)


def built(city: Path, *, full: bool = False) -> Path:
    """The build of all that was delivered: the file itself. `full` as `ipw run --full` has it, from nothing."""
    settings = settings_of(city / "warehouse", city / "landing", IPW_PLANS=story.PLAN)
    if full:
        shutil.rmtree(settings.warehouse.build)
    build(settings)
    return settings.warehouse.build_database


def tables_that_differ(one: Path, other: Path) -> tuple[int, list[str]]:
    """How many tables two databases have, and which have other columns or rows, be it one repeated row."""
    with duckdb.connect() as connection:
        columns = {}
        for name, file in (("one", one), ("other", other)):
            connection.execute(f"attach '{file}' as {name} (read_only)")
            columns[name] = connection.execute(
                "select schema_name, table_name, list((column_name, data_type) order by column_index) "
                "from duckdb_columns() join duckdb_tables() using (database_name, schema_name, table_name) "
                f"where database_name = '{name}' and schema_name != 'build_record' group by all order by all"
            ).fetchall()
        assert [each[:2] for each in columns["one"]] == [each[:2] for each in columns["other"]]
        differing = []
        for (schema, table, mine), (_, _, theirs) in zip(columns["one"], columns["other"], strict=True):
            place = f'"{schema}"."{table}"'
            surplus = (
                f"(from {a}.{place} except all from {b}.{place})" for a, b in (("one", "other"), ("other", "one"))
            )
            if mine != theirs or any(connection.execute(f"from {rows} limit 1").fetchall() for rows in surplus):
                differing.append(f"{schema}.{table}")
        return len(columns["one"]), differing


@pytest.fixture(scope="module")
def from_nothing(january: Path, sample: SampleReport, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The build of all chapters, delivered at once."""
    city = delivered(january, tmp_path_factory.mktemp("nothing") / "city")
    for day in CHAPTERS:
        deliver_chapter(sample, city, day)
    return built(city, full=True)


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: " ".join(f"{day:%m}" for day in order))
def test_deliveries_one_by_one_in_any_order_give_the_build_made_from_nothing(
    january: Path, sample: SampleReport, from_nothing: Path, tmp_path: Path, order: list[story.Day]
) -> None:
    """The months of an order are the test's name; SEED draws them."""
    city = delivered(january, tmp_path / "city")
    for day in order:
        deliver_chapter(sample, city, day)
        one_by_one = built(city)
    number, differing = tables_that_differ(one_by_one, from_nothing)
    assert number > 100
    assert differing == [], f"{SEED=}"


def test_a_run_that_takes_over_publishes_the_bytes_of_a_full_one(
    january: Path, sample: SampleReport, tmp_path: Path
) -> None:
    releases = []
    for name, arguments in (("taken over", []), ("full", ["--full"])):
        city = delivered(january, tmp_path / name)
        for day in CHAPTERS:
            deliver_chapter(sample, city, day)
        releases.append(run(city / "warehouse", city / "landing", "--plan", story.PLAN, *arguments))
    one, other = releases
    assert one.name == other.name
    files = [sorted(file.relative_to(release) for file in release.rglob("*") if file.is_file()) for release in releases]
    assert files[0] == files[1] and len(files[0]) > 100
    differing = [str(name) for name in files[0] if (one / name).read_bytes() != (other / name).read_bytes()]
    assert set(differing) <= {DATABASE}  # pages of a database lie as they were written; its tables are compared
    number, tables = tables_that_differ(one / DATABASE, other / DATABASE)
    assert number > 30
    assert tables == []
