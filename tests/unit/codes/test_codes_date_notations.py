"""Rarer notations of a day: each against Python's own calendar and time zones, and what is refused."""

import time
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import format_datetime
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.codes import dates
from pipelines.codes._vector import scalar

BEIJING = ZoneInfo("Asia/Shanghai")
DAY = date(2021, 12, 10)


@pytest.mark.parametrize(
    "printed",
    [
        # digits run together
        "20211210000000", "20211210103000", "202112101030", "20211210103000123", "20211210000000.0", "20211210.0",
        "20211210 10:30:00", "20211210T103000",
        # Chinese numerals and words
        "二〇二一年十二月十日", "二○二一年十二月十日", "二零二一年十二月十日", "二0二一年十二月十日", "二O二一年十二月十日",
        "贰零贰壹年拾贰月壹拾日", "贰零贰壹年壹拾贰月零壹拾日", "公元二〇二一年十二月十号", "2021年十二月十日", "2021年12月10号",
        "２０２１年１２月１０日　上午１０时３０分", "2021年12月10日 10时30分", "2021年12月10日10时30分15秒", "2021年12月10日 上午10时",
        "2021-12-10 下午3:00:00", "2021/12/10 3:00:00 PM", "2021-12-10 上午 12:00:00",
        # weekdays
        "2021/12/10 星期五", "2021-12-10（五）", "2021年12月10日 周五", "2021年12月10日星期五 上午10:30", "2021-12-10 (周五) 10:30",
        "星期五 2021-12-10", "Friday, December 10, 2021", "Friday, 10 December 2021",
        # English months, Java, C, Oracle
        "Fri Dec 10 00:00:00 CST 2021", "Fri Dec 10 23:59:59 CST 2021", "Fri Dec 10 00:00:00 2021",
        "Dec 10, 2021 12:00:00 AM", "Dec 10, 2021, 12:00:00 AM", "December 10, 2021", "Dec. 10, 2021", "10-Dec-2021",
        "10 December 2021", "2021-Dec-10", "10-12月-2021", "10-十二月-2021", "10-DEC-2021 12.00.00 AM",
        # ISO and databases
        "2021-12-10 00:00:00.0", "2021-12-10T00:00:00", "2021-12-10T08:30", "2021-12-10T00:00:00.000+08:00",
        "2021-12-10T00:00:00+0800", "2021-12-10 00:00:00+08", "2021-12-10T00:00+08:00[Asia/Shanghai]",
        "2021-12-10 00:00:00 CST", "2021-12-10-00.00.00.000000", "2021-12-10Z", "2021-12-10+08:00",
        "2021-12-09T16:00:00Z", "2021-12-09T16:00:00.000Z", "2021-12-09 16:00:00 UTC", "2021-12-09T11:00:00-05:00",
        "Fri Dec 10 2021 00:00:00 GMT+0800 (中国标准时间)", "/Date(1639065600000)/", r"\/Date(1639065600000+0800)\/",
        # a span of hours is no zone
        "2021-12-10 09:00-11:00", "2021-12-10 9:00～11:00",
        # other separators behind a year in front
        "2021、12、10", "2021 12 10", "2021.12.10.", "2021_12_10",
    ],
)  # fmt: skip
def test_notations_of_one_day(printed: str) -> None:
    assert scalar(dates.parse, printed) == {"date": DAY, "problem": None}


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("二〇二一年元月二十一日", date(2021, 1, 21)),
        ("二〇一九年十一月廿九日", date(2019, 11, 29)),
        ("二〇一九年十月卅一日", date(2019, 10, 31)),
        ("一九八五年四月一日", date(1985, 4, 1)),
        ("二〇二〇年二月二十九日", date(2020, 2, 29)),
        ("2020-12-31T16:00:00.000Z", date(2021, 1, 1)),
        ("2020-12-31T15:59:59Z", date(2020, 12, 31)),
        ("1988-06-30T15:00:00Z", date(1988, 7, 1)),  # midnight of Beijing's summer time
    ],
)
def test_other_days(printed: str, day: date) -> None:
    assert dates.to_date(printed) == day


