"""Application numbers: worked examples of the handbook, every written form, and what must never be repaired."""

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.codes import application_no
from pipelines.codes._vector import scalar

REAL = [
    "201210424464.6", "201720396828.2", "201710546883.X", "201711291121.6", "201210094444.7", "201010525698.0",
    "200820132792.8", "200820009767.0", "201310699744.2", "201080063196.9", "202110991218.8", "202111286633.X",
    "202180002433.9", "201480000788.4", "201410408762.5", "201610158350.X", "201510481495.9", "201710269973.9",
    "95115608.X", "97101765.4",
]  # fmt: skip


def parse(written: str | None) -> dict[str, object]:
    return scalar(application_no.parse, written)


def reference_check(body: str) -> str:
    """The rule of ZC 0006 written out, independently of the code under test."""
    weights = [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]
    rest = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=False)) % 11
    return "X" if rest == 10 else str(rest)


bodies_12 = st.builds(
    lambda year, kind, serial: f"{year}{kind}{serial:07d}",
    st.integers(2003, 2040),
    st.sampled_from("12389"),
    st.integers(1, 9_999_999),
)
bodies_8 = st.builds(
    lambda year, kind, serial: f"{year % 100:02d}{kind}{serial:05d}",
    st.integers(1985, 2003),
    st.sampled_from("12389"),
    st.integers(1, 99_999),
)
bodies = st.one_of(bodies_12, bodies_8)


@pytest.mark.parametrize("number", REAL)
def test_real_numbers_pass_and_their_check_digits_are_computed(number: str) -> None:
    body, check = number.split(".")
    assert application_no.check_digit(body) == check
    answer = parse(number)
    assert (answer["application_no"], answer["quality"], answer["problem"]) == (number, "ok", None)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("ZL 2008 2 0009767.0", "200820009767.0"),
        ("ZL200820132792.8", "200820132792.8"),
        ("CN201010525698.0", "201010525698.0"),
        ("cn 201010525698.0", "201010525698.0"),
        ("2010101463727", "201010146372.7"),  # check digit without the dot
        ("201110047567.0&nbsp;", "201110047567.0"),
        ("201110047567.0\u00a0", "201110047567.0"),
        ("\ufeff201110047567.0\r\n", "201110047567.0"),
        ("201711291121．6", "201711291121.6"),
        ("２０１７１１２９１１２１．６", "201711291121.6"),
        ("201\u3000710546883.x", "201710546883.X"),
        ("201930034277X", "201930034277.X"),
        ("95115608X", "95115608.X"),
        ("971017654", "97101765.4"),
        ("95115608", "95115608.X"),  # eight digits: no check digit written
        ("201210424464", "201210424464.6"),  # twelve digits: no check digit written
        ("2012104244646.0", "201210424464.6"),  # a float that lost nothing
        ("102021000991218", "202110991218.8"),  # the office's fifteen digits
        ("112021000002433", "202180002433.9"),
        ("102015000481495", "201510481495.9"),
    ],
)
def test_written_forms(written: str, normal: str) -> None:
    assert application_no.normalise(written) == normal


@pytest.mark.parametrize("written", ["2.01E+12", "2.0121E+12", "2.01311E+12", "2.01e+12", "2E+12", "2.01E12"])
def test_scientific_notation_is_spoiled_and_never_repaired(written: str) -> None:
    answer = parse(written)
    assert (answer["application_no"], answer["quality"], answer["problem"]) == (None, "spoiled", None)
    with pytest.raises(ValueError, match="application_no_spoiled"):
        application_no.normalise(written)


@pytest.mark.parametrize("written", [None, "", "   ", "\u00a0", "&nbsp;"])
def test_nothing_written_is_absent_not_wrong(written: str | None) -> None:
    answer = parse(written)
    assert (answer["application_no"], answer["quality"], answer["problem"]) == (None, "absent", None)


@pytest.mark.parametrize(
    "written",
    [
        "无",
        "CN102889890B",  # a publication number
        "CN102889890",
        "20190709",  # a date: year 20 is not of the 8-digit generation
        "2012100000000",  # what is left of 2.0121E+12 as an integer
        "201240424464.6",  # type 4 does not exist
        "199910424464.6",  # twelve digits before 2003
        "201210424464.",
        "2012104244",
        "1020210009912189",
        "102021010991218",  # the office pads the serial with two zeros
        "402021000991218",
        "212010424464.66",
        "-201210424464.6",
        "٢٠١٢١٠٤٢٤٤٦٤",
    ],
)
def test_anything_else_is_malformed(written: str) -> None:
    answer = parse(written)
    assert (answer["application_no"], answer["quality"]) == (None, None)
    assert answer["problem"] == "application_no_malformed"


def test_wrong_check_digit_has_its_own_reason() -> None:
    assert parse("201210424464.7")["problem"] == "application_no_check_digit"
    assert parse("2012104244647")["problem"] == "application_no_check_digit"
    assert parse("95115608.1")["problem"] == "application_no_check_digit"


