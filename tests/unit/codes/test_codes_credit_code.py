"""Unified social credit codes: worked examples, the naive formula's failure, masks."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.codes import credit_code
from pipelines.codes._vector import scalar

REAL = [
    "11370300004224423Q", "11370300004224722N", "91110108551385082Q", "91110000600037341L", "91371082775260043P",
    "913205056082348768", "121200004013590816", "91370300164103727C",
]  # fmt: skip


@pytest.mark.parametrize("code", REAL)
def test_real_codes_pass_in_either_case(code: str) -> None:
    assert credit_code.check_character(code[:17]) == code[17]
    assert credit_code.normalise(f" {code.lower()}\u00a0") == code


def test_lower_case_l_is_a_letter() -> None:
    assert credit_code.normalise("91330282l07196379d") == "91330282L07196379D"


@pytest.mark.parametrize(
    ("written", "quality", "problem"),
    [
        ("91110000600037341N", None, "credit_code_check_character"),
        ("9111000060003734L", None, "credit_code_malformed"),
        ("91110000600037341I", None, "credit_code_malformed"),
        ("无", None, "credit_code_malformed"),
        ("***", "masked", None),
        ("9237030*******0X2Q", "masked", None),
        (None, "absent", None),
        (" ", "absent", None),
    ],
)
def test_verdicts(written: str | None, quality: str | None, problem: str | None) -> None:
    expected = {"credit_code": None, "quality": quality, "problem": problem}
    assert scalar(credit_code.parse, written) == expected
    with pytest.raises(ValueError):
        credit_code.normalise(written)


bodies = st.builds(
    lambda head, division, tail: head + division + tail,
    st.text(alphabet="19ANY", min_size=2, max_size=2),
    st.integers(110000, 659999).map(str),
    st.text(alphabet=credit_code.ALPHABET, min_size=9, max_size=9),
)


@settings(deadline=None, max_examples=25)
@given(bodies)
def test_check_character_complements_the_weighted_sum_to_a_multiple_of_31(body: str) -> None:
    code = body + credit_code.check_character(body)
    *values, check = [credit_code.ALPHABET.index(character) for character in code]
    assert (sum(value * pow(3, place, 31) for place, value in enumerate(values)) + check) % 31 == 0
    assert credit_code.normalise(code) == code


def test_a_sum_divisible_by_31_asks_for_zero() -> None:
    """The formula without the outer modulus would index past the alphabet (handbook C.4, first trap)."""
    for last in credit_code.ALPHABET:
        body = "9137030016410372" + last
        if sum(credit_code.ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(body)) % 31 == 0:
            assert credit_code.check_character(body) == "0"
            return
    pytest.fail("one of 31 characters must make the sum divisible by 31")


@settings(deadline=None, max_examples=25)
@given(st.lists(st.one_of(st.none(), st.text()), max_size=30))
def test_any_text_gets_one_verdict(values: list[str | None]) -> None:
    frame = pl.DataFrame({"value": values}, schema={"value": pl.String})
    for row in frame.select(credit_code.parse("value")).unnest("value").to_dicts():
        assert (row["quality"] is None) != (row["problem"] is None)


def test_body_of_wrong_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="17 characters"):
        credit_code.check_character("9137030016410372I")
