"""The same deliveries, plans, code and dates give the same bytes: in any order of arrival, on any number of threads, and
after any number of later deliveries."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from pipelines.intake.run import ingest
from pipelines.paths import Warehouse
from pipelines.release.datapackage import COMPARED
from tests.building import release, settings_of
from tests.support import deliver, run

pytestmark = pytest.mark.slow

JANUARY, FEBRUARY, MARCH = "2021-01-10", "2021-02-10", "2021-03-10"
HEADER = "申请号,名称,公开（公告）号,公开（公告）日,申请日,申请（专利权）人,地址,分类号\n"
FIRST = "201210424464.6,合成样例一,{},2012.10.30,淄博合成样例有限公司,山东省淄博市张店区样例路1号,C04B35/00\n"
SECOND = "201310699744.2,合成样例二,CN103699744B,2016.04.02,2013.12.18,淄博合成样例有限公司,山东省淄博市临淄区样例路2号,C08L1/00\n"
THIRD = "201510481495.9,合成样例三,CN105000001B,2018.10.21,2015.08.07,淄博合成样例有限公司,山东省淄博市桓台县样例路3号,C08L1/00\n"
EVENTS = "专利号,法律事件代码,公告日,终止日\n"
POPULATION = "区划代码,区划名称,时点,口径,常住人口(人),来源批次,公布日期\n"
MARKS = (
    "注册号,国际分类,商标名称,注册公告日,专用权期限截止,商标状态,申请人名称(中文),申请人地址(中文)\n"
    "10000001,9;35,合成标一,2019-01-07,2029-01-06,已注册,淄博合成样例有限公司,山东省淄博市张店区样例路1号\n"
)
PLEDGES = (
    "质押登记号,权利类型,登记日,出质人,质权人,质押金额(万元),专利号,区县\n"
    "Y2020370000001,专利,2020-05-06,淄博合成样例有限公司,合成银行,{},201210424464.6,张店区\n"
)

DELIVERIES = {
    JANUARY: {
        "patents": HEADER + FIRST.format("CN102889891A,2013.01.30") + FIRST.format("CN102889891B,2014.05.07") + SECOND,
        "population": POPULATION + "370300,淄博市,2020-11-01,常住人口,4704138,合成普查,2020-12-20\n",
        "trademarks": MARKS,
    },
    FEBRUARY: {
        "patent_events": EVENTS + "201210424464.6,CF01,2020.12.25,2020.11.30\n",
        "pledges": PLEDGES.format("1200.50"),
    },
    MARCH: {  # a restoration, a corrected address and amount, a new vintage, and a list that came before
        "patents": HEADER + SECOND.replace("临淄", "周村") + THIRD,
        "patent_events": EVENTS + "201210424464.6,RR01,2021.02.19,\n",
        "population": POPULATION + "370300,淄博市,2020-11-01,常住人口,4704000,合成公报,2021-03-01\n",
        "pledges": PLEDGES.format("1300"),
        "trademarks": MARKS,
    },
}


@dataclass(frozen=True)
class City:
    """One warehouse and what was delivered to it."""

    folder: Path

    @property
    def warehouse(self) -> Path:
        return self.folder / "warehouse"

    def deliver(self, *days: str) -> None:
        for day in days:
            for source, content in DELIVERIES[day].items():
                deliver(self.folder / "landing", source, day, "合成.csv", content)
        (self.folder / "landing" / "SYNTHETIC.md").write_text("synthetic\n")

    def run(self, *arguments: str, threads: int = 2) -> Path:
        """Publish, and return the release in force."""
        return run(self.warehouse, self.folder / "landing", *arguments, IPW_THREADS=str(threads))

    def release(self, threads: int) -> Path:
        """The same without Dagster and Great Expectations."""
        return release(settings_of(self.warehouse, self.folder / "landing", IPW_THREADS=str(threads)))


def contents(release: Path, *, compared: bool) -> dict[str, str]:
    """SHA-256 of every file of a release that is data, and its description; without what tells of the release before
    unless `compared`."""
    left_out = frozenset() if compared else COMPARED
    files = [*(release / "parquet").iterdir(), *release.glob("*.csv")]
    hashes = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files if file.stem not in left_out}
    package = json.loads((release / "datapackage.json").read_text(encoding="utf-8"))
    package["resources"] = [each for each in package["resources"] if each["name"] not in left_out]
    return hashes | {"datapackage.json": json.dumps(package, sort_keys=True)}


def bronze(warehouse: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table of bronze in one order, but for the batch that brought it."""
    found = {}
    for folder in sorted((warehouse / "bronze").iterdir()):
        frame = pl.read_parquet(folder / "*.parquet").drop("batch_id")
        found[folder.name] = frame.sort(frame.columns).rows()
    return found


@dataclass(frozen=True)
class Released:
    """The releases of two warehouses that were delivered the same in the end."""

    at_once: Path
    """All deliveries in one run on one thread."""
    january_again: Path
    """In the same warehouse, then, as known in January; a file that cannot be read had been delivered in April."""
    january: Path
    """January's delivery alone, on four threads."""
    bit_by_bit: Path
    """In the same warehouse, after March's had come and then February's."""


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Released:
    """Everything published: by `ipw run` in the one warehouse, in the other by its steps alone, with one intake between.

    So the one says as well that a run adds nothing of its own to the bytes.
    """
    together, arriving = City(tmp_path_factory.mktemp("together")), City(tmp_path_factory.mktemp("arriving"))
    together.deliver(JANUARY, FEBRUARY, MARCH)
    at_once = together.run(threads=1)
    deliver(together.folder / "landing", "patents", "2021-04-10", "合成.xlsx", "no workbook")
    january_again = together.run("--known-at", JANUARY, threads=1)
    arriving.deliver(JANUARY)
    january = arriving.release(threads=4)
    arriving.deliver(MARCH)
    for source in DELIVERIES[MARCH]:
        ingest(Warehouse(arriving.warehouse), source, landing=arriving.folder / "landing")
    arriving.deliver(FEBRUARY)
    return Released(at_once, january_again, january, bit_by_bit=arriving.release(threads=4))


def test_threads_and_order_of_arrival_change_no_byte(released: Released) -> None:
    expected = contents(released.at_once, compared=False)
    assert len(expected) > 30
    assert contents(released.bit_by_bit, compared=False) == expected
    assert released.bit_by_bit.name == released.at_once.name


def test_what_arrived_later_changes_no_byte_of_an_earlier_release(released: Released) -> None:
    assert contents(released.january_again, compared=True) == contents(released.january, compared=True)
    assert released.january_again.name == released.january.name != released.at_once.name
    both = {released.january_again, released.at_once}
    assert {*released.at_once.parent.iterdir()} == both  # the later release stays readable


def test_landing_bit_by_bit_gives_the_rows_of_a_full_load(released: Released) -> None:
    whole, parts = (bronze(release.parents[1]) for release in (released.at_once, released.bit_by_bit))
    assert len(whole["patents"]) == 5 and len(whole["delivered_files"]) == 10
    assert parts == whole


def test_the_releases_say_different_things_where_knowledge_differs(released: Released) -> None:
    """The comparisons above would prove nothing if later deliveries changed no figure."""
    earlier, later = (contents(release, compared=False) for release in (released.january, released.at_once))
    changed = {name for name in earlier if earlier[name] != later[name]}
    assert {f"{name}.parquet" for name in ("fct_patent", "fct_indicator_value", "fct_population")} <= changed
