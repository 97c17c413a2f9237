"""Rarer notations of a day, rewritten as `YYYY-MM-DD` for `dates` to read (domain D.8).

Belongs here: Chinese numerals, weekdays, names of months, digits with a time of day run together, epochs, and times
with a zone. Does not belong here: the everyday notations, which `dates` reads itself and which never come here.

Only what can be read in one way is rewritten. Day and month in front of the year as figures (12/10/2021) and years of
two digits stay as they are, whatever their order seems to be. A time with a zone is the day it was in Beijing, summer
time of 1986 to 1991 included; a time without one is the day as written, and CST is China's.
"""

import polars as pl

_ZONE = "Asia/Shanghai"

# The weekday goes before the numerals: 星期五 is no five.
_WEEKDAYS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "日": 7, "天": 7}
_WEEKDAYS |= {"MON": 1, "TUE": 2, "WED": 3, "THU": 4, "FRI": 5, "SAT": 6, "SUN": 7}
_WEEKDAY = (
    r"[ ,]*\(?(?:(?:星期|周|週|礼拜)([一二三四五六日天])"
    r"|\b(MON|TUE|WED|THU|FRI|SAT|SUN)(?:S|NES|RS|UR)?(?:DAY)?\b\.?,?)\)?"
)
_WEEKDAY_IN_BRACKETS = r" ?\(([一二三四五六日])\)"

# 〇 is also typed as one of several circles, as a letter O or as 0.
_FIGURES = dict(zip("一二三四五六七八九壹贰叁肆伍陆柒捌玖", "123456789" * 2, strict=True))
_FIGURES |= dict.fromkeys("〇○◯零ОO", "0") | {"贰": "2", "貳": "2", "叄": "3", "參": "3", "拾": "十"}
_FIGURES |= {"廿": "2十", "卅": "3十", "元月": "1月", "号": "日", "號": "日"}
_IN_NUMERALS = r"^(?:公元)?[0-9〇○◯零ОO一二三四五六七八九壹贰貳叁叄參肆伍陆柒捌玖]{1,4}[年.\-/]"

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"), start=1
    )
}
_MONTH = (
    r"JAN(?:UARY)?|FEB(?:RUARY)?|MAR(?:CH)?|APR(?:IL)?|MAY|JUNE?|JULY?|AUG(?:UST)?|SEP(?:T(?:EMBER)?)?|OCT(?:OBER)?"
    r"|NOV(?:EMBER)?|DEC(?:EMBER)?"
)
_ORDINAL = r"(?:ST|ND|RD|TH)?"

_FORMS = (
    r"^(?<year>[0-9]{4})[-./年、,·_\\ ](?<month>[0-9]{1,2})[-./月、,·_\\ ](?<day>[0-9]{1,2})日?(?<rest>.*)$",
    r"^(?<year>(?:1[89]|20|21)[0-9]{2})(?<month>[0-9]{2})(?<day>[0-9]{2})(?<rest>(?:[T ].*|[0-9]{4,9})?(?:\.[0-9]+)?)$",
    rf"^(?<year>[0-9]{{4}})[-/. ](?<month>{_MONTH})[-/. ](?<day>[0-9]{{1,2}})(?<rest>.*)$",
    rf"^(?<day>[0-9]{{1,2}}){_ORDINAL}[-/. ]?(?<month>{_MONTH}|[0-9]{{1,2}}月)[-/.,: ]{{0,2}}"
    r"(?<year>[0-9]{4})(?<rest>.*)$",
    rf"^(?<month>{_MONTH})\.? ?(?<day>[0-9]{{1,2}}){_ORDINAL}[, ]{{1,2}}(?<year>[0-9]{{4}})(?<rest>.*)$",
    # as Java and C print a time: the year comes last
    rf"^(?<month>{_MONTH}) (?<day>[0-9]{{1,2}}) (?<rest>[0-9]{{1,2}}:[0-9:]+(?: [A-Z0-9:+-]+)?) (?<year>[0-9]{{4}})$",
)

