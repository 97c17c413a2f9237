"""Finds the header in the first rows of a sheet or text, and what the rows above it and a unit row say.

Understands title rows, headers over two merged rows and a row of units. Which header means which field is the
contract's matcher; rows below the header are layout.py's.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from pipelines.contracts.headers import match, missing, named
from pipelines.contracts.model import Contract
from pipelines.intake.decode import mojibake_of
from pipelines.intake.readers.base import UnreadableFile

SEARCHED_ROWS = 40
"""A header further down than this is not found."""

Cell = str | None
Row = Sequence[Cell]

_GENERAL_UNITS = {
    "元",
    "万元",
    "亿元",
    "人",
    "万人",
    "件",
    "项",
    "个",
    "%",
    "‰",
    "户",
    "家",
    "次",
    "万件",
    "天",
    "年",
    "亩",
}
_UNIT_IN_TITLE = re.compile(r"(?:计量)?单位\s*:\s*([^\s,;)]+)")
_BRACKET_AT_END = re.compile(r"\(([^()]+)\)\s*$")
_DATA = re.compile(r"\d{5}|\d{4}[-./年]\d")
YEAR = re.compile(r"(\d{4})年?末?")


@dataclass(frozen=True)
class Header:
    """Where the header is and what its columns are called."""

    first: int
    """Number of its first row, less one: the index of the row where none is left out."""
    last: int
    """Number of its last row, a unit row included, less one."""
    cells: tuple[str, ...]
    """What stands over each column, rows of a merged header put together; "" where nothing does."""
    columns: tuple[str, ...]
    """The cells, a unit from a unit row or title added in brackets."""
    score: int
    """Fields of the contract that were recognised."""
    titles: tuple[str, ...]
    """Rows above the header, each as one text."""
    notes: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """One unique name per column."""
        return tuple(_unique(self.columns))


@dataclass(frozen=True)
class _Option:
    """A row, or two rows of a merged header, that may be the header."""

    first: int
    last: int
    cells: list[str]
    score: int

    @property
    def rank(self) -> tuple[int, int, int]:
        return self.score, self.first - self.last, -self.first


def find(
    rows: Sequence[Row], contract: Contract, *, numbers: Sequence[int] | None = None, searched: int = SEARCHED_ROWS
) -> Header | None:
    """The first header that names all that is required, else the one that names most; None where no row names any.

    The first, because a second table further down may name more. `numbers` are the row numbers, 1, 2 … if not given;
    the header begins in one of the first `searched` rows.
    """
    options = _options([[text(cell) for cell in row] for row in rows[: searched + 1]], contract, searched)
    complete = [option for option in options if is_complete(contract, option.cells)]
    if complete:
        end = min(option.last for option in complete)
        options = [option for option in complete if option.first <= end]
    if not options:
        return None
    best = max(options, key=lambda option: option.rank)
    numbers = numbers or range(1, len(rows) + 1)
    if complete:
        _check_above(rows, numbers, best, contract)
    return _described(rows, contract, best, numbers)


def is_like(found: Iterable[str], others: Iterable[str]) -> bool:
    """Whether fields are so many of another table's fields that both are the same kind of table."""
    wanted = set(others)
    return len(wanted & set(found)) >= max(2, len(wanted) / 2)


def _check_above(rows: Sequence[Row], numbers: Sequence[int], best: _Option, contract: Contract) -> None:
    """Rows of a table above the header that lacks a required column would be taken for titles."""
    wanted = match(contract, best.cells).fields
    for index, row in enumerate(rows[: best.first]):
        fields = match(contract, [text(cell) for cell in row]).fields
        below = [sum(bool(text(cell)) for cell in other) for other in rows[index + 1 : best.first]]
        if is_like(fields, wanted) and max(below, default=0) >= max(3, len(fields) / 2):
            raise UnreadableFile(
                f"row {numbers[index]} looks like a header and lacks {'; '.join(missing(contract, set(fields)))}, "
                f"while row {numbers[best.first]} has all: complete the first, or deliver the tables as two files"
            )


