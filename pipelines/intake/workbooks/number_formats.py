"""What a number cell shows, by its number format: dates, percentages, leading zeros, units written by the format.

Rounding is not followed: 1234.5678 under `0.00` stays 1234.5678, since the sheet reckons with it. What changes the
meaning is: 0.8532 under `0.00%` is 85.32%, 5 under `000000` is 000005, 500 under `0"万元"` is 500万元, 44260 under a
date format is 2021-03-05, and under a format of year and month only it is no day. Sources: ECMA-376 part 1, 18.8.30
and 18.8.31 (number formats, and the ids that are never written down); the Chinese forms of 27 to 58 as printed there.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache

BUILT_IN = {
    **{1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??"},
    **{14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm"},
    **{21: "h:mm:ss", 22: "yyyy/m/d h:mm", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@"},
    **dict.fromkeys((27, 36, 50, 52, 57), 'yyyy"年"m"月"'),
    **dict.fromkeys((28, 29, 51, 53, 54, 58), 'm"月"d"日"'),
    **{30: "m-d-yy", 31: 'yyyy"年"m"月"d"日"', 32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"'},
    **dict.fromkeys((34, 55), '上午/下午h"时"mm"分"'),
    **dict.fromkeys((35, 56), '上午/下午h"时"mm"分"ss"秒"'),
}
"""Formats by id that a file need not spell out."""

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|[\\!](?P<escaped>.)|[_*].|\[\$(?P<currency>[^\]-]*)[^\]]*\]|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General|G/通用格式)|(?P<halfday>AM/PM|A/P|上午/下午)|(?P<scientific>E[+-])"
    r"|(?P<date>[yY]+|[mM]+|[dD]+|[hH]+|[sS]+|[eE]+|[gG]+|[bB]+|[aA]+)|(?P<digit>[0#?])|(?P<other>.)",
    re.DOTALL,
)
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)(-?[\d.]+)")
_ELSEWHERE = re.compile(r"[<>=]|e|g|b", re.IGNORECASE)  # conditions; years of other calendars
_SIGNS = "+-() ¥￥"
_SILENT = set(_SIGNS + ":，")  # literals that change nothing; dollars are no yuan
_DIGITS = 15  # that a number cell keeps, and the most it ever shows
_LONGEST_GENERAL = 1e11  # from here the General format shows a power of ten
_LAST_DAY = 2_958_465  # 9999-12-31


@dataclass(frozen=True)
class _Token:
    kind: str  # literal, digit, date, halfday, elapsed, scientific, general, and . , % / @ of their own
    text: str


@dataclass(frozen=True)
class _Section:
    tokens: tuple[_Token, ...]
    condition: tuple[str, float] | None

    def has(self, *kinds: str) -> bool:
        return any(token.kind in kinds for token in self.tokens)


class OutOfRange(ValueError):
    """A date format over a number that is no day: the sheet shows #####."""


def number(value: float) -> str:
    """A number as a spreadsheet shows it in full: at most 15 digits, never with an exponent."""
    if value == int(value):
        return str(int(value))
    text = f"{Decimal(f'{value:.{_DIGITS}g}'):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def is_plain(code: str) -> bool:
    """Whether numbers under this format mean what is stored, whatever they are."""
    return all(_meaning(section) == "plain" for section in _sections(code))


def is_day(code: str) -> bool:
    """Whether the format shows whole days in the commonest way, which every reader of workbooks knows."""
    first = _sections(code)[0]
    known = {token.kind for token in first.tokens} <= {"date", "literal", "digit", ".", "/", ","}
    return known and _meaning(first) == "date" and _parts(first) >= {"y", "m", "d"} and not _ELSEWHERE.search(code)


def shown(value: float, code: str, is_1904: bool = False) -> str:
    """What a cell with this number and format code means to its reader. Raises OutOfRange."""
    section = _chosen(_sections(code), value)
    meaning = _meaning(section)
    if meaning == "plain":
        return number(value)
    if meaning == "date":
        return _day(value, section, is_1904)
    return ("-" if value < 0 else "") + _figure(abs(value), section)