_HALF = r"凌晨|早上|上午|中午|下午|晚上|AM|PM|A\.M\.|P\.M\."
_CLOCK = (
    rf"^(?:(?<sep>T| ?-? ?|,? ?|:)(?<half>{_HALF})? ?(?:"
    r"(?<h1>[0-9]{1,2}):(?<m1>[0-9]{2})(?<s1>:[0-9]{2}(?:[.,:][0-9]+)?)?"
    r"|(?<h2>[0-9]{1,2})[时點点](?:(?<m2>[0-9]{1,2})分?(?:[0-9]{1,2}秒?)?)?整?"
    r"|(?<h3>[0-9]{2})\.(?<m3>[0-9]{2})\.[0-9]{2}(?:\.[0-9]+)?"
    r"|(?<h4>[0-9]{2})(?<m4>[0-9]{2})(?:[0-5][0-9](?:\.?[0-9]{1,9})?)?"
    rf") ?(?<after>{_HALF})?)?(?<tail>.*)$"
)
_TO_TIME = r"^ ?[-~至到] ?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?$"  # an event from 9:00-11:00, which is no zone
_OFFSET = r"^ ?(?:UTC|GMT)?(?<sign>[+-])(?<oh>0?[0-9]|1[0-4])(?::?(?<om>00|15|30|45))?(?: ?\(.*\)| ?\[[A-Z/_]+\])?$"
_UNIVERSAL = r"^ ?(?:Z|UTC|GMT)(?:\[(?:UTC|GMT|Z)\])?$"
_OURS = r"^ ?(?:CST|CDT|BJT|PRC|ASIA/SHANGHAI|\[ASIA/SHANGHAI\]|\(?(?:中国标准时间|北京时间)\)?)$"

# Seconds and milliseconds from 2001-09-09 to 2030-03-17: below, nine digits are also old application numbers; above,
# ten are also a day with its hour (2021121010). Twelve digits are milliseconds from 1985 on: no year is 4811.
_SECONDS = (1_000_000_000, 1_900_000_000)
_EPOCH = r"^([0-9]{10}|[0-9]{12,13})(?:\.[0-9]+)?$"
_SHORT_MILLISECONDS = 481_161_600_000
_MICROSOFT = r"^\\?/DATE\((-?[0-9]{1,15})(?:[+-][0-9]{4})?\)\\?/$"


def plain(printed: pl.Series) -> pl.Series:
    """Printed dates (of one width, see `text.narrow`) as `YYYY-MM-DD`; what is none of these notations stays unread.

    A month alone in Chinese numerals becomes one in figures. A weekday that is not the day's leaves it unread.
    """
    frame = printed.alias("printed").to_frame().lazy()
    return _beijing(_taken_apart(_reworded(frame))).collect()["plain"]


def _reworded(frame: pl.LazyFrame) -> pl.LazyFrame:
    """Adds `text` (upper case, without weekday, numerals as figures) and `weekday` (1 is Monday)."""
    upper = pl.col("printed").str.to_uppercase()
    found = pl.coalesce(
        upper.str.extract(_WEEKDAY, 1), upper.str.extract(_WEEKDAY, 2), upper.str.extract(_WEEKDAY_IN_BRACKETS, 1)
    )
    bare = upper.str.replace(_WEEKDAY, " ").str.replace(_WEEKDAY_IN_BRACKETS, " ")
    bare = bare.str.replace_all(" +", " ").str.strip_chars(" .,").str.replace("^公元", "")
    figures = bare.str.replace_many(_FIGURES)
    for pattern, value in (("([1-9])十([1-9])", "$1$2"), ("([1-9])十", "${1}0"), ("十([1-9])", "1$1"), ("十", "10")):
        figures = figures.str.replace_all(pattern, value)
    figures = figures.str.replace_all(r"([年月])0([0-9]{2})", "$1$2")  # 零壹拾日, as on a cheque
    return frame.with_columns(
        text=pl.when(bare.str.contains(_IN_NUMERALS) | bare.str.contains("[月号號]")).then(figures).otherwise(bare),
        weekday=found.replace_strict(_WEEKDAYS, default=None, return_dtype=pl.Int8),
    )


