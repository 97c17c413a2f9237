"""Former names and codes of divisions in deliveries: the right district, or the row is refused by name."""

from pathlib import Path

import pytest

from pipelines.intake.run import ingest
from pipelines.paths import Warehouse
from tests.unit.intake.conftest import HEADER, Deliver, Land


def test_county_level_cities_that_are_districts(land: Land, shared_data: Path) -> None:
    file = shared_data / "faulty-inputs" / "05_patents__county_level_city_now_district.csv"
    found = land("patents", file.read_bytes())
    assert [(row["application_no"], row["division_code"], row["address_rest"]) for row in found.bronze.to_dicts()] == [
        ("201210424464.6", "370114", "明水街道样例路1号"),
        ("201310699744.2", "370116", "样例路2号"),
    ]


def test_a_home_address_is_cut_after_a_former_district_too(land: Land) -> None:
    row = "201210424464.6,一,CN102889890A,2016.11.23,2012.10.30,样小明,266200 山东省即墨市样例路1号2-301,C04B35/00"
    found = land("patents", f"{HEADER}\n{row}\n")
    assert (found.row()["address"], found.row()["division_code"]) == ("266200山东省即墨市", "370215")
    assert "样例路" not in found.written


def _population(region: str) -> str:
    header = "区划代码" if region.isdigit() else "地区"
    return f"{header},年份,人口类型,人口数（人）\n{region},2010,常住人口,1000000\n"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("370181", "370114"),
        ("章丘市", "370114"),
        ("371202", "370116"),
        ("320684", "320614"),
        ("湖北省襄樊市", "420600"),
    ],
)
def test_figures_of_former_divisions_are_todays_where_the_area_is_the_same(land: Land, written: str, code: str) -> None:
    assert land("population", _population(written)).row()["region_code"] == code


@pytest.mark.parametrize("written", ["330103", "杭州市下城区", "371200", "山东省莱芜市", "余杭市"])
def test_figures_of_what_is_a_part_or_divided_today_are_no_others(
    warehouse: Warehouse, deliver: Deliver, written: str
) -> None:
    deliver("population/2024-01-31/a.csv", _population(written))
    (refused,) = ingest(warehouse, "population").rejected
    assert "row 2, region_unknown" in refused.message and written in refused.message