def with_title(header: Header, title: str, contract: Contract) -> Header:
    """The same header under a further title, which goes before the earlier ones in what it says of unit and subject."""
    given = _unit_from_title(header.cells, [title], contract)
    columns = [new if new != cell else old for new, cell, old in zip(given, header.cells, header.columns, strict=True)]
    earlier = (
        header.titles if not subjects(title, contract) else [t for t in header.titles if not subjects(t, contract)]
    )
    return replace(header, columns=tuple(columns), titles=(title, *earlier), notes=())


def subjects(title: str, contract: Contract) -> list[str]:
    """What a title says is counted in a table of years (常住人口): words of the contract."""
    declared = contract.wide_years.from_title.values() if contract.wide_years else ()
    return [word for codes in declared for words in codes.values() for word in words if word in title]


def with_units(header: Header, units: Sequence[str]) -> Header:
    """The same header over another row of units; a column for which it says nothing keeps its own."""
    triples = zip(header.cells, header.columns, [*units, *[""] * len(header.cells)], strict=False)
    return replace(
        header, columns=tuple(_with_unit(cell, unit) if unit else old for cell, old, unit in triples), notes=()
    )


def _options(texts: list[list[str]], contract: Contract, searched: int) -> list[_Option]:
    scores = [_score(contract, row) for row in texts]
    options = []
    for index in range(min(len(texts), searched)):
        if scores[index]:
            options.append(_Option(index, index, texts[index], scores[index]))
        if index + 1 < len(texts) and (scores[index] or scores[index + 1]) and not holds_data(texts[index + 1]):
            merged = _merged(texts[index], texts[index + 1], contract)
            score = _score(contract, merged)
            if score > max(scores[index], scores[index + 1]):
                options.append(_Option(index, index + 1, merged, score))
    return options


def holds_data(cells: Sequence[str]) -> bool:
    """Whether a cell holds a date or a long number, as no header does."""
    return any(_DATA.search(cell) for cell in cells)


def refuse(rows: Sequence[Row], contract: Contract, names: Sequence[str]) -> UnreadableFile:
    """The error for a table whose header lacks required columns, naming the headers seen (never cells of data)."""
    seen = [name for name in (names or _header_like(rows)) if name]
    present = set(match(contract, seen).fields)
    lacking = missing(contract, present)
    hint = ""
    for name in seen:
        if original := mojibake_of(name):
            hint = f"; the header looks like UTF-8 that was read as GBK ({name} was {original}): export it again"
            break
    listed = ", ".join(seen[:30]) or "none, no row looks like a header"
    return UnreadableFile(
        f"required column missing: {'; '.join(lacking)}; headers seen: {listed}{hint}; "
        f"rename the column or add its header to the contract {contract.source}.yaml"
    )


def is_complete(contract: Contract, names: Sequence[str]) -> bool:
    """Whether these headers fill every required column, a table of year columns counted as the rows it becomes."""
    present = set(match(contract, names).fields)
    if contract.wide_years and year_columns(names):
        wide = contract.wide_years
        present |= {wide.date, wide.value, *wide.from_title}
    return not missing(contract, present)


def year_columns(names: Sequence[str]) -> dict[str, int]:
    """header → year of the columns that are years (2018年, 2018); at least two, else none."""
    found = {name: int(hit[1]) for name in names if (hit := YEAR.fullmatch(_fold(name)))}
    return found if len(found) > 1 else {}


def _score(contract: Contract, names: Sequence[str]) -> int:
    """Number of the contract's fields that the names can mean."""
    score = len(set().union(*(named(contract, name) for name in names if name)))
    if score and contract.wide_years and year_columns(names):
        score += 1
    return score


def _merged(top: list[str], bottom: list[str], contract: Contract) -> list[str]:
    """Names from two header rows: a cell merged over several columns stands for each of them."""
    names, group = [], ""
    for index in range(max(len(top), len(bottom))):
        over = top[index] if index < len(top) else ""
        under = bottom[index] if index < len(bottom) else ""
        group = over or (group if under else "")
        options = [group + under, under, over]
        known = [name for name in options if name and named(contract, name)]
        names.append(known[0] if known else group + under)
    return names