def _taken_apart(frame: pl.LazyFrame) -> pl.LazyFrame:
    """Adds the written day (`day`), the `hour` and `minute`, and the `tail` after the time of day."""
    forms = [pl.col("text").str.extract_groups(form).struct for form in _FORMS]
    month = pl.coalesce(form.field("month") for form in forms)
    clock = pl.col("rest").str.extract_groups(_CLOCK).struct
    return (
        frame.with_columns(
            year=pl.coalesce(form.field("year") for form in forms),
            month=month.str.slice(0, 3)
            .replace_strict(_MONTHS, default=None, return_dtype=pl.String)
            .fill_null(month.str.strip_chars_end("月")),
            day=pl.coalesce(form.field("day") for form in forms),
            rest=pl.coalesce(form.field("rest") for form in forms),
        )
        .with_columns(
            written=pl.concat_str("year", "month", "day", separator="-").str.to_date("%Y-%m-%d", strict=False),
            hour=pl.coalesce(clock.field(f"h{n}") for n in "1234").cast(pl.Int64),
            minute=pl.coalesce(clock.field(f"m{n}") for n in "1234").cast(pl.Int64).fill_null(0),
            half=pl.coalesce(clock.field("half"), clock.field("after")),
            is_spelled=clock.field("s1").is_not_null() | (clock.field("sep") == "T"),
            is_dashed=clock.field("sep").str.contains("-", literal=True),
            is_dotted=clock.field("h3").is_not_null(),
            tail=pl.col("rest").str.replace(r"^\.0+$", "").str.extract_groups(_CLOCK).struct.field("tail"),
        )
        .with_columns(
            hour=pl.when(pl.col("half").is_in(["下午", "晚上", "PM", "P.M."]) & (pl.col("hour") < 12))
            .then(pl.col("hour") + 12)
            .when(pl.col("half").is_in(["上午", "凌晨", "AM", "A.M."]) & (pl.col("hour") == 12))
            .then(0)
            .otherwise("hour")
        )
        .with_columns(
            written=pl.when(
                (pl.col("weekday").is_null() | (pl.col("weekday") == pl.col("written").dt.weekday()))
                & (pl.col("hour").is_null() | ((pl.col("hour") < 24) & (pl.col("minute") < 60)))
                & (pl.col("is_dashed").fill_null(False) <= pl.col("is_dotted").fill_null(False))
            ).then("written")
        )
    )


def _beijing(frame: pl.LazyFrame) -> pl.LazyFrame:
    """Adds `plain`: the day as written, or in Beijing where a zone is given; else the text as it is by now."""
    tail, has_time = pl.col("tail"), pl.col("hour").is_not_null()
    offset = tail.str.extract_groups(_OFFSET).struct
    minutes = offset.field("oh").cast(pl.Int64) * 60 + offset.field("om").cast(pl.Int64).fill_null(0)
    east = pl.when(offset.field("sign") == "-").then(-minutes).otherwise(minutes)
    # after hours and minutes alone, -11:00 is an end as well as a zone
    is_span = tail.str.contains(_TO_TIME) & ~pl.col("is_spelled").fill_null(False)
    east = pl.when(tail.str.contains(_UNIVERSAL)).then(0).when(~is_span).then(east)
    as_written = (tail == "") | tail.str.contains(_OURS) | is_span
    is_zoned_day = ~has_time & tail.str.contains(r"^(?:Z|[+-][0-9]{2}:[0-9]{2})$")  # XML's dates
    moment = pl.col("written").cast(pl.Datetime("ms")) + pl.duration(hours="hour", minutes=pl.col("minute") - east)
    return frame.with_columns(
        read=pl.coalesce(
            pl.when(as_written | is_zoned_day).then("written"),
            pl.when(has_time).then(_day_in_beijing(moment)),
            _day_in_beijing(_epoch()),
        )
    ).with_columns(
        # with its weekday off, a day that is another weekday's would be read after all
        plain=pl.coalesce(pl.col("read").dt.strftime("%Y-%m-%d"), pl.when(pl.col("weekday").is_null()).then("text"))
    )


def _day_in_beijing(moment: pl.Expr) -> pl.Expr:
    return moment.dt.replace_time_zone("UTC").dt.convert_time_zone(_ZONE).dt.date()


def _epoch() -> pl.Expr:
    """The moment of an epoch in seconds or milliseconds, or of Microsoft's `/Date(1639065600000)/`."""
    number = pl.col("text").str.extract(_EPOCH, 1).cast(pl.Int64)
    low, high = _SECONDS
    milliseconds = (
        pl.when(number.is_between(low, high, closed="left"))
        .then(number * 1000)
        .when(number.is_between(_SHORT_MILLISECONDS, high * 1000, closed="left"))
        .then(number)
    )
    named = pl.col("text").str.extract(_MICROSOFT, 1).cast(pl.Int64)
    return pl.coalesce(milliseconds, named).cast(pl.Datetime("ms"))
