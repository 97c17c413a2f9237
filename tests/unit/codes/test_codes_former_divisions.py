"""Former divisions: the register is what the dated tables give, and addresses and codes of then are today's."""

from collections import Counter
from pathlib import Path

import polars as pl
import pytest

from pipelines.codes import divisions, former_divisions


def test_the_register_is_what_the_tables_and_decisions_give(shared_data: Path) -> None:
    made = former_divisions.derive(shared_data / "cn-divisions" / "gb2260-revisions")
    written = pl.read_csv(former_divisions.FILE, infer_schema=False)
    assert made.equals(written.fill_null("")), "run: python -m pipelines.codes.former_divisions FOLDER"


def test_every_code_that_disappeared_is_placed(shared_data: Path) -> None:
    """Codes that some table since 1980 has and today's has not, by what an address there is given."""
    tables = former_divisions.read_tables(shared_data / "cn-divisions" / "gb2260-revisions")
    gone = {code for table in tables.values() for code in table} - set(divisions.DIVISIONS["code"])
    level = dict(divisions.DIVISIONS.select("code", "level").iter_rows())
    largest = ["county", "city", "province"].index
    placed: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    for (code,), rows in divisions.FORMER.filter(pl.col("code").is_in(gone)).group_by("code"):
        placed[str(code).endswith("00")][max((level[today] for today in rows["today"]), key=largest)] += 1
    assert sum(counted.total() for counted in placed.values()) == len(gone)
    assert placed[False] == {"county": 2590, "city": 287, "province": 6}
    assert placed[True] == {"county": 2, "city": 168, "province": 17}  # most of them are Chongqing's and Hainan's


def test_every_decision_is_used_and_names_divisions_of_today() -> None:
    decided = pl.read_csv(former_divisions.DECIDED, infer_schema=False)
    register = divisions.FORMER.filter(basis="decided")
    keys = {(code[:digits], name) for code, name in register.select("code", "name").iter_rows() for digits in (2, 4, 6)}
    assert [key for key in decided.select("code", "name").rows() if key not in keys] == []
    assert decided.select("code", "name").is_duplicated().sum() == 0
    became = {code for codes in divisions.FORMER["became"] for code in codes.split(";")}
    assert became <= set(divisions.DIVISIONS["code"])
    assert decided["year"].str.contains(r"^(?:19[89]\d|20[0-2]\d)$").all()


def _table(**divisions_of: str) -> dict[str, str]:
    return {code.removeprefix("_"): name for code, name in divisions_of.items()}


def test_how_the_register_is_derived() -> None:
    """By name, by stem, by the city; a namesake beside it, a single character and a merger are told apart."""
    tables = {
        "199012": _table(
            _370100="济南市", _370122="章丘县", _370200="青岛市", _370282="即墨市", _130200="唐山市", _130223="滦县",
            _340100="合肥市", _340111="郊区", _420100="武汉市", _420105="汉阳区", _420121="汉阳县", _132300="石家庄地区",
            _372300="惠民地区", _372326="桓台县", _330100="杭州市", _330103="下城区", _330105="拱墅区",
        ),
        "201512": _table(_370181="章丘市", _370100="济南市"),
    }  # fmt: skip
    decided = [
        {"code": "37", "name": "惠民地区", "became": "371600"},
        {"code": "33", "name": "下城区", "became": "330105"},
        {"code": "370919", "name": "莱芜市", "became": "370116;370117"},
    ]
    found = former_divisions.Register(tables, decided).rows()
    assert {row[1]: row[2:] for row in found.iter_rows()} == {
        "章丘县": ("199012", "199012", "370114", "whole", "stem"),
        "章丘市": ("201512", "201512", "370114", "whole", "stem"),
        "即墨市": ("199012", "199012", "370215", "whole", "stem"),
        "滦县": ("199012", "199012", "130284", "whole", "stem"),
        "郊区": ("199012", "199012", "340100", "part", "city"),
        "汉阳县": ("199012", "199012", "", "part", ""),
        "石家庄地区": ("199012", "199012", "130100", "whole", "stem"),
        "惠民地区": ("199012", "199012", "371600", "whole", "decided"),
        "桓台县": ("199012", "199012", "370321", "whole", "name"),
        "下城区": ("199012", "199012", "330105", "part", "decided"),
        "莱芜市": ("", "", "370116;370117", "divided", "decided"),
    }


