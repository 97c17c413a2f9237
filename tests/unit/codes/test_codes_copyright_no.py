"""Registration and certificate numbers of software and works (domain C.10)."""

from string import digits

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.codes._vector import scalar
from pipelines.codes.copyright_no import MALFORMED, normalise, parse


@pytest.mark.parametrize(
    ("written", "number", "kind"),
    [
        ("2014SR001852", "2014SR001852", "software"),
        (" ２０１４ｓｒ００１８５２ ", "2014SR001852", "software"),
        ("软著登字第2016SR172900号", "2016SR172900", "software"),
        ("第2016SR172900号", "2016SR172900", "software"),
        ("2023SR1234567", "2023SR1234567", "software"),
        ("国作登字-2020-F-00123456", "国作登字-2020-F-00123456", "works"),
        ("鲁作登字－2021－F－00012345", "鲁作登字-2021-F-00012345", "works"),
        ("鲁作登字15-2013-F-12345", "鲁作登字-2013-F-12345", "works"),
        ("鲁作登字-2021-F-00012345号", "鲁作登字-2021-F-00012345", "works"),
    ],
)
def test_forms_of_a_registration_number(written: str, number: str, kind: str) -> None:
    found = scalar(parse, written)
    assert found == {"registration_no": number, "certificate_no": None, "kind": kind, "problem": None}


@pytest.mark.parametrize("written", ["软著登字第0671096号", "软著登字0671096", " 软著登字第 0671096 号"])
def test_a_certificate_number_is_no_registration_number(written: str) -> None:
    found = scalar(parse, written)
    assert (found["registration_no"], found["problem"]) == (None, MALFORMED)
    assert (found["certificate_no"], found["kind"]) == ("软著登字第0671096号", "software")


@pytest.mark.parametrize(
    "written", ["2014SR", "SR001852", "0671096", "2.01E+11", "鲁作登字-F-1", "1714SR001852", "京ICP备1号"]
)
def test_what_is_neither(written: str) -> None:
    assert scalar(parse, written) == {
        "registration_no": None, "certificate_no": None, "kind": None, "problem": MALFORMED
    }  # fmt: skip


@pytest.mark.parametrize("written", [None, "", " "])
def test_a_blank_has_no_problem(written: str | None) -> None:
    assert scalar(parse, written)["problem"] is None


serials = st.text(digits, min_size=6, max_size=7)


@given(st.integers(1991, 2030), serials, st.sampled_from(["", "第", "软著登字第"]), st.sampled_from(["", "号"]))
def test_every_software_number_is_recovered(year: int, serial: str, before: str, after: str) -> None:
    number = f"{year}SR{serial}"
    assert normalise(before + number + after) == number == normalise(number)


@given(st.text(digits, min_size=6, max_size=8))
def test_no_certificate_number_is_ever_taken(serial: str) -> None:
    with pytest.raises(ValueError, match=MALFORMED):
        normalise(f"软著登字第{serial}号")


@given(st.text(max_size=30))
def test_what_is_read_is_read_the_same_again(written: str) -> None:
    found = scalar(parse, written)
    if found["registration_no"]:
        assert scalar(parse, found["registration_no"])["registration_no"] == found["registration_no"]
