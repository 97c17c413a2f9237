"""Administrative divisions (GB/T 2260) and finding them at the head of an address (domain B.4, C.5, C.6).

Belongs here: the table of divisions, their written forms, and the province-city-district opening of an address.
Does not belong here: functional zones and streets, which have no code (a plan's region patterns read them from
`address_rest`), and what a region is counted for (SQL).

An address is read from its start only and level by level, so `东营市东营区淄博路` is in Dongying. The postcode is
set aside and never decides. A name that could be two places, or that is part of a road or an institution, decides
nothing: an unknown district is better than a wrong one.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import resources
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
    }
)


def _read_table() -> pl.DataFrame:
    with resources.files("pipelines.codes").joinpath("data/divisions.csv").open("rb") as file:
        return pl.read_csv(file, infer_schema=False)


# code, name, level (province, city, county), parent; one row per division, in code order. See data/SOURCES.md.
DIVISIONS: pl.DataFrame = _read_table()

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


class _Meaning(NamedTuple):
    code: str
    condition: int  # on what follows
    context: str  # the spelling before the last name: what is left if the condition fails
    rank: int  # 1 province, 2 city, 3 county, 4 former county: the lowest takes a spelling that several claim


def _forms(name: str, level: str) -> list[str]:
    """The full name, then the names in use without the kind of division: 淄博; 恩施 and 恩施州."""
    stem = _KIND[level].sub("", name)
    if stem == name or len(stem) < 2:
        return [name]
    return [name, stem, stem + "州"] if name.endswith("自治州") else [name, stem]


@cache
def _rows() -> dict[str, list[dict[str, str]]]:
    """The table of divisions, level by level."""
    return {level: part.to_dicts() for (level,), part in DIVISIONS.group_by("level")}


def _named(level: str, text: str | None) -> list[dict[str, str]]:
    """The divisions of a level that the text may name: it holds two characters that all names of one begin with."""
    if text is None:
        return _rows()[level]
    pairs = {text[i : i + 2] for i in range(len(text))}
    return [row for row in _rows()[level] if row["name"][:2] in pairs]


def _spellings(text: str | None) -> Iterator[tuple[str, _Meaning]]:
    """Every way an address may open and what it means, ambiguous ones included; `text`: those that stand in it, and
    some that do not."""
    rows = {"province": _rows()["province"], "city": _named("city", text), "county": _named("county", text)}
    openings: dict[str, list[str]] = {}  # the spellings after which a smaller division of this one may stand

    for row in rows["province"]:
        code, (full, *short) = row["code"], _forms(row["name"], "province")
        openings[code] = [full, *short]
        if full.endswith("市"):  # exports fill the missing city level of a municipality
            openings[code] += [form + word for form in (full, *short) for word in (full, "市辖区", "县")]
        for opening in openings[code]:
            yield opening, _Meaning(code, _NO_OTHER_NAME if opening in short else _ANYTHING, "", 1)

    for row in rows["city"]:
        code, (full, *short) = row["code"], _forms(row["name"], "city")
        contexts = ["", *openings[row["parent"]]]
        openings[code] = [context + name for context in contexts for name in (full, full + "市辖区", *short)]
        for context in contexts:
            yield context + full, _Meaning(code, _ANYTHING, "", 2)
            yield context + full + "市辖区", _Meaning(code, _ANYTHING, "", 2)
            for name in short:
                yield context + name, _Meaning(code, _NO_ROAD if context else _ZONE_OR_END, context, 2)

    city_names = {name for row in rows["city"] for name in _forms(row["name"], "city")}
    for row in rows["county"]:
        code, (full, *short) = row["code"], _forms(row["name"], "county")
        # 海安县 became 海安市: the area is the same. But 长沙市长沙 repeats the city and is not 长沙县.
        former = {name + kind for name in short for kind in "市县区"} - {full} - city_names
        for context in openings.get(row["parent"], ()):  # none: the text does not hold the city's name
            yield context + full, _Meaning(code, _ANYTHING, "", 3)
            for name in set(short) - city_names:
                yield context + name, _Meaning(code, _SMALLER_UNIT, context, 3)
            for name in former:
                yield context + name, _Meaning(code, _ANYTHING, "", 4)

    # A county after its province, or alone, where its full name is the only one of that name there.
    in_province = Counter((row["code"][:2], row["name"]) for row in _rows()["county"])
    in_country = Counter(row["name"] for row in _rows()["county"])
    for row in rows["county"]:
        code, name = row["code"], row["name"]
        if in_province[code[:2], name] == 1:
            for context in openings[code[:2] + "0000"]:
                yield context + name, _Meaning(code, _ANYTHING, "", 3)
        if in_country[name] == 1 and len(name) > 2:
            yield name, _Meaning(code, _ANYTHING, "", 3)


_Row = tuple[str, str, int, str]
"""spelling, code, condition, context"""


def _unambiguous(text: str | None = None) -> Iterator[_Row]:
    """A row per spelling that means one division; `text`: at least of those that stand in it."""
    meanings: dict[str, set[_Meaning]] = defaultdict(set)
    for spelling, meaning in _spellings(text):
        meanings[spelling].add(meaning)
    for spelling, candidates in meanings.items():
        lowest = min(candidate.rank for candidate in candidates)
        candidates = {candidate for candidate in candidates if candidate.rank == lowest}
        if len({candidate.code for candidate in candidates}) == 1:
            meaning = min(candidates, key=lambda candidate: (candidate.condition, candidate.context))
            yield spelling, meaning.code, meaning.condition, meaning.context


_SCHEMA = {"spelling": pl.String, "code": pl.String, "condition": pl.Int64, "context": pl.String}


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
        )
    ).to_series()


def resolve(source: Column) -> pl.Expr:
    """Struct{postcode, division_code, division_text, address_rest} of a column of addresses.

    division_code: the smallest province, city or district (county) that the address opens with; null for foreign
    addresses and where nothing is recognised. division_text: the characters it was read from. address_rest: what
    follows them, without blanks; null where nothing follows or nothing was recognised. Short names (淄博, 临淄) count
    where the context leaves no doubt; a district without its city only if its full name is unique in the province, or
    in the country where the address opens with it.
    """
    return per_column(source, _parse, DTYPE)


def is_code(source: Column) -> pl.Expr:
    """Whether a column of six-digit codes holds divisions of the table; null for null."""
    return column(source).is_in(DIVISIONS["code"].implode())


def resolve_one(address: str | None) -> dict[str, str | None]:
    """`resolve` for one address."""
    answer: dict[str, str | None] = scalar(resolve, address)
    return answer
