"""Divisions: addresses are read level by level from their start, and doubt decides nothing."""

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.codes import divisions
from pipelines.codes._vector import scalar

ZIBO = {
    "370300": "淄博市",
    "370302": "淄川区",
    "370303": "张店区",
    "370304": "博山区",
    "370305": "临淄区",
    "370306": "周村区",
    "370321": "桓台县",
    "370322": "高青县",
    "370323": "沂源县",
}


def test_table_is_a_tree_of_three_levels() -> None:
    table = divisions.DIVISIONS
    assert table["code"].is_unique().all()
    assert dict(table["level"].value_counts().iter_rows()) == {"province": 34, "city": 333, "county": 2849}
    parents = table.join(table, left_on="parent", right_on="code", how="left", suffix="_of_parent")
    below = parents.filter(pl.col("level") != "province")
    assert below["level_of_parent"].null_count() == 0
    assert below.filter(pl.col("code").str.slice(0, 2) != pl.col("parent").str.slice(0, 2)).is_empty()
    assert dict(table.filter(pl.col("code").str.starts_with("3703")).select("code", "name").iter_rows()) == ZIBO


@pytest.mark.parametrize(
    ("address", "code", "rest"),
    [
        ("255000山东省淄博市张店区高新区万杰路108号", "370303", "高新区万杰路108号"),
        ("255086 山东省淄博市高新区民营园", "370300", "高新区民营园"),
        ("山东省淄博市淄博高新区泰美路19甲2号", "370300", "淄博高新区泰美路19甲2号"),
        ("256401山东省淄博市桓台县唐山镇工业路", "370321", "唐山镇工业路"),
        ("淄博市桓台县果里镇", "370321", "果里镇"),
        ("山东省桓台县果里镇", "370321", "果里镇"),
        ("桓台县果里镇", "370321", "果里镇"),
        ("255300山东省淄博市周村区萌水镇北衣村", "370306", "萌水镇北衣村"),
        ("山东 淄博　张店区\u00a0柳泉路", "370303", "柳泉路"),
        ("２５５０００山东省淄博市", "370300", None),
        ("中国山东省淄博市临淄区", "370305", None),
        ("淄博市市辖区", "370300", None),
        ("山东省潍坊市", "370700", None),
        ("山东省", "370000", None),
        ("257000山东省东营市东营区淄博路西首路南", "370502", "淄博路西首路南"),  # not Zibo
        ("北京市海淀区中关村大街", "110108", "中关村大街"),
        ("北京市市辖区海淀区", "110108", None),
        ("北京市北京市海淀区", "110108", None),
        ("内蒙古自治区包头市昆都仑区", "150203", None),
        ("内蒙古包头", "150200", None),
        ("湖北省仙桃市", "429004", None),
        ("湖北省恩施州利川市", "422802", None),
        ("湖南省长沙市长沙县", "430121", None),
        ("湖南省长沙市长沙经济技术开发区", "430100", "长沙经济技术开发区"),  # not the county of that name
        ("江苏省南通市海安县", "320685", None),  # a city since 2018
        ("吉林省吉林市昌邑区", "220202", None),
        ("吉林市昌邑区", "220202", None),
        ("海南藏族自治州共和县", "632521", None),
        ("海南省海口市", "460100", None),
        ("广东省东莞市虎门镇", "441900", "虎门镇"),
        ("中国台湾新北市", "710000", "新北市"),
    ],
)
def test_full_names(address: str, code: str, rest: str | None) -> None:
    answer = divisions.resolve_one(address)
    assert (answer["division_code"], answer["address_rest"]) == (code, rest)


@pytest.mark.parametrize(
    ("address", "code", "rest"),
    [
        ("山东淄博万杰路1号", "370300", "万杰路1号"),
        ("淄博张店区", "370303", None),
        ("淄博临淄", "370305", None),
        ("淄博临淄金山镇", "370305", "金山镇"),
        ("淄博高新区泰美路", "370300", "高新区泰美路"),
        ("上海浦东新区", "310115", None),
        ("山东省淄博市临淄大道5号", "370300", "临淄大道5号"),  # a road, not the district
        ("山东省淄博市张店东路", "370300", "张店东路"),
        ("上海宝山路5号", "310000", "宝山路5号"),
        ("淄博路1号", None, None),
        ("淄博万杰路1号", None, None),
        ("上海路1号", None, None),
        ("四川北路", None, None),
        ("山东大学", None, None),
        ("朝阳区建国路", None, None),  # two districts of that name
        ("高新区万杰路", None, None),
    ],
)
def test_short_names_count_only_without_doubt(address: str, code: str | None, rest: str | None) -> None:
    answer = divisions.resolve_one(address)
    assert (answer["division_code"], answer["address_rest"]) == (code, rest)


@pytest.mark.parametrize("address", ["美国新泽西州", "韩国京畿道果川市", "日本东京都", "德国慕尼黑", None, "", "??"])
def test_foreign_and_missing_addresses_give_nothing(address: str | None) -> None:
    assert set(divisions.resolve_one(address).values()) == {None}


