"""Text damaged by a wrong decoding is told from real text."""

import re
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.intake.damage import find, is_damaged
from pipelines.intake.decode import decode

DAMAGED = [
    "淄博锟斤拷瓷有限公司", "烫烫烫烫", "屯屯屯", "a\ufffdb", "釉\x1a料",
    "????有限公司", "淄博????公司", "淄博??陶瓷", "??????", "??(2021)",
    "涓撳埄", "涓€绉嶉櫠鐡烽噳鏂", "张店区 娣勫崥鏍蜂緥",
    "×¨Àû", "×Í²©ÑùÀýÌÕ´ÉÓÐÏÞ¹«Ë¾",
    "ä¸“åˆ©", "ä¸\x93å\x88©", "ï¼ˆè¢«å‘Šï¼‰", "MÃ¼ller", "SociÃ©tÃ© GÃ©nÃ©rale", "donâ€™t", "Ã¤Â¸Â“Ã¥ÂˆÂ©",
]  # fmt: skip
REAL = [
    "Müller", "Société Générale", "Dvořák", "Łódź", "Größe öäü", "CAFÉ®", "NESCAFÉ™", "10 Å²", "SÃO PAULO", "IRMÃ", "“MAÇÃ”",
    "什么?", "WHAT??", "怎么办???", "A;??B公司", "5/51(2006.01)I;??G01H7/00(2006.01)I", "米洛斯·马尔科维奇;??尤尔根·盖格",
    "王锟", "烫烫", "屯屯", "楠板厂", "南浔变电站", "㐀𠀀镕喆", "臺灣積體電路", "コカ・コーラ", "Ελλάδα", "××××公司", "3×4°±2", "“智能”…—",
    "“café”…", "····", "①②", "CO₂", "½″", "α-Fe₂O₃",
]  # fmt: skip
"""What people really write, old exports' `;??` between values included."""


@pytest.mark.parametrize("text", DAMAGED)
def test_damage_is_found(text: str) -> None:
    assert is_damaged(text)


@pytest.mark.parametrize("text", REAL)
def test_real_text_is_left_alone(text: str) -> None:
    assert not is_damaged(text)


def test_no_organisation_has_a_question_mark_in_its_name() -> None:
    names = pl.Series(["淄博?瓷有限公司", "A公司;?张三", None, "样例公司"])
    found = find(names, is_name=True)
    assert found is not None and found.to_list() == [True, False, False, False]
    assert find(names) is None


COMMON = st.text(
    st.sampled_from("一种陶瓷釉料及其制备方法淄博市张店区样例路有限公司专利权的装置系统"), min_size=4, max_size=20
)


@settings(max_examples=60, deadline=None)
@given(COMMON, st.sampled_from([("utf-8", "gb18030"), ("utf-8", "latin-1"), ("gb2312", "latin-1")]))
def test_a_wrong_decoding_is_found_and_the_right_one_is_not(text: str, codecs: tuple[str, str]) -> None:
    right, wrong = codecs
    assert not is_damaged(text)
    assert is_damaged(text.encode(right).decode(wrong, "replace"))


def test_the_names_of_divisions_and_of_real_titles_are_real(shared_data: Path) -> None:
    for file in ("cn-divisions/statistical-2023/streets.csv", "cn-gazette-2019/dev/CN_patent_utility_new.csv"):
        text, _ = decode((shared_data / file).read_bytes())
        assert find(pl.Series(re.split(r'[,\n"]', text)), is_name=True) is None
