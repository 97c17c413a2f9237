"""What a number cell shows by its format: examples as Excel shows them, and the two notations of a file's dates."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.intake.workbooks.number_formats import BUILT_IN, OutOfRange, is_day, is_plain, number, shown

DAY = 44260  # 2021-03-05


@pytest.mark.parametrize(
    ("code", "value", "text"),
    [
        # days, whatever the notation; the Chinese ones by id, which files do not spell out
        ("yyyy-mm-dd", DAY, "2021-03-05"),
        ('yyyy"年"m"月"d"日"', DAY, "2021-03-05"),
        ('[$-804]yyyy"年"m"月"d"日";@', DAY, "2021-03-05"),
        ('[DBNum1][$-804]yyyy"年"m"月"d"日";@', DAY, "2021-03-05"),
        ("[$-F800]dddd, mmmm dd, yyyy", DAY, "2021-03-05"),
        ("yyyymmdd", DAY, "2021-03-05"),
        ("d-mmm-yy", DAY, "2021-03-05"),
        ("e/m/d", DAY, "2021-03-05"),
        (BUILT_IN[31], DAY, "2021-03-05"),
        (BUILT_IN[14], DAY, "2021-03-05"),
        # the year is not shown, but stored
        ('m"月"d"日"', DAY, "2021-03-05"),
        ("aaaa", DAY, "2021-03-05"),
        # a month or a year is no day: whoever typed 2021年3月 meant no first of March
        ('yyyy"年"m"月"', DAY, "2021-03"),
        ("mmm-yy", DAY, "2021-03"),
        (BUILT_IN[57], DAY, "2021-03"),
        ("yyyy", DAY, "2021"),
        # minutes are no months
        ("yyyy-mm-dd hh:mm", DAY + 0.4375, "2021-03-05 10:30:00"),
        ("h:mm", 0.4375, "10:30:00"),
        ("mm:ss", 0.5 / 24, "00:30:00"),
        ("[h]:mm", 1.5, "36:00:00"),
        ("上午/下午h:mm", DAY + 0.75, "2021-03-05 18:00:00"),
        # days that are none, and the first of the calendar, which Excel counts with a 29 February 1900
        ("yyyy-mm-dd", 1, "1900-01-01"),
        ("yyyy-mm-dd", 59, "1900-02-28"),
        ("yyyy-mm-dd", 60, "1900-02-29"),
        ("yyyy-mm-dd", 61, "1900-03-01"),
        # percentages
        ("0.00%", 0.8532, "85.32%"),
        ("0%", 0.8532, "85.32%"),
        ("0%", 1, "100%"),
        ("0.0%", -0.07, "-7%"),
        ("0.00%", 0.3, "30%"),
        # leading zeros, and text around them
        ("000000", 12, "000012"),
        ("000000", 1234567, "1234567"),
        ('"CN"000000000"A"', 102889890, "CN102889890A"),
        ("000-0000", 5550123, "555-0123"),
        ("0000-00-00", 20210305, "2021-03-05"),
        # units the format writes
        ('0"万元"', 500, "500万元"),
        ('#,##0.00"元"', 3000000, "3000000元"),
        ("0.0 kg", 2.5, "2.5 kg"),
        # thousands the format hides: 5 is shown for 5000
        ("#,##0,", 5000, "5"),
        ('0.0,,"百万"', 12345678, "12.345678百万"),
        ('0!.0,"万"', 1500000, "150万"),
        ('0\\.0,"万元"', 12345678, "1234.5678万元"),
        ('[>=10000]0.0,"k";0', 12000, "12k"),
        ('[>=10000]0.0,"k";0', 9000, "9000"),
        # what only rounds, colours or brackets leaves the number
        ("0.00", 1234.5678, "1234.5678"),
        ("#,##0", 1234567, "1234567"),
        ("0.00E+00", 201210424464.6, "201210424464.6"),
        ("# ?/?", 0.25, "0.25"),
        ('_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', 12.5, "12.5"),
        ('_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', 0, "0"),
        ("#,##0.00_);[Red](#,##0.00)", -12.5, "-12.5"),
        ("¥#,##0.00", 12, "12"),
        ("[$¥-804]#,##0.00", 12, "12"),
        # but dollars are another unit
        ("[$$-409]#,##0.00", 12, "$12"),
        ('_("US$"* #,##0.00_)', 12, "US$12"),
        ("General", 201210424464.60001, "201210424464.6"),
        ("General", 0.1 + 0.2, "0.3"),
        ("G/通用格式", 42, "42"),
        ("@", 42, "42"),
    ],
)
def test_what_a_format_shows(code: str, value: float, text: str) -> None:
    assert shown(value, code) == text


def test_a_date_format_over_a_number_that_is_no_day_shows_nothing() -> None:
    for value in (-1, 3_000_000):
        with pytest.raises(OutOfRange):
            shown(value, "yyyy-mm-dd")


def test_which_formats_need_no_heed() -> None:
    assert all(map(is_plain, ("General", "0", "0.00", "#,##0.00", "@", "0.00E+00", "# ?/?", "#,##0_);(#,##0)")))
    assert not any(map(is_plain, ("0%", "000", '0"万元"', "#,##0,", "yyyy-mm-dd", "h:mm")))
    assert all(map(is_day, ("yyyy-mm-dd", "yyyy/m/d", 'yyyy"年"m"月"d"日";@', "yyyy/m/d h:mm", "m/d/yy")))
    assert not any(map(is_day, ('yyyy"年"m"月"', "h:mm", "e/m/d", "[h]:mm", "0", 'm"月"d"日"')))


@given(st.dates(date(1904, 1, 2), date(2099, 12, 31)))
@settings(max_examples=50)
def test_both_date_systems_count_the_same_days(day: date) -> None:
    for is_1904, zero in ((False, date(1899, 12, 30)), (True, date(1904, 1, 1))):
        assert shown((day - zero) / timedelta(days=1), "yyyy/m/d", is_1904) == str(day)


@given(st.floats(0.001, 1e14) | st.integers(0, 10**15 - 1))
@settings(max_examples=200)
def test_a_number_keeps_the_fifteen_digits_a_cell_holds(value: float) -> None:
    assert float(number(value)) == pytest.approx(value, rel=1e-14)
    assert "e" not in number(value)
