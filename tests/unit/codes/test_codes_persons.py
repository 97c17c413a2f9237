"""Natural persons: told from organisations with privacy first, and what is kept of them."""

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.codes import persons, text
from pipelines.codes._vector import scalar

# invented names in the shapes of real ones: endings that organisations have too, minorities, transcriptions, Latin
PERSONS = [
    "张三", "李小四", "欧阳小五", "王学", "赵厂", "钱建社", "孙荣会", "周院文", "吴唐中", "郑工厂", "甲某某",
    "古丽娜尔·阿不都", "B·约翰逊", "A.彭南", "沃尔夫-迪特·米勒", "John Smith", "上官某某某", "自然人",
]  # fmt: skip
ORGANISATIONS = [
    "淄博某某家居服务有限公司", "匠人之心（北京）设计有限公司", "某某公司", "清华大学", "某某学院", "山东某某研究院",
    "淄博市第一医院", "株式会社某某", "某某株式会社", "罗伯特·某某有限公司", "某某投资合伙企业（有限合伙）",
    "张店区某某陶瓷经营部", "某县某某养殖场", "四川省公安厅", "北京某某动物园", "某某市五洲山茶场", "国网某市供电公司",
    "EXAMPLE GMBH", "Example Co., Ltd.", "University of Somewhere", "EXAMPLE S.A.", "J.D.某某控股有限两合公司",
]  # fmt: skip


@pytest.mark.parametrize("name", PERSONS)
def test_persons(name: str) -> None:
    assert persons.is_person(name) is True
    assert scalar(persons.kind, name) == "natural_person"
    assert scalar(persons.mask, f" {name};") == "自然人"


@pytest.mark.parametrize("name", ORGANISATIONS)
def test_organisations(name: str) -> None:
    assert persons.is_person(name) is False
    assert scalar(persons.kind, name) == "organisation"
    assert scalar(persons.mask, f" {name};") == name


@pytest.mark.parametrize("blank", [None, "", "\u00a0"])
def test_no_name_is_neither(blank: str | None) -> None:
    assert persons.is_person(blank) is None
    assert scalar(persons.kind, blank) is None
    assert scalar(persons.mask, blank) is None


@settings(deadline=None, max_examples=25)
@given(st.lists(st.text(alphabet=[chr(code) for code in range(0x4E00, 0x9FA6)], min_size=2, max_size=3), max_size=40))
def test_two_or_three_characters_are_a_person_unless_a_company(names: list[str]) -> None:
    frame = pl.DataFrame({"name": names}, schema={"name": pl.String})
    expected = [not name.endswith("公司") for name in names]
    assert frame.select(persons.is_natural_person("name"))["name"].to_list() == expected


@settings(deadline=None, max_examples=25)
@given(st.lists(st.one_of(st.none(), st.text()), max_size=30))
def test_masking_leaves_no_person(names: list[str | None]) -> None:
    masked = pl.DataFrame({"name": names}, schema={"name": pl.String}).select(persons.mask("name"))
    kinds = masked.select(persons.is_natural_person("name"))["name"]
    assert all(name == "自然人" for name, person in zip(masked["name"], kinds, strict=True) if person)


@pytest.mark.parametrize(
    ("address", "kept", "zone"),
    [
        ("255000山东省淄博市张店区柳泉路1号2单元301室", "255000山东省淄博市张店区", None),
        ("255000 山东省淄博市张店区高新区万杰路108号", "255000山东省淄博市张店区高新区", "高新区"),
        ("山东省淄博市淄博高新区泰美路19号", "山东省淄博市淄博高新区", "淄博高新区"),
        ("山东省淄博市高新技术产业开发区某路", "山东省淄博市高新技术产业开发区", "高新技术产业开发区"),
        ("山东省淄博市张店区经济开发区天浩东路", "山东省淄博市张店区经济开发区", "经济开发区"),
        ("山东省淄博市文昌湖旅游度假区某村1号", "山东省淄博市文昌湖旅游度假区", "文昌湖旅游度假区"),
        ("山东省淄博市周村区萌水镇北衣村12号", "山东省淄博市周村区", None),
        ("山东省淄博市", "山东省淄博市", None),
        ("美国密歇根州中心大道330号", None, None),
        ("柳泉路1号2单元", None, None),
        (None, None, None),
    ],
)
def test_home_addresses_are_cut(address: str | None, kept: str | None, zone: str | None) -> None:
    assert scalar(persons.truncate_after_district, address) == {"address": kept, "address_rest": zone}


def test_cutting_twice_changes_nothing() -> None:
    addresses = ["255000山东省淄博市张店区高新区万杰路108号", "淄博市桓台县果里镇", "北京市海淀区某胡同2号"]
    frame = pl.DataFrame({"address": addresses})
    once = frame.select(answer=persons.truncate_after_district("address")).unnest("answer")
    twice = once.select(answer=persons.truncate_after_district("address")).unnest("answer")
    assert twice.equals(once)


def _gazette(folder: Path, name: str) -> pl.DataFrame:
    content = (folder / "cn-gazette-2019" / "dev" / name).read_bytes().decode("gb18030").encode()
    return pl.read_csv(content, infer_schema=False)


def test_no_real_inventor_is_taken_for_an_organisation(shared_data: Path) -> None:
    """Inventors are natural persons by law: over 12,000 names on which the rule must not fail once."""
    frame = _gazette(shared_data, "CN_patent_invention_published.csv")
    names = frame.select(name=text.split_multi("designer")).explode("name").drop_nulls().unique()
    wrong = names.filter(~persons.is_natural_person("name"))
    assert names.height > 12_000
    assert wrong.height == 0, f"{wrong.height} names"  # names stay out of the log


def test_few_real_applicants_with_long_names_are_taken_for_persons(shared_data: Path) -> None:
    frame = _gazette(shared_data, "CN_patent_utility_new.csv")
    names = frame.select(name=text.split_multi("patentee")).explode("name").drop_nulls().unique()
    long = names.filter(pl.col("name").str.len_chars() >= 5, ~pl.col("name").str.contains("[·.]"))
    assert long.height > 5_000
    assert long.select(persons.is_natural_person("name").mean()).item() < 0.002
