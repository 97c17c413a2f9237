"""Numbers and names of persons inside free text, and what must not be taken for one."""

from datetime import date
from string import ascii_letters

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.codes.credit_code import ALPHABET, check_character
from pipelines.codes.persons import is_person
from pipelines.contracts.registry import contract
from pipelines.intake.conform import conform
from pipelines.intake.privacy import has_identity_number, mask_numbers
from pipelines.intake.readers.base import ROW

births = st.dates(date(1920, 1, 1), date(2020, 12, 31)).map(lambda day: f"{day:%Y%m%d}")
identities = st.builds(
    lambda place, birth, serial, check: f"{place}{birth}{serial:03d}{check}",
    st.sampled_from(["370303", "110101", "440305", "659001"]),
    births,
    st.integers(0, 999),
    st.sampled_from("0123456789Xx"),
)
mobiles = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
around = st.text(st.sampled_from("当事人，（）;:。 -/_" + ascii_letters), max_size=5)
names = st.sampled_from(["样小明", "样大力", "样红", "欧样小花"])


def masked(text: str) -> str:
    return str(pl.select(mask_numbers(pl.lit(text))).item())


@given(around, st.one_of(identities, mobiles), around)
def test_numbers_of_persons_are_starred_out_wherever_they_stand(before: str, number: str, after: str) -> None:
    found = masked(before + number + after)
    assert number not in found and "***" in found
    assert found.startswith(before) and found.endswith(after)


@given(around, mobiles, around)
def test_mobile_numbers_in_groups_too(before: str, number: str, after: str) -> None:
    grouped = f"{number[:3]}-{number[3:7]} {number[7:]}"
    assert masked(before + grouped + after) == f"{before}***{after}"


@pytest.mark.parametrize(
    "text",
    ["13800000000,13900000000", "电话13800000000、13900000000", "370303199001011234/370303199001011234", "tel13800000000"],
)  # fmt: skip
def test_two_numbers_side_by_side(text: str) -> None:
    assert not any(character.isdigit() for character in masked(text))


@pytest.mark.parametrize(
    "text",
    [
        "罚款61853元", "2021年3月4日", "《商标法》第五十七条第(三)项", "货值1380000000000元", "201210424464.6", "案号37030319900101123456",
        "0533-1234567", "12345678901", "370303199013011234",
    ],
)  # fmt: skip
def test_other_numbers_stay(text: str) -> None:
    assert masked(text) == text


bodies = st.builds(
    lambda prefix, place, rest: prefix + place + rest,
    st.sampled_from(["91", "92", "93", "12", "52", "11"]),
    st.sampled_from(["370300", "370303", "370321", "110108", "330201"]),
    st.text(st.sampled_from(ALPHABET), min_size=9, max_size=9),
)


@given(bodies)
def test_no_credit_code_of_a_unit_is_taken_for_a_person(body: str) -> None:
    """None of these places of registration is followed by the digits of a year of birth."""
    code = body + check_character(body)
    assert pl.select(has_identity_number(pl.lit(code))).item() is False


@given(identities)
def test_every_identity_number_is_recognised_alone_in_a_cell(number: str) -> None:
    assert pl.select(has_identity_number(pl.lit(f" {number} "))).item() is True


HEADERS = ["行政处罚决定书文号", "行政相对人名称", "统一社会信用代码", "法定代表人", "身份证号码", "违法事实", "处罚内容", "案件名称", "处罚决定日期", "处罚机关"]  # fmt: skip


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(names, names, identities, mobiles, st.sampled_from(["2021-03-04", "某日"]), st.booleans())
def test_no_person_of_a_penalty_reaches_bronze_or_quarantine(
    offender: str, representative: str, identity: str, mobile: str, day: str, is_company: bool
) -> None:
    party = "淄博样例陶瓷有限公司" if is_company else offender
    said = f"{party}（法定代表人{representative}，{identity}，电话{mobile}）销售侵权商品"
    cells = [
        "甲1号",
        party,
        identity,
        representative,
        identity,
        said,
        f"对{party}罚款",
        f"{party}侵权案",
        day,
        "淄博市市场监督管理局",
    ]
    frame = pl.DataFrame({name: [cell] for name, cell in zip(HEADERS, cells, strict=True)})
    found = conform([frame.with_columns(pl.lit(2, pl.Int64).alias(ROW))], contract("penalties"), date(2024, 1, 31))
    written = found.bronze.write_json() + found.rejects.write_json()
    assert found.bronze.height + found.rejects.height == 1
    assert is_person(offender) and is_person(representative)
    for personal in (identity, mobile, representative, *([] if is_company else [offender])):
        assert personal not in written
    assert ("淄博样例陶瓷有限公司" in written) == is_company
