"""Classification symbols: every printing, the invalid ones set apart, H10 traced back."""

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.codes import ipc
from pipelines.codes._vector import scalar


@pytest.mark.parametrize(
    ("printed", "normal"),
    [
        ("G09G    3/3208  (2016.01)", "G09G3/3208"),
        ("C07C49/12(2006.01)I", "C07C49/12"),
        ("H04W8/26(2009.01)I;??H04W84/12(2009.01)I", "H04W8/26;H04W84/12"),
        ("H04W8/26(2009.01)I;\u2002H04W84/12(2009.01)I", "H04W8/26;H04W84/12"),
        ("B23K37/00(2006.01)I;", "B23K37/00"),
        ("C12N  1/20        20060101AFI20091204BHCN", "C12N1/20"),
        ("H04W 8/26 (2009.01) I", "H04W8/26"),
        ("Ｇ０１Ｃ２１／００", "G01C21/00"),
        ("g01c 021/00", "G01C21/00"),
        ("A01B1/00，A01B 3/02、H10K50/11", "A01B1/00;A01B3/02;H10K50/11"),
        ("A01B1/00;A01B1/00;C07C1/00", "A01B1/00;C07C1/00"),
    ],
)
def test_printings(printed: str, normal: str) -> None:
    answer = scalar(ipc.normalise_list, printed)
    assert answer == {"ipc": normal, "main_ipc": normal.split(";")[0], "invalid": None, "problem": None}


@pytest.mark.parametrize(
    ("printed", "normal"),
    [
        ("C04B 35/00", "C04B35/00"),
        ("Int. Cl.5 C04B 35/00", "C04B35/00"),
        ("[51]Int.Cl7 C04B 35/00", "C04B35/00"),
        ("(51) Int.Cl⁵: C04B35/00", "C04B35/00"),
        ("Int.Cl.(2006.01)C04B35/00", "C04B35/00"),
        ("IPC7: H04N 7/24", "H04N7/24"),
        ("C04B35/00,//H01M10/05", "C04B35/00;H01M10/05"),
        ("C08F 4/64 //(C08F 4/64, 210:02)", "C08F4/64;C08F210/02"),
        ("C12N 1/20 //C12R1:01", "C12N1/20;C12R1/01"),
        ("B01J 23/00, 23/40", "B01J23/00;B01J23/40"),
        ("A01N 63/00 //(A01N63/00,43:653)", "A01N63/00;A01N43/653"),
        ("C04B35/00 H01M10/05", "C04B35/00;H01M10/05"),
        ("C04B 35/00\r\nH01M 10/05", "C04B35/00;H01M10/05"),
        ("C04B 35/00 (2006.01) C04B 35/10 (2006.01)", "C04B35/00;C04B35/10"),
        ("C04B35/00(2006.01)I H01M10/05(2006.01)I", "C04B35/00;H01M10/05"),
        ("G06F17/30 | H04L29/08", "G06F17/30;H04L29/08"),
        ("C04B0035000000", "C04B35/00"),
        ("A61K0031435000;G06F0016270000", "A61K31/435;G06F16/27"),
    ],
)
def test_older_editions_and_other_systems(printed: str, normal: str) -> None:
    answer = scalar(ipc.normalise_list, printed)
    assert answer == {"ipc": normal, "main_ipc": normal.split(";")[0], "invalid": None, "problem": None}


@pytest.mark.parametrize(
    ("printed", "normal", "invalid"),
    [
        ("B41J*; G06F3/00", "G06F3/00", "B41J*"),
        ("I01B1/00", None, "I01B1/00"),
        ("A01B", None, "A01B"),
        ("A01B0/00", None, "A01B0/00"),
        ("06-04 (12)", None, "06-04 (12)"),
        ("G01C21", None, "G01C21"),
        ("35/00;C04B35/10", "C04B35/10", "35/00"),  # of no subclass
        ("C04B3500", None, "C04B3500"),
    ],
)
def test_what_is_no_symbol_is_listed(printed: str, normal: str | None, invalid: str) -> None:
    answer = scalar(ipc.normalise_list, printed)
    assert (answer["ipc"], answer["invalid"], answer["problem"]) == (normal, invalid, "ipc_malformed")


