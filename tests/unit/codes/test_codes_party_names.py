"""Names of organisations in the form they are compared in."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.codes.party_names import comparison_key, key
from pipelines.codes.persons import is_person

WRITTEN_AS_ONE = [
    ("淄博样例陶瓷有限公司", "淄博样例陶瓷有限责任公司"),
    ("样例（淄博）科技有限公司", "样例(淄博)科技有限公司"),
    ("样例（淄博）科技有限公司", " 样例 淄博 科技\u3000有限公司\u200b"),
    ("样例【淄博】科技有限公司", "样例〔淄博〕科技有限公司"),
    ("Ｓａｍｐｌｅ样例科技有限公司", "sample样例科技有限公司"),
    ("样例·贝斯特科技有限公司", "样例•贝斯特科技有限公司"),
    ("Sample Glazes Co., Ltd.", "SAMPLE GLAZES CO LTD"),
    ("样例－甲科技有限公司", "样例-甲科技有限公司"),
]


@pytest.mark.parametrize(("one", "other"), WRITTEN_AS_ONE)
def test_differences_in_writing_do_not_count(one: str, other: str) -> None:
    assert key(one) == key(other) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("样例集团有限公司", "样例有限公司"),
        ("样例（集团）有限公司", "样例有限公司"),  # what stands in brackets is part of the name
        ("样例股份有限公司", "样例有限公司"),
        ("淄博样例一厂有限公司", "淄博样例二厂有限公司"),
        ("淄博样例有限公司第1分公司", "淄博样例有限公司第2分公司"),
    ],
)
def test_different_names_stay_different(one: str, other: str) -> None:
    assert key(one) != key(other)


@pytest.mark.parametrize("name", [None, "", "  ", "样小明", "自然人", "样例·贝斯特", "（）"])
def test_persons_and_blanks_have_no_key(name: str | None) -> None:
    assert key(name) is None


names = st.text(
    st.one_of(
        st.sampled_from("样例陶瓷科技集团有限责任公司（）()·•.-— 　&；，ＡaBß１2"),
        st.characters(categories=["L", "N", "P", "Z", "S", "M"]),
    ),
    max_size=24,
)


@given(names)
def test_a_key_is_its_own_key(name: str) -> None:
    """Written with 公司 at the end, so that it stays an organisation's."""
    made = key(name + "公司")
    assert made is not None and key(made) == made


@given(names, st.sampled_from([" ", "\u3000", "·", "（", "）", "-", "\u200b"]), st.integers(0, 24))
def test_a_blank_or_bracket_anywhere_changes_nothing(name: str, mark: str, place: int) -> None:
    whole = name + "公司"
    place = min(place, len(name))
    marked = whole[:place] + mark + whole[place:]
    if not is_person(marked) and not is_person(whole):
        assert key(marked) == key(whole)


@given(st.lists(st.one_of(st.none(), names), max_size=8))
def test_a_column_is_read_as_its_cells_are(cells: list[str | None]) -> None:
    frame = pl.DataFrame({"name": cells}, schema={"name": pl.String})
    assert frame.select(comparison_key("name")).to_series().to_list() == [key(cell) for cell in cells]
