"""Past states published as partitions: equal to a run of that day, and nothing else in the warehouse moves.

Two of them are then compared, as `ipw diff` does.
"""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from pipelines.cli.output import Format
from pipelines.cli.revisions import diff
from pipelines.errors import ConfigError
from pipelines.files import point
from pipelines.history import COMPARISON_TABLES, find
from pipelines.intake.run import ingest
from pipelines.release.datapackage import pure
from pipelines.release.difference import difference
from pipelines.release.revisions import Wanted
from pipelines.settings import Settings
from tests.support import deliver, environment, run

pytestmark = pytest.mark.slow

HEADER = "申请号,名称,公开（公告）号,公开（公告）日,申请日,申请（专利权）人,地址,分类号\n"
GRANT = "201210424464.6,合成样例一,CN102889891B,2014.05.07,2012.10.30,淄博合成样例有限公司,山东省淄博市张店区样例路1号,C04B35/00\n"
SECOND = "201310699744.2,合成样例二,CN103699744B,2016.04.02,2013.12.18,淄博合成样例有限公司,山东省淄博市临淄区样例路2号,C08L1/00\n"
EVENTS = "专利号,法律事件代码,公告日\n201210424464.6,GR01,2014.05.07\n"
LAPSE = "专利号,法律事件代码,公告日,生效日\n201210424464.6,CF01,2021.03.05,2020.10.30\n"
POPULATION = (
    "区划代码,区划名称,时点,口径,常住人口(人),来源批次\n370300,淄博市,2020-11-01,常住人口,4704138,第七次人口普查\n"
)


@pytest.fixture(scope="module")
def landing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A city of two patents, delivered in three months; the last delivery lets one lapse in the past."""
    folder = tmp_path_factory.mktemp("past") / "landing"
    deliver(folder, "patents", "2021-01-10", "合成公报.csv", HEADER + GRANT)
    deliver(folder, "patent_events", "2021-01-10", "合成事件.csv", EVENTS)
    deliver(folder, "population", "2021-01-10", "合成人口.csv", POPULATION)
    deliver(folder, "patents", "2021-02-10", "合成公报.csv", HEADER + SECOND)
    deliver(folder, "patent_events", "2021-03-10", "合成事件.csv", LAPSE)
    (folder / "SYNTHETIC.md").write_text("synthetic\n")
    return folder


@pytest.fixture(scope="module")
def fresh(landing: Path) -> Path:
    """The release of `ipw run --known-at` the end of February, made in a fresh warehouse."""
    warehouse = landing.parent / "warehouse"
    return Path(shutil.copytree(run(warehouse, landing, "--known-at", "2021-02-28"), landing.parent / "fresh"))


@pytest.fixture(scope="module")
def settings(fresh: Path, landing: Path) -> Iterator[Settings]:
    """The same warehouse once March is delivered too, with another release in force and no memory of February's."""
    root = landing.parent / "warehouse"
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("IPW_")]:
            patch.delenv(name)
        for name, value in environment(root, IPW_LANDING=str(landing)).items():
            patch.setenv(name, value)
        settings = Settings.from_environment()
        ingest(settings.warehouse, "patent_events", landing=landing)
        shutil.rmtree(settings.warehouse.history)
        in_force = settings.warehouse.current.resolve()
        point(settings.warehouse.current, in_force.rename(in_force.with_name("20210310-abcdefabcdef")))
        yield settings


@pytest.fixture(scope="module")
def months(settings: Settings) -> list[Path]:
    """January and February asked for as the UI's backfill does; each run is tagged with the release it made."""
    from pipelines.definitions import defs

    asset = defs().get_repository_def().assets_defs_by_key[dg.AssetKey(["release", "by_month"])]
    releases = []
    with dg.DagsterInstance.ephemeral() as instance:
        for partition in ("2021-01", "2021-02"):
            run = dg.materialize([asset], partition_key=partition, instance=instance)
            (made,) = run.asset_materializations_for_node("release__by_month")
            (record,) = instance.get_run_records(dg.RunsFilter(run_ids=[run.run_id]))
            releases.append(settings.warehouse.releases / record.dagster_run.tags["ipw/release_id"])
            assert made.metadata["release_id"].value == releases[-1].name
    return releases


