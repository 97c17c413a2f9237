"""Where addresses in Zibo are placed, by the rows dbt reads and the semantics that `plans.model` documents."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipelines.codes.divisions import resolve
from pipelines.plans import RunParameters, load_catalogue, load_plan, write_inputs

CITY = "370300"
PLACED = tuple[str, str]  # statutory and management region


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pl.DataFrame]:
    folder = tmp_path_factory.mktemp("inputs")
    parameters = RunParameters(*[date(2024, 1, 1)] * 4, "test", "test", "test", is_synthetic=True)
    write_inputs(folder, [load_plan("zibo_14fyp")], load_catalogue(), parameters=parameters)
    return {name: pl.read_parquet(folder / f"{name}.parquet") for name in ("plan_regions", "plan_region_patterns")}


def place(tables: dict[str, pl.DataFrame], addresses: list[str]) -> list[PLACED]:
    """The statutory and the management region of each address in the city."""
    regions = tables["plan_regions"].filter(pl.col("region_view") == "management")
    parents = dict(regions.filter(pl.col("level") == "zone").select("region_code", "statutory_parent").iter_rows())
    patterns = tables["plan_region_patterns"].sort("priority").to_dicts()

    def first(kind: str, division: str, rest: str) -> str | None:
        for row in patterns:
            applies = rest.startswith(row["pattern"]) if row["match"] == "starts" else row["pattern"] in rest
            if row["kind"] == kind and row["within_division"] == division and applies:
                return str(row["region_code"])
        return None

    def placed(division: str, rest: str) -> PLACED:
        zone = first("zone", division, rest)
        statutory = division if division != CITY else first("street", CITY, rest) or parents.get(zone) or "3703ZZ"
        return statutory, zone or statutory

    found = pl.DataFrame({"address": addresses}).select(resolve("address").alias("found")).unnest("found")
    return [placed(code, rest or "") for code, rest in found.select("division_code", "address_rest").iter_rows()]


CASES: dict[str, PLACED] = {
    # The high-tech zone under all its names, alone and after the district it lies in.
    "山东省淄博市高新区裕民路1号": ("370303", "3703A1"),
    "山东省淄博市淄博高新区泰美路1号": ("370303", "3703A1"),
    "山东省淄博高新区泰美路1号": ("370303", "3703A1"),
    "山东省淄博市张店高新区1号": ("370303", "3703A1"),
    "山东省淄博市高新技术开发区裕民路1号": ("370303", "3703A1"),
    "山东省淄博市高新技术产业开发区石桥办事处": ("370303", "3703A1"),
    "山东省淄博市高新区技术产业开发区化工区": ("370303", "3703A1"),
    "山东省淄博市张店区高新区万杰路1号": ("370303", "3703A1"),
    "山东省淄博市张店区柳泉路1号（高新区）": ("370303", "3703A1"),
    "山东省淄博市张店区四宝山街道1号": ("370303", "3703A1"),
    "山东省淄博市张店区中埠镇1号": ("370303", "3703A1"),
    "山东省淄博市中埠镇1号": ("370303", "3703A1"),
    # The city's economic zone only where it can be no county's own.
    "山东省淄博市张店区经济开发区天浩东路1号": ("370303", "3703A2"),
    "山东省淄博市经济开发区1号": ("370303", "3703A2"),
    "山东省淄博经济开发区1号": ("370303", "3703A2"),
    "山东省淄博市张店经济开发区1号": ("370303", "3703A2"),
    "山东省淄博市经济开发区北郊镇1号": ("370306", "3703A2"),
    "山东省淄博市经开区傅家镇1号": ("370303", "3703A2"),
    "山东省淄博市周村区淄博经济开发区1号": ("370306", "3703A2"),
    "山东省淄博市张店区傅家镇1号": ("370303", "370303"),
    "山东省淄博市周村区北郊镇1号": ("370306", "370306"),
    "山东省淄博市周村区经济开发区1号": ("370306", "370306"),
    "山东省淄博市周村经济开发区1号": ("370306", "370306"),
    "山东省淄博市桓台县经济开发区1号": ("370321", "370321"),
    "山东省淄博市临淄区经济开发区1号": ("370305", "370305"),
    "山东省淄博市沂源县经济开发区1号": ("370323", "370323"),
    "山东省淄博市高青县经济开发区1号": ("370322", "370322"),
    "山东省淄博市高青经济开发区1号": ("370322", "370322"),
    # Wenchang Lake.
    "山东省淄博市文昌湖区1号": ("370306", "3703A3"),
    "山东省淄博市文昌湖省级旅游度假区1号": ("370306", "3703A3"),
    "山东省淄博市周村区文昌湖旅游度假区1号": ("370306", "3703A3"),
    "山东省淄博市周村区萌水镇1号": ("370306", "3703A3"),
    "山东省淄博市周村区商家镇1号": ("370306", "3703A3"),
    "山东省淄博市萌水镇1号": ("370306", "3703A3"),
    # Plain districts, a town without its district, and what names nothing.
    "山东省淄博市张店区新村西路1号": ("370303", "370303"),
    "山东省淄博市沂源县石桥镇1号": ("370323", "370323"),
    "山东省淄博市南定镇1号": ("370303", "370303"),
    "山东省淄博市闻韶办事处1号": ("370305", "370305"),
    "山东省淄博市柳泉路1号": ("3703ZZ", "3703ZZ"),
    "山东省淄博市": ("3703ZZ", "3703ZZ"),
}


def test_placing(tables: dict[str, pl.DataFrame]) -> None:
    assert dict(zip(CASES, place(tables, list(CASES)), strict=True)) == CASES


def test_every_real_address_of_the_2019_gazette_is_placed(tables: dict[str, pl.DataFrame], shared_data: Path) -> None:
    """87 gazette rows that name Zibo; the one in Dongying only has a road of that name."""
    path = shared_data / "cn-gazette-2019" / "dev" / "zibo_rows.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        addresses = [row["address"] for row in csv.DictReader(lines)]
    assert len(addresses) == 87
    in_city = [a for a in addresses if "淄博市" in a]
    assert len(in_city) == 86
    found = Counter(place(tables, in_city))
    assert found == {
        ("370302", "370302"): 6,
        ("370303", "370303"): 13,
        ("370303", "3703A1"): 24,
        ("370303", "3703A2"): 1,
        ("370304", "370304"): 9,
        ("370305", "370305"): 13,
        ("370306", "370306"): 4,
        ("370306", "3703A3"): 2,
        ("370321", "370321"): 5,
        ("370322", "370322"): 2,
        ("370323", "370323"): 7,
    }
