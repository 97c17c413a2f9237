"""Cleaning: damage goes, content stays."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.codes import text
from pipelines.codes._vector import scalar


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("淄博乐邦家居服务有限公司;", "淄博乐邦家居服务有限公司"),
        ("公司； ;", "公司"),
        ("第一行\r\n第二行", "第一行 第二行"),
        ("a\u00a0&nbsp;b&NBSP;c", "a b c"),
        ("淄\u200b博\ufeff市", "淄博市"),
        ("\u2002样例乙", "样例乙"),
        ("匠人之心（北京）产品设计有限公司", "匠人之心（北京）产品设计有限公司"),  # width is content in a name
        ("国际　商业\t机器", "国际 商业 机器"),
        ("??样例丁", "??样例丁"),  # a lost character is not ours to restore
        ("", None),
        (" \u00a0;", None),
        (None, None),
    ],
)
def test_clean(raw: str | None, clean: str | None) -> None:
    assert scalar(text.clean, raw) == clean


@pytest.mark.parametrize(
    ("raw", "folded"),
    [
        ("ｚｌ ２００８ 2 ０００９７６７．０", "ZL200820009767.0"),
        ("2019\u201105\u201122", "2019-05-22"),
        (" 91330282l07196379d ", "91330282L07196379D"),
        ("&nbsp;", None),
        (None, None),
    ],
)
def test_fold(raw: str | None, folded: str | None) -> None:
    assert scalar(text.fold, raw) == folded


def test_narrow_keeps_blanks_and_case() -> None:
    assert scalar(text.narrow, "（２０２１） 年　Ａb") == "(2021) 年 Ab"


@pytest.mark.parametrize(
    ("raw", "values"),
    [
        ("样例甲;??样例丁", ["样例甲", "样例丁"]),
        ("样例甲;\u2002样例丁;", ["样例甲", "样例丁"]),
        ("甲公司；乙公司 ; 丙公司", ["甲公司", "乙公司", "丙公司"]),
        ("A, B公司", ["A, B公司"]),  # a comma belongs to the name
        ("张??;李四", ["张??", "李四"]),
        (";;", None),
        (None, None),
    ],
)
def test_split_multi(raw: str | None, values: list[str] | None) -> None:
    assert scalar(text.split_multi, raw) == values


@pytest.mark.parametrize("written", ["A¯1", "A\u200b\u03041", " a \u0308 1"])
def test_an_accent_without_a_letter_is_no_part_of_a_number(written: str) -> None:
    assert scalar(text.fold, written) == "A1"


def test_split_multi_with_comma() -> None:
    assert scalar(text.split_multi, "A01B1/00，A01B3/00、C07C1/00", comma=True) == [
        "A01B1/00",
        "A01B3/00",
        "C07C1/00",
    ]


@settings(deadline=None, max_examples=25)
@given(st.lists(st.one_of(st.none(), st.text()), max_size=30))
def test_cleaning_twice_changes_nothing_and_leaves_no_blank_text(values: list[str | None]) -> None:
    frame = pl.DataFrame({"value": values}, schema={"value": pl.String})
    for function in (text.clean, text.fold):
        once = frame.select(function("value"))
        assert once.select(function("value")).equals(once)
        assert "" not in once["value"].to_list()


@settings(deadline=None, max_examples=25)
@given(st.lists(st.text(alphabet="甲乙丙;；? \u00a0\u2002", max_size=12), max_size=30))
def test_no_value_of_a_cell_is_blank_or_holds_a_separator(values: list[str]) -> None:
    frame = pl.DataFrame({"value": values}, schema={"value": pl.String})
    for cell in frame.select(text.split_multi("value"))["value"].to_list():
        assert cell is None or all(part.strip() and ";" not in part and "；" not in part for part in cell)