@pytest.mark.parametrize(
    "printed",
    [
        # nothing decides the order or the century
        "12/10/2021", "10/12/21", "7/27/2018", "27-Jul-18", "10-十二月-21", "10-12月-21", "21-12-10", "110年12月10日",
        # ten digits that are also a day with its hour; numbers of patents, of telephones, of registrations
        "2021121010", "951156080", "2012104244646", "201210424464", "13800000000", "370300202100012416",
        # no such day, hour, zone or weekday
        "20211310000000", "20211210996000", "二〇二一年十三月十日", "2021-02-30T00:00:00Z", "2021-12-10T25:00:00Z",
        "2021-12-10T00:00:00+99:00", "2021-12-10 00:00:00 EST", "2021-12-10 星期一", "Thu Dec 10 00:00:00 CST 2021",
        # several days, parts of one, lunar days, remarks
        "2021.12.10-12.31", "2021.12.10-2022.12.10", "2021-12-10至2022-12-10", "2021-12-10-11", "2021-12-10/11",
        "12月10日", "Dec 10", "星期五", "二〇二一年", "二〇二一年十二月初十", "2021-12-10 (预计)", "1.63907E+12",
    ],
)  # fmt: skip
def test_what_is_not_unmistakable_stays_unread(printed: str) -> None:
    assert scalar(dates.parse, printed) == {"date": None, "problem": "date_unparseable"}


def test_a_month_in_chinese_numerals_is_a_day_where_asked_for() -> None:
    assert dates.to_date("二〇二一年二月", month_end=True) == date(2021, 2, 28)
    assert scalar(dates.parse, "二〇二一年二月")["problem"] == "date_unparseable"


def in_numerals(day: date) -> str:
    """二〇二一年十二月十日, by counting."""
    ones = "〇一二三四五六七八九"

    def number(value: int) -> str:
        tens, rest = divmod(value, 10)
        return (ones[tens] if tens > 1 else "") + ("十" if tens else "") + (ones[rest] if rest else "")

    return "".join(ones[int(d)] for d in str(day.year)) + f"年{number(day.month)}月{number(day.day)}日"


@settings(deadline=None, max_examples=25)
@given(st.lists(st.datetimes(datetime(2001, 9, 10), datetime(2030, 1, 1)), min_size=1, max_size=10))
def test_moments_are_days_in_beijing(moments: list[datetime]) -> None:
    """Any moment, written in several zones, is the day that Python's zone table gives for Beijing."""
    aware = [moment.replace(tzinfo=UTC, microsecond=0) for moment in moments]
    new_york = timezone(timedelta(hours=-5))
    written = pl.DataFrame(
        {
            "utc": [f"{moment:%Y-%m-%dT%H:%M:%S}Z" for moment in aware],
            "iso": [moment.astimezone(BEIJING).isoformat() for moment in aware],
            "west": [moment.astimezone(new_york).isoformat(timespec="milliseconds") for moment in aware],
            "half": [moment.astimezone(timezone(timedelta(hours=5, minutes=30))).isoformat(" ") for moment in aware],
            "mail": [format_datetime(moment) for moment in aware],
            "seconds": [str(int(moment.timestamp())) for moment in aware],
            "milliseconds": [f"{int(moment.timestamp())}000" for moment in aware],
            "java": [f"{moment.astimezone(BEIJING):%a %b %d %H:%M:%S CST %Y}" for moment in aware],
            "compact": [f"{moment.astimezone(BEIJING):%Y%m%d%H%M%S}" for moment in aware],
            "words": [in_numerals(moment.astimezone(BEIJING).date()) for moment in aware],
            "c": [time.asctime(moment.astimezone(BEIJING).timetuple()) for moment in aware],
        }
    )
    days = [moment.astimezone(BEIJING).date() for moment in aware]
    for notation in written.columns:
        read = written.select(dates.parse(notation)).unnest(notation)["date"].to_list()
        assert read == days, notation


@pytest.mark.parametrize("year", [1987, 1989, 1991])
def test_summers_of_the_years_with_summer_time(year: int) -> None:
    for month in range(1, 13):
        midnight = datetime(year, month, 15, tzinfo=BEIJING)
        assert dates.to_date(f"{midnight.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}") == midnight.date()
        assert dates.to_date(f"{int(midnight.timestamp())}000") == midnight.date()