def test_postcode_is_set_aside_and_never_decides() -> None:
    assert divisions.resolve_one("255000山东省东营市")["division_code"] == "370500"
    assert divisions.resolve_one("255000高新区") == {
        "postcode": "255000",
        "division_code": None,
        "division_text": None,
        "address_rest": None,
        "is_whole": None,
    }


def test_unknown_codes_are_not_in_the_table() -> None:
    codes = pl.DataFrame({"code": ["370303", "370301", "3703A1", None]})
    assert codes.select(divisions.is_code("code"))["code"].to_list() == [True, False, False, None]


def _full_names() -> dict[str, str]:
    """code -> names of the division and all above it, largest first."""
    names: dict[str, str] = {}
    for row in divisions.DIVISIONS.to_dicts():
        names[row["code"]] = names.get(row["parent"], "") + row["name"]
    return names


def test_every_division_is_found_under_its_full_name_whatever_follows() -> None:
    """All 3,216 of them, with nothing, a zone, a road and a house number behind."""
    names = _full_names()
    codes = list(names)
    for tail in ("", "高新区万杰路108号", "人民路5号"):
        frame = pl.DataFrame({"address": [f"255000{names[code]}{tail}" for code in codes]})
        answer = frame.select(answer=divisions.resolve("address")).unnest("answer")
        assert answer["division_code"].to_list() == codes
        assert answer["address_rest"].to_list() == [tail or None] * len(codes)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.one_of(st.none(), st.text(), st.text(alphabet="255086山东省淄博市张店区高新路 ")), max_size=30))
def test_pieces_always_make_up_the_address(values: list[str | None]) -> None:
    frame = pl.DataFrame({"value": values}, schema={"value": pl.String})
    answer = frame.select("value", answer=divisions.resolve("value")).unnest("answer")
    assert answer.height == len(values)
    for row in answer.to_dicts():
        if row["division_code"] is None:
            assert row["address_rest"] is None and row["division_text"] is None
        else:
            assert row["division_code"] in set(divisions.DIVISIONS["code"])
            assert row["division_text"] + (row["address_rest"] or "") in "".join(row["value"].split())


def test_no_rows_give_no_rows() -> None:
    assert pl.DataFrame({"a": []}, schema={"a": pl.String}).select(divisions.resolve("a")).height == 0


def test_the_real_rows_of_zibo(shared_data: Path) -> None:
    file = shared_data / "cn-gazette-2019" / "dev" / "zibo_rows.csv"
    frame = pl.read_csv(file, infer_schema=False)
    assert frame.height == 87
    found = frame.with_columns(divisions.resolve("address").alias("answer")).unnest("answer")
    assert found.filter(pl.col("division_code").is_null()).is_empty()
    outside = found.filter(~pl.col("division_code").str.starts_with("3703"))
    assert outside.select("division_code", "address").rows() == [("370502", "257000山东省东营市东营区淄博路西首路南")]
    zone = found.filter(pl.col("address_rest").str.contains("高新"))
    assert zone.height >= 20, "more than a quarter of the city's addresses name the high-tech zone"
    assert set(zone["division_code"]) <= {"370300", "370303"}


def test_nearly_every_real_domestic_address_is_found(shared_data: Path) -> None:
    file = shared_data / "cn-gazette-2019" / "dev" / "CN_patent_utility_new.csv"
    frame = pl.read_csv(file.read_bytes().decode("gb18030").encode(), infer_schema=False)
    domestic = frame.filter(pl.col("address").str.contains(r"^\d{6}"))
    answer = domestic.select(answer=divisions.resolve("address")).unnest("answer")
    assert answer["division_code"].null_count() == 0
    share = (~answer["division_code"].str.ends_with("00")).mean()
    assert share > 0.74, f"district found for {share:.1%} only"


def test_scalar_and_column_agree() -> None:
    assert scalar(divisions.resolve, "山东省淄博市") == divisions.resolve_one("山东省淄博市")


addresses = st.lists(
    st.one_of(
        st.none(),
        st.lists(
            st.sampled_from(
                ["255000", "中国", "山东省", "山东", "淄博市", "淄博", "张店区", "张店", "临淄", "高新区", "长沙市长沙", "海安县", "上海", "上海路",
                 "市辖区", "吉林市", "恩施州", "东营区", "淄博路1号", "样例镇", "大学", " ", "美国"]
            ),
            max_size=5,
        ).map("".join),
    ),
    max_size=12,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(addresses)
def test_few_addresses_are_read_as_many_are(cells: list[str | None]) -> None:
    """For very few only the divisions they name are made ready, few are looked up, many are joined to the lexicon."""
    frame = pl.DataFrame({"address": cells}, schema={"address": pl.String})
    very_few = frame.select(divisions.resolve("address"))
    with pytest.MonkeyPatch.context() as patch:
        for limit in ("_VERY_FEW", "_FEW"):
            patch.setattr(divisions, limit, -1)
            assert frame.select(divisions.resolve("address")).equals(very_few)
