"""Past states published as partitions: equal to a run of that day, and nothing else in the warehouse moves."""

import filecmp
from pathlib import Path

import duckdb
import pytest

from pipelines.history import COMPARISON_TABLES
from tests.support import deliver, environment, ipw

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
def warehouse(landing: Path) -> Path:
    """Everything delivered and published, then January and February asked for."""
    warehouse = landing.parent / "warehouse"
    outcome = ipw(warehouse, "run", "--landing", str(landing))
    assert outcome.returncode == 0, outcome.stderr[-4000:]
    return warehouse


def republish(warehouse: Path, landing: Path, *partitions: str) -> None:
    """Ask Dagster for months, as the UI's backfill does."""
    import dagster as dg

    with pytest.MonkeyPatch.context() as patch:
        for name in ("IPW_AS_OF", "IPW_KNOWN_AT", "IPW_PLANS"):
            patch.delenv(name, raising=False)
        for name, value in environment(warehouse, IPW_LANDING=str(landing)).items():
            patch.setenv(name, value)
        from pipelines.definitions import defs

        repository = defs().get_repository_def()
        asset = repository.assets_defs_by_key[dg.AssetKey(["release", "by_month"])]
        with dg.DagsterInstance.ephemeral() as instance:
            for partition in partitions:
                run = dg.materialize([asset], partition_key=partition, instance=instance)
                assert run.success
                (made,) = run.asset_materializations_for_node("release__by_month")
                (record,) = instance.get_run_records(dg.RunsFilter(run_ids=[run.run_id]))
                assert record.dagster_run.tags["ipw/release_id"] == made.metadata["release_id"].value


def files(folder: Path) -> dict[Path, bytes]:
    """What readers open, by path; Data Docs are no part of what is promised."""
    return {
        file.relative_to(folder): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and "data_docs" not in file.parts
    }


def test_a_month_is_what_a_run_of_its_last_day_gives_and_nothing_else_moves(warehouse: Path, landing: Path) -> None:
    in_force = (warehouse / "current").resolve()
    before = files(in_force)

    republish(warehouse, landing, "2021-01", "2021-02")

    assert (warehouse / "current").resolve() == in_force
    assert files(in_force) == before
    january, february = sorted(folder for folder in (warehouse / "releases").iterdir() if folder != in_force)
    assert january.name.startswith("20210131-") and february.name.startswith("20210228-")
    assert not (warehouse / "build" / "past" / "2021-01").exists()
    assert valid_inventions(january) == 1 and valid_inventions(february) == 2 and valid_inventions(in_force) == 1

    fresh = landing.parent / "fresh"
    for day, past in {"2021-01-31": january, "2021-02-28": february}.items():
        outcome = ipw(fresh, "run", "--landing", str(landing), "--known-at", day)
        assert outcome.returncode == 0, outcome.stderr[-4000:]
        assert (fresh / "current").resolve().name == past.name
        tables = sorted(file.name for file in (past / "parquet").glob("*.parquet"))
        assert {Path(name).stem for name in tables} >= COMPARISON_TABLES
        same = (past / "parquet", fresh / "current" / "parquet", tables)
        assert filecmp.cmpfiles(*same, shallow=False) == (tables, [], [])
        for name in ("datapackage.json", "targets.csv", "revisions.csv"):
            assert (past / name).read_bytes() == (fresh / "current" / name).read_bytes(), name


def valid_inventions(release: Path) -> float:
    """The city's stock at the end of 2020, as that release has it."""
    query = """
      select value from fct_indicator_value
      where indicator_id = 'inv_valid' and region_code = '370300' and region_view = 'statutory'
        and period_type = 'year' and period_end = date '2020-12-31'
    """
    with duckdb.connect(str(release / "marts.duckdb"), read_only=True) as connection:
        ((value,),) = connection.execute(query).fetchall()
    return value