@pytest.mark.parametrize(
    ("address", "code", "rest"),
    [
        # cities and counties that are districts
        ("250200 山东省章丘市明水街道样例路1号", "370114", "明水街道样例路1号"),
        ("山东省济南市章丘市", "370114", None),
        ("章丘市明水街道", "370114", "明水街道"),
        ("济南市章丘县", "370114", None),
        ("山东省即墨市", "370215", None),
        ("青岛市胶南市", "370211", None),
        ("济南市长清县", "370113", None),
        ("江苏省海门市", "320614", None),
        ("江苏省南通市海门市", "320614", None),
        ("江苏省通州市", "320612", None),
        ("江苏省南通市南通县", "320612", None),
        ("广东省增城市", "440118", None),
        ("广州市从化市", "440117", None),
        ("浙江省富阳市", "330111", None),
        ("浙江省临安市", "330112", None),
        ("浙江省萧山市", "330109", None),
        ("浙江省鄞县", "330212", None),
        ("宁波市奉化市", "330213", None),
        ("北京市通县", "110112", None),
        ("河北省滦县", "130284", None),
        # renamed, merged, abolished
        ("271100 山东省莱芜市莱城区样例路2号", "370116", "样例路2号"),
        ("莱芜市钢城区", "370117", None),
        ("湖北省襄樊市樊城区", "420606", None),
        ("湖北襄樊高新区", "420600", "高新区"),
        ("云南省思茅市翠云区", "530802", None),
        ("安徽省巢湖市居巢区", "340181", None),
        ("安徽省巢湖市和县", "340523", None),
        ("安徽省巢湖市庐江县", "340124", None),
        ("杭州市下城区", "330105", None),
        ("上海市闸北区", "310106", None),
        ("上海市南汇县", "310115", None),
        ("天津市塘沽区", "120116", None),
        # divided among several of today's: the city
        ("杭州市江干区", "330100", None),
        ("山东省莱芜市", "370100", None),
        ("浙江省余杭市", "330100", None),
        ("江苏省吴县市", "320500", None),
        ("江苏省锡山市", "320200", None),
        # prefectures of then
        ("山东省惠民地区", "371600", None),
        ("山东省惠民地区桓台县", "370321", None),
        ("临沂地区沂源县", "370323", None),
        ("菏泽地区", "371700", None),
        ("山东省昌潍地区诸城县", "370782", None),
        ("山东省泰安市莱芜市", "370100", None),
        ("内蒙古自治区哲里木盟", "150500", None),
        ("四川省重庆市沙坪坝区", "500106", None),
        ("四川省重庆市", "500000", None),
        ("四川省万县市", "500000", None),
        ("广东省海口市", "460100", None),
        ("广东省海南行政区儋县", "460400", None),
        ("山西省雁北地区怀仁县", "140681", None),
        ("山西省雁北地区", "140000", None),  # divided between two cities
        # names of today stay what they are
        ("安徽省巢湖市", "340181", None),
        ("淄博市周村区", "370306", None),
    ],
)
def test_former_names(address: str, code: str, rest: str | None) -> None:
    answer = divisions.resolve_one(address)
    assert (answer["division_code"], answer["address_rest"]) == (code, rest)


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("合肥市巢湖路1号", "340100"),
        ("巢湖路1号", None),
        ("济南市章丘大葱店", "370100"),
        ("山东莱芜梨园", "370000"),
        ("莱芜梨园", None),
        ("章丘大葱店", None),
        ("宁波市鄞县大道1号", "330200"),
        ("海门路3号", None),
        ("河北省郊区", "130000"),
        ("城中区", None),  # Liuzhou, Xining and formerly Nantong
        ("桥东区", None),  # Zhangjiakou, and lately Shijiazhuang and Xingtai
        ("莱芜职业学院", None),
    ],
)
def test_doubt_decides_nothing(address: str, code: str | None) -> None:
    assert divisions.resolve_one(address)["division_code"] == code


def test_a_name_of_another_area_is_known_as_such() -> None:
    """An address lies in what took the area; a figure of 下城区 is not one of 拱墅区."""
    names = {
        "章丘市": True,
        "襄樊市": True,
        "淄博市张店区": True,
        "杭州市下城区": False,
        "山东省莱芜市": False,
        "山西省雁北地区": False,
        "淄博路": None,
    }
    assert {name: divisions.resolve_one(name)["is_whole"] for name in names} == names


def test_codes_of_former_tables() -> None:
    codes = {
        "370181": "370114",  # 章丘市
        "370122": "370114",  # 章丘县
        "371202": "370116",  # 莱城区
        "371203": "370117",
        "320684": "320614",  # 海门市
        "420600": "420600",
        "370303": "370303",
        "530802": "530802",
        "372300": "371600",  # 惠民地区
        "330103": None,  # 下城区, a part of 拱墅区
        "371200": None,  # 莱芜市, two districts today
        "142100": None,  # 雁北地区
        "999999": None,
    }
    frame = pl.DataFrame({"code": [*codes, None]}).select(divisions.code_of_today("code"))
    assert frame["code"].to_list() == [*codes.values(), None]


def test_every_former_county_is_found_under_the_prefecture_of_its_table(shared_data: Path) -> None:
    """Never another district, never another city's: what the register says, or the city that holds it."""
    tables = former_divisions.read_tables(shared_data / "cn-divisions" / "gb2260-revisions")
    rows = []
    for code, name, since, today in divisions.FORMER.select("code", "name", "since", "today").iter_rows():
        if since and not code.endswith("00"):
            table = tables[since]
            rows.append((table[code[:2] + "0000"] + table.get(code[:4] + "00", "") + name, today))
    frame = pl.DataFrame(rows, schema=["address", "today"], orient="row").with_columns(
        found=divisions.resolve("address").struct.field("division_code")
    )
    parents = dict(divisions.DIVISIONS.select("code", "parent").iter_rows())
    exact = frame.filter(pl.col("found") == pl.col("today")).height
    elsewhere = [
        row for row in frame.rows() if row[2] not in (row[1], parents[row[1]]) and parents.get(row[2]) != row[1]
    ]  # fmt: skip
    assert elsewhere == []
    assert exact / frame.height > 0.985, f"{exact} of {frame.height}"
