"""The register of former divisions: what every code and name of a dated GB/T 2260 table is today (domain B.4, C.5).

Belongs here: how the register is made from dated tables, today's table and what was decided by hand. Does not belong
here: how an address or a code is read by it (divisions.py).

A division became what bears its name today, under whatever kind (章丘市, 章丘区). Where that is in doubt a row of
`data/former_divisions_decided.csv` decides, by the order that abolished it: what it was merged into, or the several it
was divided among. A division whose name and kind went on is not divided by ceding a town; one that gave half its area
to a new neighbour when it changed is.

`python -m pipelines.codes.former_divisions FOLDER` writes the register from the folder's tables (`mca_198012.tsv` …);
a test makes it again and compares. The result is data/former_divisions.csv, one row per code and name that is not
today's: `since` and `until` are the first and the last table (YYYYMM) it stands in (empty: it came and went between
two, and was decided by its code), `became` today's divisions that took its area, `extent` whether it is the `whole` of
the one it became or a `part`, or was `divided`, `basis` the rule that found them (`name`, `stem`, `city`, `decided`).
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from importlib import resources
from pathlib import Path
from typing import NamedTuple

import polars as pl

from pipelines.codes.divisions import DIVISIONS, stem_of

FILE = Path(str(resources.files("pipelines.codes").joinpath("data/former_divisions.csv")))
DECIDED = FILE.with_name("former_divisions_decided.csv")

# Fillers of the upper levels, which name no place.
_FILLERS = r"^(?:市辖区|县|省直辖.*|自治区直辖.*|直辖县级.*)$"
# Names that say which part of a city is meant and mean no more than the city once the division is gone.
_DESCRIPTIONS = ("郊区", "市郊区", "城区", "市区", "新区", "矿区", "东区", "西区", "南区", "北区", "中区")
# What was split off a province since: Hainan from Guangdong in 1988, Chongqing from Sichuan in 1997.
_SUCCESSORS = {"44": ("44", "46"), "51": ("51", "50")}


class Former(NamedTuple):
    """A code and name that some table has and today's has not."""

    code: str
    name: str
    since: str
    until: str

    @property
    def is_city(self) -> bool:
        return self.code.endswith("00")

    @property
    def provinces(self) -> tuple[str, ...]:
        return _SUCCESSORS.get(self.code[:2], (self.code[:2],))


class _Today:
    """Today's table by name and by what is left of a name without its kind."""

    def __init__(self) -> None:
        self.rows = {row["code"]: row for row in DIVISIONS.to_dicts()}
        self.by_name: dict[tuple[str, str, str], list[str]] = defaultdict(list)  # level, province, name
        self.by_stem: dict[tuple[str, str, str], list[str]] = defaultdict(list)
        for code, row in self.rows.items():
            level, province = row["level"], code[:2]
            self.by_name[level, province, row["name"]].append(code)
            self.by_stem[level, province, stem_of(row["name"], level)].append(code)
        self._parents = {row["parent"] for row in self.rows.values()}

    def has_districts(self, code: str) -> bool:
        return code in self._parents


def _stood(tables: dict[str, dict[str, str]]) -> Iterator[Former]:
    """Every code and name of the tables, in code order, with the first and the last table it stands in."""
    spans: dict[tuple[str, str], list[str]] = defaultdict(list)
    for revision in sorted(tables):
        for code, name in tables[revision].items():
            spans[code, name].append(revision)
    for (code, name), revisions in sorted(spans.items()):
        yield Former(code, name, revisions[0], revisions[-1])