def hides_digits(value: float, code: str) -> bool:
    """Whether the screen shows fewer digits of a number than the cell holds."""
    section = _chosen(_sections(code), value)
    if section.has("scientific"):
        return len(number(abs(value)).replace(".", "").strip("0")) > sum(t.kind == "digit" for t in section.tokens)
    if section.has("general", "@") or not section.has("digit"):
        return abs(value) >= _LONGEST_GENERAL
    if _meaning(section) == "date" or section.has("/"):
        return False
    kinds = [token.kind for token in section.tokens]
    shown_decimals = kinds[kinds.index(".") :].count("digit") if "." in kinds else 0
    scaled = Decimal(number(value)) * 100 ** section.has("%") / 1000 ** _thousands(section)
    exponent = scaled.normalize().as_tuple().exponent
    return isinstance(exponent, int) and -exponent > shown_decimals


@cache
def _sections(code: str) -> tuple[_Section, ...]:
    parts: list[list[_Token]] = [[]]
    conditions: list[tuple[str, float] | None] = [None]
    for match in _TOKEN.finditer(code):
        if match["other"] == ";":
            parts.append([])
            conditions.append(None)
        elif match["bracket"] is not None:
            if _ELAPSED.fullmatch(match["bracket"]):
                parts[-1].append(_Token("elapsed", match["bracket"].lower()))
            elif said := _CONDITION.fullmatch(match["bracket"].replace(" ", "")):
                conditions[-1] = said[1], float(said[2])
        elif token := _token(match):
            parts[-1].append(token)
    return tuple(_Section(tuple(part), condition) for part, condition in zip(parts, conditions, strict=True))


def _token(match: re.Match[str]) -> _Token | None:
    kind = match.lastgroup
    if kind is None:  # a space as wide as a character, a fill
        return None
    text = match[kind]
    if kind in ("quoted", "escaped", "currency"):
        return _Token("literal", text) if text else None
    if kind == "date":
        return _Token("date", text.lower())
    if kind == "other":
        return _Token(text if text in ".,%/@" else "literal", text)
    return _Token(kind, text)


def _chosen(sections: tuple[_Section, ...], value: float) -> _Section:
    if any(section.condition for section in sections):
        for section in sections:
            if section.condition is None or _holds(value, *section.condition):
                return section
        return sections[-1]
    position = 0 if value > 0 else 1 if value < 0 else 2
    return sections[position] if position < min(len(sections), 3) else sections[0]


def _holds(value: float, sign: str, limit: float) -> bool:
    return {
        "<": value < limit,
        "<=": value <= limit,
        ">": value > limit,
        ">=": value >= limit,
        "=": value == limit,
        "<>": value != limit,
    }[sign]


def _meaning(section: _Section) -> str:
    """`plain`: the number as stored; `date`; `figure`: what the format adds or moves belongs to it."""
    if section.has("elapsed", "halfday") or _shows_dates(section):
        return "date"
    if section.has("general", "scientific", "@", "/") or not section.has("digit"):
        return "plain"  # a section without digits hides a number or writes a dash for zero: it says no other number
    padded = _zeros(section) > 1
    told = any(token.kind == "literal" and not set(token.text) <= _SILENT for token in section.tokens)
    return "figure" if padded or told or section.has("%") or _thousands(section) or _cut(section) else "plain"


def _shows_dates(section: _Section) -> bool:
    """Whether letters stand for parts of a date; e, g, b and a beside digits are somebody's unit (0.0 kg)."""
    letters = {token.text[0] for token in section.tokens if token.kind == "date"}
    return bool(letters & set("ymdhs") or (letters and not section.has("digit")))


def _whole(section: _Section) -> list[_Token]:
    """The tokens before the decimal point."""
    kinds = [token.kind for token in section.tokens]
    return list(section.tokens[: kinds.index(".")] if "." in kinds else section.tokens)


def _zeros(section: _Section) -> int:
    """Digits the integer part has at least."""
    return sum(token.kind == "digit" and token.text == "0" for token in _whole(section))


def _thousands(section: _Section) -> int:
    """Commas behind the last digit, or right before the point: each divides by a thousand."""
    kinds = [token.kind for token in section.tokens if token.kind in ("digit", ",", ".")]
    text = "".join({"digit": "0"}.get(kind, kind) for kind in kinds)
    behind = re.search(r"0(,+)(?:\.|$)", text) or re.search(r"0(,+)$", text)
    return len(behind[1]) if behind else 0


def _cut(section: _Section) -> bool:
    """Whether something stands between two digits of the integer part (000-00-0000)."""
    whole = _whole(section)
    digits = [position for position, token in enumerate(whole) if token.kind == "digit"]
    return bool(digits) and any(token.kind == "literal" for token in whole[digits[0] : digits[-1]])