@pytest.mark.parametrize(
    ("number", "kind", "year"),
    [
        ("201210424464.6", "invention", 2012),
        ("201080063196.9", "invention", 2010),  # national phase
        ("201720396828.2", "utility_model", 2017),
        ("201930034277.X", "design", 2019),
        ("202111286633.X", "invention", 2021),  # divisional, filed in 2017: the year is the number's
        ("95115608.X", "invention", 1995),
        ("00104567", "invention", 2000),
        ("03104567", "invention", 2003),
    ],
)
def test_type_and_year_are_read_from_the_number(number: str, kind: str, year: int) -> None:
    answer = parse(number)
    assert (answer["type"], answer["year"]) == (kind, year)


@settings(deadline=None, max_examples=25)
@given(st.lists(bodies, min_size=1, max_size=30))
def test_every_written_form_of_a_number_has_one_normal_form(some_bodies: list[str]) -> None:
    checks = [reference_check(body) for body in some_bodies]
    normal = [f"{body}.{check}" for body, check in zip(some_bodies, checks, strict=True)]
    joined = [body + check for body, check in zip(some_bodies, checks, strict=True)]
    spaced = [f"ZL {number[:2]} {number[2:]}".lower() for number in normal]
    frame = pl.DataFrame({"normal": normal, "joined": joined, "spaced": spaced, "body": some_bodies})
    for form in frame.columns:
        answer = frame.select(answer=application_no.parse(form))["answer"].struct.field("application_no")
        assert answer.to_list() == normal


@settings(deadline=None, max_examples=25)
@given(bodies, st.data())
def test_one_mistyped_digit_is_always_noticed(body: str, data: st.DataObject) -> None:
    number = f"{body}.{reference_check(body)}"
    place = data.draw(st.integers(0, len(body) - 1))
    digit = data.draw(st.sampled_from([other for other in "0123456789" if other != body[place]]))
    assert parse(number[:place] + digit + number[place + 1 :])["application_no"] is None


@settings(deadline=None, max_examples=25)
@given(st.lists(st.one_of(st.none(), st.text(), st.text(alphabet="0123456789.XxEe+ZLCN &;\u00a0")), max_size=30))
def test_any_text_gets_exactly_one_verdict(values: list[str | None]) -> None:
    frame = pl.DataFrame({"value": values}, schema={"value": pl.String})
    answer = frame.select(application_no.parse("value")).unnest("value")
    assert answer.height == len(values)
    for row in answer.to_dicts():
        assert (row["quality"] is None) != (row["problem"] is None)
        assert (row["application_no"] is not None) == (row["quality"] == "ok")
        if row["application_no"] is not None:
            assert application_no.normalise(row["application_no"]) == row["application_no"]


def test_check_digit_refuses_what_is_no_body() -> None:
    for wrong in ["2012104244646", "20121042446X", ""]:
        with pytest.raises(ValueError, match="12 or 8 digits"):
            application_no.check_digit(wrong)


def test_real_gazette_numbers_are_intact_or_spoiled_and_nothing_else(shared_data: Path) -> None:
    expected = {  # file: intact numbers, spoiled numbers (as its provenance counts them)
        "CN_patent_appearance_designed.csv": (482, 4755),
        "CN_patent_appearance_designed_712.csv": (5299, 0),
        "CN_patent_invention_authorized.csv": (427, 4334),
        "CN_patent_invention_published.csv": (2067, 11470),
        "CN_patent_utility_new.csv": (1560, 14911),
    }
    for name, (intact, spoiled) in expected.items():
        file = shared_data / "cn-gazette-2019" / "dev" / name
        content = file.read_bytes().decode("gb18030").encode()
        numbers = pl.read_csv(content, infer_schema=False).select(answer=application_no.parse("filing_id"))
        counts = dict(numbers.unnest("answer")["quality"].value_counts().iter_rows())
        assert (counts.get("ok", 0), counts.get("spoiled", 0)) == (intact, spoiled), name
        assert intact + spoiled == numbers.height, name


@pytest.mark.parametrize(
    ("office", "body"),
    [
        ("101995000006852", "95106852"),
        ("CN101985000000001", "85100001"),
        ("202003000056789", "03256789"),
        ("301999000012345", "99312345"),
        ("102003000100001", "200310100001"),  # the new numbers of late 2003 begin at 100001
    ],
)
def test_the_office_form_of_the_first_generation(office: str, body: str) -> None:
    assert parse(office)["application_no"] == f"{body}.{reference_check(body)}"


@pytest.mark.parametrize("office", ["111998000005276", "211997000090001", "101984000000001", "101995000106852"])
def test_office_forms_that_do_not_say_which_number_they_are(office: str) -> None:
    assert parse(office)["problem"] == "application_no_malformed"