@pytest.mark.parametrize("blank", [None, "", ";", "\u00a0"])
def test_nothing_printed_is_no_problem(blank: str | None) -> None:
    assert set(scalar(ipc.normalise_list, blank).values()) == {None}


@pytest.mark.parametrize(
    ("printed", "normal"),
    [
        ("01-01 (12)", "01-01"),
        ("06-04 (12);??07-01 (12)  ", "06-04;07-01"),
        ("LOC(11)Cl.6-4", "06-04"),
        ("32-00", "32-00"),
    ],
)
def test_locarno(printed: str, normal: str) -> None:
    assert scalar(ipc.normalise_locarno, printed) == {"locarno": normal, "invalid": None, "problem": None}


@pytest.mark.parametrize("printed", ["33-01", "00-01", "G01C21/00", "2019-01-01"])
def test_what_is_no_locarno_class(printed: str) -> None:
    assert scalar(ipc.normalise_locarno, printed)["problem"] == "ipc_malformed"


def test_scalar_parse_takes_one_symbol() -> None:
    assert ipc.parse("G09G    3/3208  (2016.01)") == "G09G3/3208"
    for wrong in ("A01B1/00;A01B3/00", "A01B", ""):
        with pytest.raises(ValueError, match="ipc_malformed"):
            ipc.parse(wrong)


symbols = st.builds(
    lambda section, number, letter, group, subgroup: (f"{section}{number:02d}{letter}", group, subgroup),
    st.sampled_from("ABCDEFGH"),
    st.integers(1, 99),
    st.sampled_from("ABCDEFGHKLMNPQRSTUVW"),
    st.integers(1, 2999),
    st.from_regex(r"[0-9]{2,6}", fullmatch=True),
)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.lists(symbols, min_size=1, max_size=5, unique=True), min_size=1, max_size=10))
def test_every_printing_has_one_normal_form(cells: list[list[tuple[str, int, str]]]) -> None:
    def printed(form: str, separator: str) -> list[str]:
        return [separator.join(form.format(*symbol) for symbol in cell) for cell in cells]

    forms = {
        "plain": printed("{0}{1}/{2}", ";"),
        "gazette": printed("{0}{1}/{2}(2006.01)I", ";??"),
        "padded": printed("{0}{1:>5}/{2}  (2016.01)", "; "),
        "office": printed("{0}{1:>4}/{2:<6} 20060101AFI20091204BHCN", "；"),
    }
    frame = pl.DataFrame(forms)
    for form in frame.columns:
        answer = frame.select(ipc.normalise_list(form)).unnest(form)
        assert answer["ipc"].to_list() == forms["plain"]
        assert answer["problem"].null_count() == len(cells)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.one_of(st.none(), st.text(), st.text(alphabet="AGH0123456789/;?()* -")), max_size=30))
def test_nothing_printed_is_lost(values: list[str | None]) -> None:
    frame = pl.DataFrame({"value": values}, schema={"value": pl.String})
    answer = frame.with_columns(answer=ipc.normalise_list("value")).unnest("answer")
    for row in answer.to_dicts():
        assert (row["invalid"] is None) == (row["problem"] is None)
        if row["ipc"] is not None:
            assert scalar(ipc.normalise_list, row["ipc"])["ipc"] == row["ipc"]


def test_every_symbol_of_the_real_gazette_is_read(shared_data: Path) -> None:
    folder = shared_data / "cn-gazette-2019" / "dev"
    for name, normalise in {
        "CN_patent_invention_published.csv": ipc.normalise_list,
        "CN_patent_utility_new.csv": ipc.normalise_list,
        "CN_patent_appearance_designed.csv": ipc.normalise_locarno,
    }.items():
        frame = pl.read_csv((folder / name).read_bytes().decode("gb18030").encode(), infer_schema=False)
        answer = frame.select(answer=normalise("Int.Cl.")).unnest("answer")
        assert answer["problem"].null_count() == answer.height, name
        assert answer[:, 0].null_count() == 0, name