def contents(folder: Path) -> dict[str, bytes]:
    """What readers open, by path; Data Docs are no part of what is promised."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and "data_docs" not in file.parts
    }


def test_a_month_is_what_a_run_of_its_last_day_gives(fresh: Path, months: list[Path]) -> None:
    january, february = months
    assert january.name.startswith("20210131-") and february.name.startswith("20210228-")
    assert february.name == json.loads((fresh / "datapackage.json").read_text())["version"]
    assert pure(february) == pure(fresh)
    of_comparison = {f"parquet/{table}.parquet" for table in COMPARISON_TABLES} | {"revisions.csv"}
    differing = {path for path, content in contents(february).items() if content != contents(fresh)[path]}
    shown = {path for path in differing if path.startswith("page/") or path == "targets.xlsx"}
    assert differing - shown == of_comparison | {"datapackage.json", "marts.duckdb"}  # a fresh one has none before it
    assert all(path.endswith((".html", ".xlsx")) for path in shown)  # and their pages say so


def test_nothing_else_moves(settings: Settings, fresh: Path, months: list[Path]) -> None:
    in_force = settings.warehouse.current.resolve()
    assert in_force.name == "20210310-abcdefabcdef" and contents(in_force) == contents(fresh)
    assert {folder.name for folder in settings.warehouse.releases.iterdir()} == {
        in_force.name,
        *(m.name for m in months),
    }
    assert not list((settings.warehouse.root / "build" / "past").iterdir())
    assert Settings.from_environment() == settings  # what a partition sets is its own


def test_a_month_knows_what_was_known_then(settings: Settings, months: list[Path]) -> None:
    query = """
      select value from fct_indicator_value
      where indicator_id = 'inv_valid' and region_code = '370300' and region_view = 'statutory'
        and period_type = 'year' and period_end = date '2020-12-31'
    """
    for month, patents in zip(months, (1, 2), strict=True):  # the lapse of 2020 was delivered in March
        with duckdb.connect(str(month / "marts.duckdb"), read_only=True) as connection:
            assert connection.execute(query).fetchall() == [(patents,)]


def test_the_difference_of_two_neighbours_is_what_the_newer_one_says(
    settings: Settings, months: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    older, newer = (find(settings.warehouse, month.name) for month in months)
    with difference(settings, older, newer) as connection:
        for table in sorted(COMPARISON_TABLES):
            file = str(months[1] / "parquet" / f"{table}.parquet")
            found = connection.execute(f"from marts.{table} order by all").fetchall()
            assert found == connection.execute("from read_parquet(?) order by all", [file]).fetchall(), table
            assert found, table
    assert not list((settings.warehouse.root / "build" / "diff").iterdir())

    diff(settings, "2021-02-28", "2021-01-31", Format.JSON, Wanted("inv_valid", "370305"), records=True, limit=1)
    said = capsys.readouterr()
    assert f"{months[0].name} knew less than {months[1].name}: it is shown as the older one" in said.err
    assert "knows nothing of" not in said.err
    shown = json.loads(said.out)
    values = {row["period"]: (row["old_value"], row["new_value"], row["reasons"]) for row in shown["values"]}
    assert values["2020"] == (0, 1, "late_record")
    (record,) = [row for row in shown["records"] if row["change"] == "entered"]
    assert record["place"] == record["cause"] == "patents/2021-02-10/合成公报.csv:2"


def test_two_names_of_one_release_have_no_difference(settings: Settings, months: list[Path]) -> None:
    with pytest.raises(ConfigError, match="both mean release 20210131-"):
        diff(settings, "2021-01-31", months[0].name, Format.TABLE, Wanted(), records=False, limit=1)


def test_a_day_that_no_release_knew_says_which_run_would_make_one(
    settings: Settings, months: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ConfigError, match="both mean release 20210228-"):
        diff(settings, "2021-03-31", months[1].name, Format.TABLE, Wanted(), records=False, limit=1)
    said = capsys.readouterr().err
    assert f"{months[1].name} knows nothing of 1 file(s) delivered after 2021-02-28 and by 2021-03-31" in said
    assert "ipw run --known-at 2021-03-31 --keep-current" in said
    with pytest.raises(ConfigError, match="--known-at 2020-12-31 --keep-current"):
        diff(settings, "2020-12-31", "2021-01-31", Format.TABLE, Wanted(), records=False, limit=1)
