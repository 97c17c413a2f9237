"""Publication numbers: serial, kind and type, and what is rejected."""

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.codes import publication_no
from pipelines.codes._vector import scalar


@pytest.mark.parametrize(
    ("written", "number", "kind", "patent_type"),
    [
        ("CN102889890B", "CN102889890", "B", "invention"),
        ("cn 102889890 b", "CN102889890", "B", "invention"),
        ("102889890B", "CN102889890", "B", "invention"),
        ("CN102889890", "CN102889890", None, "invention"),
        ("CN101973860A", "CN101973860", "A", "invention"),
        ("CN101973860B8", "CN101973860", "B8", "invention"),
        ("CN-101973860-A", "CN101973860", "A", "invention"),
        ("ＣＮ２０９０７８９６９Ｕ", "CN209078969", "U", "utility_model"),
        ("CN209078969U&nbsp;", "CN209078969", "U", "utility_model"),
        ("CN2345678Y", "CN2345678", "Y", "utility_model"),
        ("CN305246987S", "CN305246987", "S", "design"),
        ("CN3012345D", "CN3012345", "D", "design"),
        ("CN1033845C", "CN1033845", "C", "invention"),
        ("CN85100001A", "CN85100001", "A", "invention"),
        ("CN85200001U", "CN85200001", "U", "utility_model"),
    ],
)
def test_written_forms(written: str, number: str, kind: str | None, patent_type: str) -> None:
    answer = scalar(publication_no.parse, written)
    assert answer == {"publication_no": number, "kind": kind, "problem": None, "type": patent_type}
    assert publication_no.normalise(written) == (number, kind)


@pytest.mark.parametrize(
    "written",
    [
        "CN2013102965311A",  # an application number with a kind letter
        "CN102889890U",  # kind contradicts the serial
        "CN102889890T",  # no such kind
        "CN402889890A",  # no such serial
        "CN123456A",
        "US10050223B2",
        "1.02E+08",
        "无",
    ],
)
def test_malformed(written: str) -> None:
    answer = scalar(publication_no.parse, written)
    assert answer == {
        "publication_no": None,
        "kind": None,
        "problem": "publication_no_malformed",
        "type": None,
    }


@pytest.mark.parametrize("written", [None, "", " \u00a0"])
def test_nothing_written_is_no_problem(written: str | None) -> None:
    assert set(scalar(publication_no.parse, written).values()) == {None}


@settings(deadline=None, max_examples=25)
@given(st.lists(st.one_of(st.text(), st.text(alphabet="CN0123456789ABUSYD -")), max_size=30))
def test_any_text_is_read_whole_or_refused_whole(values: list[str]) -> None:
    answer = pl.DataFrame({"value": values}, schema={"value": pl.String}).select(publication_no.parse("value"))
    for row in answer.unnest("value").to_dicts():
        if row["publication_no"] is None:
            assert row["kind"] is None and row["type"] is None
        else:
            assert row["problem"] is None and row["type"] is not None
            again = publication_no.normalise(row["publication_no"] + (row["kind"] or ""))
            assert again == (row["publication_no"], row["kind"])


def test_every_real_gazette_number_agrees_with_its_list(shared_data: Path) -> None:
    lists = {
        "CN_patent_appearance_designed.csv": ("S", "design"),
        "CN_patent_invention_authorized.csv": ("B", "invention"),
        "CN_patent_utility_new.csv": ("U", "utility_model"),
    }
    for name, (kind, patent_type) in lists.items():
        content = (shared_data / "cn-gazette-2019" / "dev" / name).read_bytes().decode("gb18030").encode()
        frame = pl.read_csv(content, infer_schema=False).select(answer=publication_no.parse("authorization_notice_id"))
        seen = frame.unnest("answer")
        assert seen["problem"].null_count() == seen.height, name
        assert seen["type"].unique().to_list() == [patent_type], name
        assert kind in seen["kind"].unique().to_list(), name
