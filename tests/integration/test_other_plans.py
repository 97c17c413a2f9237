"""Plans that are only data: a city that does not exist gets its board, the nation's and the province's plan theirs."""

import shutil
from pathlib import Path

import pytest

from tests.support import deliver, ipw, ipw_here, query

pytestmark = pytest.mark.slow

PLAN = Path(__file__).parents[1] / "fixtures" / "plans" / "jianglan_14fyp.yaml"
PATENTS = (
    "申请号,名称,公开（公告）号,公开（公告）日,申请日,申请（专利权）人,地址,分类号\n"
    "201210424464.6,合成样例一,CN102889891B,2014.05.07,2012.10.30,江澜合成样例有限公司,云泽省江澜市澜中区样例路1号,C04B35/00\n"
    "201310699744.2,合成样例二,CN103699744B,2016.04.02,2013.12.18,江澜合成样例有限公司,江澜市青堰县样例路2号,C08L1/00\n"
    "201510481495.9,合成样例三,CN105000001B,2018.10.21,2015.08.07,江澜湾合成样例有限公司,云泽省江澜市澜湾新区样例路3号,C08L1/00\n"
    "201610158350.X,合成样例四,CN105000002B,2018.10.21,2016.03.18,别处合成样例有限公司,山东省淄博市张店区样例路4号,C08L1/00\n"
)
EVENTS = "专利号,法律事件代码,公告日\n201210424464.6,GR01,2014.05.07\n"
POPULATION = "区划代码,区划名称,时点,口径,常住人口(人),来源批次\n990100,江澜市,2020-11-01,常住人口,100000,普查\n"
MARKS = (
    "注册号,国际分类,商标名称,注册公告日,专用权期限截止,商标状态,申请人名称(中文),申请人地址(中文)\n"
    "10000001,9,合成标一,2019-01-07,2029-01-06,已注册,江澜合成样例有限公司,云泽省江澜市澜东区样例路1号\n"
    "10000001,35,合成标一,2019-01-07,2029-01-06,已注册,江澜合成样例有限公司,云泽省江澜市澜东区样例路1号\n"
)
CENTRES = (
    "名单类型,年度,级别,认定日期,单位名称,区县\n"
    "高价值专利培育中心,2021,市级,2021-12-20,江澜合成样例有限公司,澜湾新区\n"
    "高价值专利培育中心,2021,市级,2021-12-20,江澜湾合成样例有限公司,青堰县\n"
)


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The invented city's warehouse after one run with its plan alone, from a folder outside the project."""
    folder = tmp_path_factory.mktemp("江澜")
    plan = Path(shutil.copy(PLAN, folder / "my plan.yaml"))
    landing = folder / "landing"
    deliver(landing, "patents", "2022-01-10", "合成公报.csv", PATENTS)
    deliver(landing, "patent_events", "2022-01-10", "合成事件.csv", EVENTS)
    deliver(landing, "population", "2022-01-10", "合成人口.csv", POPULATION)
    deliver(landing, "trademarks", "2022-01-10", "合成商标.csv", MARKS)
    deliver(landing, "designations", "2022-01-10", "合成名单.csv", CENTRES)
    (landing / "SYNTHETIC.md").write_text("synthetic\n")
    outcome = ipw_here(folder / "warehouse", "run", "--landing", str(landing), "--plan", str(plan))
    assert outcome.returncode == 0, outcome.stderr[-4000:]
    assert "jianglan_14fyp" in outcome.stdout
    return folder / "warehouse"


def values(warehouse: Path, indicator: str, view: str) -> dict[str, float]:
    """Values above zero by region at the end of 2021."""
    rows = query(
        warehouse,
        "select region_code, value from marts.fct_indicator_value where indicator_id = $indicator "
        "and region_view = $view and period_type = 'year' and period_end = date '2021-12-31' and value > 0",
        indicator=indicator,
        view=view,
    )
    return dict(rows)


def test_its_records_lie_in_its_own_districts_and_zone(invented: Path) -> None:
    districts = {"990102": 1, "990121": 1}
    assert values(invented, "inv_valid", "statutory") == {"990100": 3, "990103": 1, **districts}
    assert values(invented, "inv_valid", "management") == {"990100": 3, "9901A1": 1, **districts}
    assert values(invented, "inv_valid_per_10k", "statutory") == {"990100": 0.3}
    assert values(invented, "tm_valid", "statutory") == {"990100": 2, "990103": 2}
    assert values(invented, "cultivation_centres", "management") == {"990100": 2, "9901A1": 1, "990121": 1}


def test_nothing_of_another_city_is_in_its_warehouse(invented: Path) -> None:
    assert query(invented, "select distinct city_code from marts.dim_region") == [("990100",)]
    outside = "select region_code from marts.fct_patent where application_no = '201610158350.X' or region_code is null"
    assert query(invented, outside.replace("application_no", "patent_key")) == [(None,)]


def test_its_board_answers_every_target(invented: Path) -> None:
    outcome = ipw(invented, "targets", "--format", "csv")
    assert outcome.returncode == 0
    targets = query(invented, "select count(distinct target_id) from marts.dim_plan_target")[0][0]
    assert len({line.split(",")[2] for line in outcome.stdout.splitlines()[1:]}) == targets > 0