def _figure(value: float, section: _Section) -> str:
    scaled = Decimal(f"{value:.{_DIGITS}g}") * 100 ** section.has("%") / 1000 ** _thousands(section)
    if _cut(section):
        return _written(scaled, section)
    digits = [position for position, token in enumerate(section.tokens) if token.kind == "digit"]
    before = _literal(section.tokens[: digits[0]]).strip(_SIGNS)
    after = _literal(section.tokens[digits[-1] + 1 :]).rstrip(_SIGNS)
    whole, _, decimals = f"{scaled:f}".partition(".")
    decimals = decimals.rstrip("0")
    if _zeros(section) > 1:
        whole = whole.zfill(_zeros(section))
    return before + whole + (f".{decimals}" if decimals else "") + after


def _literal(tokens: tuple[_Token, ...]) -> str:
    return "".join(token.text for token in tokens if token.kind in ("literal", "%", "date"))


def _written(scaled: Decimal, section: _Section) -> str:
    """Digits laid into the format from the right. A point that is written as text divides, as in `0!.0,"万"`."""
    whole = _whole(section)
    points = [position for position, token in enumerate(whole) if token == _Token("literal", ".")]
    if len(points) == 1:
        behind = sum(token.kind == "digit" for token in whole[points[0] :])
        last = max(position for position, token in enumerate(whole) if token.kind == "digit")
        exact = f"{(scaled / 10**behind).normalize():f}"
        return exact + _literal(tuple(whole[last + 1 :])).rstrip(_SIGNS)
    digits = f"{scaled:.0f}"
    text: list[str] = []
    left = sum(token.kind == "digit" for token in whole)
    for token in reversed(whole):
        if token.kind == "digit":
            left -= 1
            taken = digits if not left else digits[-1:]
            digits = "" if not left else digits[:-1]
            text.append(taken or ("0" if token.text == "0" else ""))
        elif token.kind == "literal":
            text.append(token.text)
    return "".join(reversed(text)).strip()


def _day(value: float, section: _Section, is_1904: bool) -> str:
    """ISO text: a day, a day and a time, a time; a year or a month where the format shows no more."""
    parts = _parts(section)
    if section.has("elapsed"):
        seconds = round(value * 86_400)
        return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    if value < 0 or value > _LAST_DAY + 1:
        raise OutOfRange(f"{value} is no day")
    whole, milliseconds = divmod(round(value * 86_400_000), 86_400_000)
    time = _time(milliseconds)
    if not parts & {"y", "m", "d", "weekday"} and value < 1:
        return time
    if not is_1904 and whole == 60:
        return "1900-02-29"  # which Excel counts, and no calendar has
    day = _epoch(whole, is_1904) + timedelta(days=whole)
    if "y" in parts and not parts & {"d", "weekday", "time"}:
        return f"{day:%Y-%m}" if "m" in parts else f"{day:%Y}"
    return f"{day.isoformat()} {time}" if milliseconds else day.isoformat()


def _epoch(serial: int, is_1904: bool) -> date:
    if is_1904:
        return date(1904, 1, 1)
    return date(1899, 12, 30) if serial > 60 else date(1899, 12, 31)


def _time(milliseconds: int) -> str:
    moment = datetime(2000, 1, 1) + timedelta(milliseconds=milliseconds)
    return moment.strftime("%H:%M:%S") + (f".{milliseconds % 1000:03}" if milliseconds % 1000 else "")


@cache
def _parts(section: _Section) -> frozenset[str]:
    """Which of y, m (month), d, weekday, time a date format shows."""
    letters = [token.text for token in section.tokens if token.kind == "date"]
    found: set[str] = {"time"} if section.has("halfday") else set()
    for position, text in enumerate(letters):
        before, after = letters[position - 1 : position], letters[position + 1 : position + 2]
        if text[0] in "hs" or (text[0] == "m" and (_open_with(before, "h") or _open_with(after, "s"))):
            found.add("time")
        elif text[0] == "a" or (text[0] == "d" and len(text) > 2):
            found.add("weekday")
        else:
            found.add(text[0] if text[0] in "md" else "y")
    return frozenset(found)


def _open_with(texts: list[str], letter: str) -> bool:
    return any(text[0] == letter for text in texts)