def _described(rows: Sequence[Row], contract: Contract, found: _Option, numbers: Sequence[int]) -> Header:
    last = found.last
    titles = tuple(" ".join(text(cell) for cell in row if text(cell)) for row in rows[: found.first])
    notes = [f"row {numbers[index]} set aside: title" for index, title in enumerate(titles) if title]
    width = _width(found.cells, rows[last + 1 :])
    cells = [*found.cells, *[""] * (width - len(found.cells))][:width]
    columns = cells
    units = unit_row(rows[last + 1], contract) if last + 1 < len(rows) else None
    if units:
        last += 1
        notes.append(f"row {numbers[last]} set aside: units")
        columns = [_with_unit(cell, unit) for cell, unit in zip(cells, [*units, *[""] * width], strict=False)]
    columns = _unit_from_title(columns, titles, contract)
    return Header(
        first=numbers[found.first] - 1,
        last=numbers[last] - 1,
        cells=tuple(cells),
        columns=tuple(columns),
        score=found.score,
        titles=titles,
        notes=tuple(notes),
    )


def _width(names: Sequence[str], below: Sequence[Row]) -> int:
    """Columns of the table: the header's, or more where the rows below mostly have more (a separator at line ends)."""
    widths = [len(row) for row in below if any(text(cell) for cell in row)]
    usual = max(set(widths), key=widths.count) if widths else 0
    return max(len(names), usual)


def unit_row(row: Row, contract: Contract) -> list[str] | None:
    """The units of a row in which only units stand, bare; None for any other row."""
    known = known_units(contract)
    cells = [_fold(text(cell)).strip("()") for cell in row]
    filled = [cell for cell in cells if cell and cell not in ("单位", "计量单位")]
    return cells if filled and all(cell in known for cell in filled) else None


@cache
def known_units(contract: Contract) -> frozenset[str]:
    """Units that a row of units may hold, and a title may give."""
    return frozenset(_GENERAL_UNITS | {unit for field in contract.fields if field.unit for unit in field.unit.factors})


def _unit_from_title(names: Sequence[str], titles: Sequence[str], contract: Contract) -> list[str]:
    """Give `单位:万元` above the table to the columns that need a unit and have none; of `万元、件` each its own."""
    said = title_units(titles)
    matched = match(contract, [name for name in names if name])
    given = {}
    for field, header in matched.fields.items():
        unit = contract.field(field).unit
        fitting = [one for one in said if unit and one in unit.factors]
        if len(fitting) == 1 and field not in matched.units:
            given[header] = fitting[0]
    return [_with_unit(name, given.get(name, "")) for name in names]


def title_units(titles: Sequence[str]) -> list[str]:
    """The units the rows above a table give for the whole of it."""
    for title in titles:
        if found := _UNIT_IN_TITLE.search(_fold(title)) or _BRACKET_AT_END.search(_fold(title)):
            return [unit.removeprefix("人民币") for unit in re.split("[、/,和]", found[1])]
    return []


def tells_unit(title: str, contract: Contract) -> bool:
    """Whether a line gives a unit (单位:元), and not the name of an office (单位:市知识产权局)."""
    return any(unit in known_units(contract) for unit in title_units([title]))


def _with_unit(name: str, unit: str) -> str:
    return f"{name}({unit})" if name and unit and not _BRACKET_AT_END.search(_fold(name)) else name


def _unique(names: Sequence[str]) -> list[str]:
    seen: dict[str, int] = {}
    unique = []
    for position, name in enumerate(names, start=1):
        name = name or f"column_{position}"
        seen[name] = seen.get(name, 0) + 1
        unique.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return unique


def _header_like(rows: Sequence[Row]) -> list[str]:
    """The first row that may be a header: several short cells without a digit. Data rows nearly always have one."""
    for row in rows[:SEARCHED_ROWS]:
        cells = [text(cell) for cell in row]
        filled = [cell for cell in cells if cell]
        if len(filled) > 1 and not any(re.search(r"\d", cell) or len(cell) > 30 for cell in filled):
            return cells
    return []


def text(cell: Cell) -> str:
    """A cell on one line, "" for a blank one."""
    return " ".join((cell or "").split())


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()
