"""Administrative divisions (GB/T 2260) and finding them at the head of an address (domain B.4, C.5, C.6).

Belongs here: the table of divisions, their written forms, those of former divisions, and the province-city-district
opening of an address. Does not belong here: functional zones and streets, which have no code (a plan's region patterns
read them from `address_rest`), how the register of former divisions is made (former_divisions.py), and what a region
is counted for (SQL).

An address is read from its start only and level by level, so `东营市东营区淄博路` is in Dongying. The postcode is
set aside and never decides. A name that could be two places, or that is part of a road or an institution, decides
nothing: an unknown district is better than a wrong one.

A former division (章丘市, 莱芜市莱城区) is read as the smallest of today's that holds all that became of it: a
district, or the city where it was divided among several.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import resources
from itertools import product
from typing import NamedTuple

import polars as pl

from pipelines.codes import text
from pipelines.codes._vector import Column, column, per_column, scalar

DTYPE = pl.Struct(
    {
        "postcode": pl.String,
        "division_code": pl.String,
        "division_text": pl.String,
        "address_rest": pl.String,
        "is_whole": pl.Boolean,
    }
)


def _read_table(name: str) -> pl.DataFrame:
    with resources.files("pipelines.codes").joinpath(f"data/{name}").open("rb") as file:
        return pl.read_csv(file, infer_schema=False)


# code, name, level (province, city, county), parent; one row per division, in code order. See data/SOURCES.md.
DIVISIONS: pl.DataFrame = _read_table("divisions.csv")


def _holding_all(codes: list[str]) -> str | None:
    """The smallest division that holds all of these; null where that is more than a province."""
    upwards = [[code, _PARENTS[code], code[:2] + "0000"] for code in codes]
    return next((code for code in upwards[0] if all(code in line for line in upwards)), None)


def _read_former() -> pl.DataFrame:
    register = _read_table("former_divisions.csv")
    today = [_holding_all(became.split(";")) for became in register["became"]]
    return register.with_columns(pl.Series("today", today, dtype=pl.String))


_PARENTS: dict[str, str] = dict(DIVISIONS.select("code", "parent").iter_rows())
# code, name, since, until, became, extent, basis of every code and name that a dated table of GB/T 2260 has and today's
# has not (former_divisions.py), and `today`: what it is read as.
FORMER: pl.DataFrame = _read_former()

_PEOPLES = (
    "(?:蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|拉祜|水|东乡|纳西|景颇|"
    "柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|塔吉克|怒|普米|鄂温克|保安|裕固|独龙|各)族|"
    "蒙古|哈萨克|柯尔克孜|锡伯|塔吉克"
)
_KIND = {
    "province": re.compile(r"(?:省|市|特别行政区|(?:壮族|回族|维吾尔)?自治区)$"),
    "city": re.compile(rf"(?:市|地区|盟|(?:{_PEOPLES})*自治州)$"),
    "county": re.compile(rf"(?:市|新区|林区|特区|区|县|旗|(?:{_PEOPLES})*自治[县旗])$"),
}

# What must follow a name for it to count as a division. `_ANYTHING`: a full name counts whatever follows.
_ANYTHING, _NO_ROAD, _NO_OTHER_NAME, _SMALLER_UNIT, _ZONE_OR_END = range(5)
_ZONE = r"高新|经济(?:技术)?开发区|经开|文昌湖|开发区|保税|综合保税"
_ROAD = r"^[东西南北中一二三四五六七八九十]{0,2}(?:路|街|大街|道|大道|巷|弄|里|桥|广场)"
_FOLLOWED = {
    _NO_ROAD: ~pl.col("rest").str.contains(_ROAD),
    # 上海路, 四川北路, 山东大学 are no addresses in those provinces
    _NO_OTHER_NAME: ~pl.col("rest").str.contains(
        rf"{_ROAD}|^[^0-9路街道]{{0,4}}?(?:大学|学院|医院|银行|宾馆|饭店|酒店|大厦|公司|集团|国际)"
    ),
    # 临淄金山镇, 张店高新区; not 临淄大道, 张店东路
    _SMALLER_UNIT: pl.col("rest").str.contains(
        rf"^(?:$|{_ZONE}|[^路巷道街0-9]{{1,6}}?(?:镇|乡|街道|办事处|村|社区|工业|园区|新区|化工区|开发区))"
    ),
    _ZONE_OR_END: pl.col("rest").str.contains(rf"^(?:$|{_ZONE})"),
}


_LATELY = "2000"
"""A name that another city had a district of in a table since then is no longer unique: 桥东区 of 石家庄."""


class _Meaning(NamedTuple):
    code: str
    condition: int  # on what follows
    context: str  # the spelling before the last name: what is left if the condition fails
    rank: int  # 1 province, 2 city, 3 county, 4 former, 5 another kind: the lowest takes a spelling that several claim
    is_whole: bool = True  # whether the name means all of that division, not a former one that is a part of it


def stem_of(name: str, level: str) -> str:
    """A name without its kind of division: 淄博, 恩施; the whole name where it is nothing else (市辖区 has none)."""
    return _KIND[level].sub("", name)


def _forms(name: str, level: str) -> list[str]:
    """The full name, then the names in use without the kind of division: 淄博; 恩施 and 恩施州."""
    stem = stem_of(name, level)
    if stem == name or len(stem) < 2:
        return [name]
    return [name, stem, stem + "州"] if name.endswith("自治州") else [name, stem]


_Index = dict[str, dict[str, list[dict[str, str]]]]


@cache
def _rows() -> _Index:
    """Divisions by level (`former city`, `former county` beside today's) and the first two characters of the name."""
    index: _Index = defaultdict(lambda: defaultdict(list))
    for row in DIVISIONS.iter_rows(named=True):
        index[row["level"]][row["name"][:2]].append(row)
    for row in FORMER.iter_rows(named=True):
        index["former city" if row["code"].endswith("00") else "former county"][row["name"][:2]].append(row)
    return index


def _named(level: str, text: str | None) -> list[dict[str, str]]:
    """The divisions of a level that the text may name: it holds two characters that all names of one begin with."""
    index = _rows()[level]
    pairs = index if text is None else {text[i : i + 2] for i in range(len(text))} & index.keys()
    return [row for pair in pairs for row in index[pair]]


class _Openings(NamedTuple):
    """The spellings after which a smaller division may stand."""

    today: dict[str, list[str]]  # by code of a province or city
    then: dict[str, list[str]]  # by code of today's city: the names of the prefectures it was
    former: dict[str, list[str]]  # by the first four digits of the codes of a former prefecture's divisions


def _spellings(text: str | None) -> Iterator[tuple[str, _Meaning]]:
    """Every way an address may open and what it means, ambiguous ones included; `text`: those that stand in it, and
    some that do not."""
    openings = _Openings(defaultdict(list), defaultdict(list), defaultdict(list))
    yield from _upper_spellings(text, openings)
    yield from _former_upper_spellings(text, openings)
    yield from _county_spellings(text, openings)
    yield from _former_county_spellings(text, openings)


def _upper_spellings(text: str | None, openings: _Openings) -> Iterator[tuple[str, _Meaning]]:
    """Provinces and cities; enters their openings."""
    for row in _named("province", None):
        code, (full, *short) = row["code"], _forms(row["name"], "province")
        openings.today[code] = [full, *short]
        if full.endswith("市"):  # exports fill the missing city level of a municipality
            openings.today[code] += [form + word for form in (full, *short) for word in (full, "市辖区", "县")]
        for opening in openings.today[code]:
            yield opening, _Meaning(code, _NO_OTHER_NAME if opening in short else _ANYTHING, "", 1)

    for row in _named("city", text):
        code, (full, *short) = row["code"], _forms(row["name"], "city")
        contexts = ["", *openings.today[row["parent"]]]
        openings.today[code] = [context + name for context in contexts for name in (full, full + "市辖区", *short)]
        for context in contexts:
            yield context + full, _Meaning(code, _ANYTHING, "", 2)
            yield context + full + "市辖区", _Meaning(code, _ANYTHING, "", 2)
            for name in short:
                yield context + name, _Meaning(code, _NO_ROAD if context else _ZONE_OR_END, context, 2)


def _former_upper_spellings(text: str | None, openings: _Openings) -> Iterator[tuple[str, _Meaning]]:
    """Former prefectures (襄樊市, 惠民地区, 四川省重庆市); enters their openings."""
    for row in _named("former city", text):
        code, today, is_whole = row["code"], row["today"], row["extent"] == "whole"
        full, *short = _forms(row["name"], "city")
        provinces = [opening for province in {code[:2], today[:2]} for opening in openings.today[province + "0000"]]
        names = [context + full for context in ("", *provinces)]
        for name in names:
            yield name, _Meaning(today, _ANYTHING, "", 4, is_whole)
        if full.endswith("市"):
            for context, name in product(provinces, short):  # 湖北襄樊
                yield context + name, _Meaning(today, _SMALLER_UNIT, context, 4, is_whole)
                names.append(context + name)
        openings.former[code[:4]] += names
        if not _is_province(today):
            openings.then[today] += names


def _county_spellings(text: str | None, openings: _Openings) -> Iterator[tuple[str, _Meaning]]:
    """Districts and counties after their city; after their province or alone where only one bears the full name."""
    for row in _named("county", text):
        code, parent, (full, *short) = row["code"], row["parent"], _forms(row["name"], "county")
        lone = [""] if len(full) > 2 and _is_only_one(row, "") else []
        if _is_only_one(row, code[:2]):
            lone += openings.today[code[:2] + "0000"]
        # An opening that is not there: the text does not hold the city's name.
        for context in (*openings.today.get(parent, ()), *openings.then.get(parent, ()), *lone):
            yield context + full, _Meaning(code, _ANYTHING, "", 3)

        # 淄博临淄. But 长沙市长沙 repeats the city and is not 长沙县.
        short = [name for name in short if name not in _city_names()]
        # A kind it had before the first dated table, or a slip.
        kinds = [name + kind for name in short for kind in "市县区" if name + kind not in (full, *_city_names())]
        for context in openings.today.get(parent, ()):
            for name in short:
                yield context + name, _Meaning(code, _SMALLER_UNIT, context, 3)
            for name in kinds if not context.endswith("市辖区") else ():
                yield context + name, _Meaning(code, _ANYTHING, "", 5)


def _former_county_spellings(text: str | None, openings: _Openings) -> Iterator[tuple[str, _Meaning]]:
    """Former districts and counties, after the prefecture of then or now; after a province or alone where all that ever
    bore the name are one today. 鄞县大道 is a road."""
    for row in _named("former county", text):
        code, name, today, is_whole = row["code"], row["name"], row["today"], row["extent"] == "whole"
        city = _city_of(today)
        contexts = {
            *openings.former.get(code[:4], ()),
            *openings.today.get(code[:4] + "00", ()),
            *openings.today.get(city, ()),
            *openings.then.get(city, ()),
        }
        if not (row["basis"] == "city" and name.endswith("区")):  # 郊区 means something in its city only
            for province in {code[:2], today[:2]}:
                if _is_always_one(row, province):
                    contexts.update(openings.today[province + "0000"])
            if _is_always_one(row, ""):
                yield name, _Meaning(today, _NO_ROAD if len(name) > 2 else _SMALLER_UNIT, "", 4, is_whole)
        for context in contexts:
            yield context + name, _Meaning(today, _NO_ROAD, context, 4, is_whole)


def _is_province(code: str) -> bool:
    return code.endswith("0000")


def _is_city(code: str) -> bool:
    return code.endswith("00")


@cache
def _city_names() -> set[str]:
    names = DIVISIONS.filter(level="city")["name"]
    return {form for name in names for form in _forms(name, "city")}


def _called(level: str, name: str, digits: str) -> Iterator[dict[str, str]]:
    """The divisions of a level that bear a name, in a province or, without digits, in all."""
    for row in _rows()[level].get(name[:2], ()):
        if row["name"] == name and (row["code"].startswith(digits) or row.get("today", "").startswith(digits)):
            yield row


def _is_only_one(row: dict[str, str], digits: str) -> bool:
    """Whether no other district or county bears the name of today's one, nor lately did in another city."""
    if sum(1 for _ in _called("county", row["name"], digits)) > 1:
        return False
    former = _called("former county", row["name"], digits)
    return all(_city_of(other["today"]) == _city_of(row["code"]) for other in former if other["until"] >= _LATELY)


def _is_always_one(row: dict[str, str], digits: str) -> bool:
    """Whether all that ever bore the name of a former district or county are one today."""
    former = (other["today"] for other in _called("former county", row["name"], digits))
    today = (other["code"] for other in _called("county", row["name"], digits))
    return {*former, *today} == {row["today"]}


def _city_of(code: str) -> str:
    """The city of a district, or the city itself."""
    return code if _is_city(code) else _PARENTS[code]


_Row = tuple[str, str, int, str, bool]
"""spelling, code, condition, context, is_whole"""


def _unambiguous(text: str | None = None) -> Iterator[_Row]:
    """A row per spelling that means one division; `text`: at least of those that stand in it."""
    meanings: dict[str, list[_Meaning]] = {}  # those of the lowest rank
    for spelling, meaning in _spellings(text):
        known = meanings.get(spelling)
        if known is None or meaning.rank < known[0].rank:
            meanings[spelling] = [meaning]
        elif meaning.rank == known[0].rank and meaning not in known:
            known.append(meaning)
    for spelling, candidates in meanings.items():
        agreed = candidates[0] if len(candidates) == 1 else _agreed(candidates)
        if agreed is not None:
            yield spelling, agreed.code, agreed.condition, agreed.context, agreed.is_whole


def _agreed(candidates: list[_Meaning]) -> _Meaning | None:
    """What several meanings of one rank come to: one division, or the city that held all former ones of a name."""
    codes = sorted({candidate.code for candidate in candidates})
    code = codes[0] if len(codes) == 1 else _holding_all(codes) if candidates[0].rank == 4 else None
    if code is None or (_is_province(code) and code not in codes):
        return None
    strictest = min(candidates, key=lambda candidate: (candidate.condition, candidate.context))
    is_whole = len(codes) == 1 and all(candidate.is_whole for candidate in candidates)
    return strictest._replace(code=code, is_whole=is_whole)


_SCHEMA = {
    "spelling": pl.String,
    "code": pl.String,
    "condition": pl.Int64,
    "context": pl.String,
    "is_whole": pl.Boolean,
}


@cache
def _lexicon() -> pl.DataFrame:
    """Every row."""
    return pl.DataFrame(list(_unambiguous()), schema=_SCHEMA, orient="row")


class _Lookup(NamedTuple):
    """The lexicon for few addresses: building a join over 110,000 spellings costs more than looking these up."""

    rows: dict[str, _Row]  # spelling → its row
    lengths: tuple[int, ...]  # of spellings, the longest first


def _lookup(rows: Iterable[_Row]) -> _Lookup:
    by_spelling = {row[0]: row for row in rows}
    return _Lookup(by_spelling, tuple(sorted({len(spelling) for spelling in by_spelling}, reverse=True)))


@cache
def _whole_lookup() -> _Lookup:
    return _lookup(_lexicon().iter_rows())


_FEW = 2_000
"""Up to so many addresses are looked up one by one."""
_VERY_FEW = 200
"""Up to so many only the divisions they name: making the whole lexicon takes half a second."""


def _openings_of_few(tails: pl.Series) -> tuple[pl.Series, pl.DataFrame]:
    """As `_longest_opening`, with the lexicon's rows for these spellings and the shorter ones they may fall back to."""
    very_few = len(tails) <= _VERY_FEW
    rows, lengths = _lookup(_unambiguous("\n".join(filter(None, tails)))) if very_few else _whole_lookup()
    found = [
        next((tail[:length] for length in lengths if tail[:length] in rows), None) if tail else None
        for tail in tails.to_list()
    ]
    wanted = {spelling for spelling in found if spelling}
    meant: dict[str, _Row] = {}
    while wanted:
        meant |= {spelling: rows[spelling] for spelling in wanted if spelling in rows}
        wanted = {row[3] for row in meant.values() if row[3]} - set(meant)
    spellings = pl.Series("spelling", found, dtype=pl.String)
    return spellings, pl.DataFrame(list(meant.values()), schema=_SCHEMA, orient="row")


def _longest_opening(tails: pl.Series) -> pl.Series:
    """The longest spelling each text opens with; null where none.

    Joins all prefixes of a text to the lexicon: building an automaton of 110,000 spellings would cost a fifth of a
    second on every call, however small the delivery. In slices, to bound memory.
    """
    spellings = _lexicon().select("spelling", length=pl.col("spelling").str.len_chars())
    lengths = spellings.select(pl.col("length").unique())
    found = []
    for part in tails.to_frame("tail").with_row_index().iter_slices(100_000):
        longest = (
            part.join(lengths, how="cross")
            .with_columns(spelling=pl.col("tail").str.slice(0, "length"))
            .join(spellings, on="spelling", how="semi")
            .group_by("index")
            .agg(pl.col("length").max())
        )
        spelled = part.join(longest, on="index", how="left", maintain_order="left").select(
            pl.when(pl.col("length").is_not_null()).then(pl.col("tail").str.slice(0, "length"))
        )
        found.append(spelled.to_series())
    return pl.concat(found) if found else tails.clear()


# Postcode and country stand before the first division.
_OPENING = r"^(?:邮编:?)?(?<postcode>[0-9]{6})?(?:中华人民共和国|中国)?(?<tail>.*)$"
_ASCII_DIGIT = dict(zip("０１２３４５６７８９", "0123456789", strict=True))
_MOST_NAMES = 3  # province, city, county: so often can a condition fail


def _parse(values: pl.Series) -> pl.Series:
    tail, spelling, condition = pl.col("tail"), pl.col("spelling"), pl.col("condition")
    holds = pl.coalesce(
        pl.when(condition == _ANYTHING).then(True),
        *(pl.when(condition == which).then(follows) for which, follows in _FOLLOWED.items()),
    )
    frame = (
        values.to_frame("raw")
        .with_columns(text.clean("raw").str.replace_all(" ", "", literal=True))
        .with_columns(pl.col("raw").str.replace_many(_ASCII_DIGIT).str.extract_groups(_OPENING))
        .unnest("raw")
    )
    if frame.height <= _FEW:
        openings, lexicon = _openings_of_few(frame["tail"])
    else:
        openings, lexicon = _longest_opening(frame["tail"]), _lexicon()
    frame = frame.with_columns(openings.alias("spelling"))
    for _ in range(_MOST_NAMES):
        frame = (
            frame.select("postcode", "tail", "spelling")
            .join(lexicon, on="spelling", how="left", maintain_order="left")
            .with_columns(rest=tail.str.strip_prefix(spelling))
            .with_columns(spelling=pl.when(holds).then(spelling).otherwise("context"))
        )
    return frame.select(
        answer=pl.struct(
            postcode="postcode",
            division_code=pl.when(holds).then("code"),
            division_text=pl.when(holds).then("spelling"),
            address_rest=pl.when(holds & (pl.col("rest") != "")).then("rest"),
            is_whole=pl.when(holds).then("is_whole"),
        )
    ).to_series()


def resolve(source: Column) -> pl.Expr:
    """Struct{postcode, division_code, division_text, address_rest, is_whole} of a column of addresses.

    division_code: the smallest province, city or district (county) that the address opens with; null for foreign
    addresses and where nothing is recognised. division_text: the characters it was read from. address_rest: what
    follows them, without blanks; null where nothing follows or nothing was recognised. Short names (淄博, 临淄) count
    where the context leaves no doubt; a district without its city only if its full name is unique in the province, or
    in the country where the address opens with it. A former name counts after the province, the prefecture of then or
    now, or neither, where all that ever bore it are one today. is_whole: false for a former division that is a part of
    division_code today or was divided within it: an address lies there, but a figure of it is not that division's.
    """
    return per_column(source, _parse, DTYPE)


def is_code(source: Column) -> pl.Expr:
    """Whether a column of six-digit codes holds divisions of the table; null for null."""
    return column(source).is_in(DIVISIONS["code"].implode())


def code_of_today(source: Column) -> pl.Expr:
    """Today's code for a column of six-digit codes of any GB/T 2260 table; null for null and for unknown ones.

    A code of the table of divisions stays. A former one gives the division that covers the same area today: figures
    stand behind codes, and 330103 (下城区) is but a part of today's 拱墅区. Null where it does not, or meant several.
    """
    code = column(source)
    return pl.when(is_code(code)).then(code).otherwise(code.replace_strict(_former_codes(), default=None))


@cache
def _former_codes() -> dict[str, str]:
    """Former code → today's division of the same area."""
    meant: dict[str, set[str | None]] = defaultdict(set)
    for code, today, extent in FORMER.select("code", "today", "extent").iter_rows():
        meant[code].add(today if extent == "whole" else None)
    return {code: today for code, (today, *more) in meant.items() if today and not more}


def resolve_one(address: str | None) -> dict[str, str | None]:
    """`resolve` for one address."""
    answer: dict[str, str | None] = scalar(resolve, address)
    return answer