class Register:
    """The derivation; `tables`: revision (YYYYMM) → code → name; `decided`: rows of DECIDED."""

    def __init__(self, tables: dict[str, dict[str, str]], decided: Iterable[dict[str, str]]) -> None:
        self._tables = tables
        self._decided = {(row["code"], row["name"]): row["became"].split(";") for row in decided}
        self._today = _Today()
        self._cities: dict[str, str | None] = {}  # four digits of a former prefecture → today's city

    def rows(self) -> pl.DataFrame:
        """code, name, since, until, became, extent, basis; in code order. became is empty where nothing is known."""
        became = {former: self._became(former) for former in self._all()}
        taken = {revision: self._taken(revision, became) for revision in self._tables}
        found = [
            (*former, ";".join(codes), self._extent(former, codes, taken), basis)
            for former, (codes, basis) in became.items()
        ]
        schema = ["code", "name", "since", "until", "became", "extent", "basis"]
        return pl.DataFrame(found, schema=schema, orient="row")

    def _all(self) -> list[Former]:
        """What stood in a table and is not today's, and what was decided by a code that no table has."""
        stood = list(_stood(self._tables))
        known = {(former.code, former.name) for former in stood}
        between = [Former(*key, "", "") for key in self._decided if len(key[0]) == 6 and key not in known]
        return sorted(former for former in (*stood, *between) if not self._is_todays(former.code, former.name))

    def _is_todays(self, code: str, name: str) -> bool:
        return code in self._today.rows and self._today.rows[code]["name"] == name

    def _taken(self, revision: str, became: dict[Former, tuple[list[str], str]]) -> Counter[tuple[bool, str]]:
        """How many divisions of one level of a table each of today's took in, itself included."""
        codes_of = {(former.code, former.name): codes for former, (codes, _) in became.items()}
        return Counter(
            (code.endswith("00"), today)
            for code, name in self._tables[revision].items()
            for today in ([code] if self._is_todays(code, name) else codes_of[code, name])
        )

    def _extent(self, former: Former, codes: list[str], taken: dict[str, Counter[tuple[bool, str]]]) -> str:
        if len(codes) > 1:
            return "divided"
        if not codes or not former.until or (not former.is_city and self._today.has_districts(codes[0])):
            return "part"
        return "whole" if taken[former.until][former.is_city, codes[0]] == 1 else "part"

    def _became(self, former: Former) -> tuple[list[str], str]:
        for digits in (6, 4, 2):
            if decided := self._decided.get((former.code[:digits], former.name)):
                return decided, "decided"
        if former.is_city:
            return self._named("city", former, stem_of(former.name, "city"))
        if former.name in _DESCRIPTIONS:
            return self._its_city(former)
        return self._county(former)

    def _county(self, former: Former) -> tuple[list[str], str]:
        same = self._those_of("county", former, self._today.by_name, former.name)
        if len(same) == 1:
            return same, "name"
        stem = stem_of(former.name, "county")
        if former.name.endswith("市"):  # 承德市 beside 承德县: the seat of what is a city today
            city, basis = self._named("city", former, stem)
            if city:
                return city, basis
        if not self._has_namesake(former, stem):
            found, basis = self._named("county", former, stem)
            if found:
                return found, basis
        city, basis = self._named("city", former, stem)
        return (city, "city") if city else self._its_city(former)

    def _named(self, level: str, former: Former, stem: str) -> tuple[list[str], str]:
        """The one division of the level that bears this stem, or 州 for 县 after a single character (通县, 通州)."""
        for written in (stem, former.name, former.name[0] + "州" if len(former.name) == 2 else stem):
            found = self._those_of(level, former, self._today.by_stem, written)
            if len(found) == 1:
                return found, "stem" if level == "county" or former.is_city else "city"
        return [], ""

    def _those_of(
        self, level: str, former: Former, index: dict[tuple[str, str, str], list[str]], text: str
    ) -> list[str]:
        found = [code for province in former.provinces for code in index.get((level, province, text), ())]
        if level == "county" and (len(found) > 1 or former.name.endswith("区")):
            # The name of a district says something in its city only.
            city = self._city_of(former)
            found = [code for code in found if self._today.rows[code]["parent"] == city]
        return found

    def _has_namesake(self, former: Former, stem: str) -> bool:
        """Whether another division of that stem stood beside it: 汉阳县 did not become 汉阳区."""
        return any(
            code != former.code
            and code[:2] == former.code[:2]
            and not code.endswith("00")
            and stem_of(name, "county") == stem
            and (code[:4] == former.code[:4] or not name.endswith("区"))
            for code, name in self._tables[former.until].items()
        )

    def _its_city(self, former: Former) -> tuple[list[str], str]:
        """A district lay in its city; of a county that cannot be said."""
        city = self._city_of(former) if former.name.endswith("区") else None
        return ([city], "city") if city else ([], "")

    def _city_of(self, former: Former) -> str | None:
        """Today's city that the prefecture of the former division's code became."""
        digits = former.code[:4]
        if digits not in self._cities:
            self._cities[digits] = None
            name = self._tables[former.until].get(digits + "00")
            if digits + "00" in self._today.rows and self._today.rows[digits + "00"]["name"] == name:
                self._cities[digits] = digits + "00"
            elif name:
                became, _ = self._became(Former(digits + "00", name, "", ""))
                self._cities[digits] = became[0] if len(became) == 1 else None
            elif digits.endswith("01"):  # districts of a municipality
                self._cities[digits] = digits[:2] + "0000"
        return self._cities[digits]


def read_tables(folder: Path) -> dict[str, dict[str, str]]:
    """The tables of the Ministry of Civil Affairs in a folder, by revision (YYYYMM)."""
    tables = {}
    for file in sorted(folder.glob("mca_*.tsv")):
        frame = pl.read_csv(file, separator="\t", infer_schema=False, quote_char=None)
        frame = frame.select("Code", pl.col("Name").str.strip_chars()).filter(~pl.col("Name").str.contains(_FILLERS))
        tables[file.stem.removeprefix("mca_")] = dict(frame.iter_rows())
    return tables


def derive(folder: Path) -> pl.DataFrame:
    """The register from the tables of a folder; columns as in FILE."""
    decided = pl.read_csv(DECIDED, infer_schema=False)
    return Register(read_tables(folder), decided.to_dicts()).rows()


if __name__ == "__main__":
    derive(Path(sys.argv[1])).write_csv(FILE)
