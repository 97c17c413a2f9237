"""Finds the header in the first rows of a sheet or text, and what the rows above it and a unit row say.

Understands title rows, headers over two merged rows and a row of units. Which header means which field is the
contract's matcher; rows below the header are layout.py's.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

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
YEAR = re.compile(r"(\d{4})年?末?")


@dataclass(frozen=True)
class Header:
    """Where the header is and what its columns are called."""

    first: int
    """0-based index of its first row."""
    last: int
    """0-based index of its last row, a unit row included."""
    names: tuple[str, ...]
    """One unique name per column; a unit from a unit row or title stands in brackets."""
    score: int
    """Fields of the contract that were recognised."""
    titles: tuple[str, ...]
    """Rows above the header, each as one text."""
    notes: tuple[str, ...]


def find(rows: Sequence[Row], contract: Contract) -> Header | None:
    """The best header among the first rows: the one that names most fields; None where no row names any."""
    texts = [[_text(cell) for cell in row] for row in rows[: SEARCHED_ROWS + 1]]
    scores = [_score(contract, row) for row in texts]
    best: tuple[int, int, int] | None = None
    chosen: list[str] = []
    for index in range(min(len(texts), SEARCHED_ROWS)):
        options = [(scores[index], texts[index])]
        if index + 1 < len(texts) and (scores[index] or scores[index + 1]):
            merged = _merged(texts[index], texts[index + 1], contract)
            options.append((_score(contract, merged), merged))
        for extra, (score, names) in enumerate(options):
            rank = (score, -extra, -index)
            if score and (best is None or rank > best):
                best, chosen = rank, names
    if best is None:
        return None
    score, extra, index = best[0], -best[1], -best[2]
    return _described(rows, contract, chosen, index, index + extra, score)


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


def _described(rows: Sequence[Row], contract: Contract, names: list[str], first: int, last: int, score: int) -> Header:
    titles = tuple(" ".join(_text(cell) for cell in row if _text(cell)) for row in rows[:first])
    notes = [f"row {index + 1} set aside: title" for index, title in enumerate(titles) if title]
    width = _width(names, rows[last + 1 :])
    names = [*names, *[""] * (width - len(names))][:width]
    units = _unit_row(rows[last + 1], contract) if last + 1 < len(rows) else None
    if units:
        last += 1
        notes.append(f"row {last + 1} set aside: units")
        names = [_with_unit(name, unit) for name, unit in zip(names, [*units, *[""] * width], strict=False)]
    names = _unit_from_title(names, titles, contract)
    return Header(first, last, tuple(_unique(names)), score, titles, tuple(notes))


def _width(names: Sequence[str], below: Sequence[Row]) -> int:
    """Columns of the table: the header's, or more where the rows below mostly have more (a separator at line ends)."""
    widths = [len(row) for row in below if any(_text(cell) for cell in row)]
    usual = max(set(widths), key=widths.count) if widths else 0
    return max(len(names), usual)


def _unit_row(row: Row, contract: Contract) -> list[str] | None:
    known = _GENERAL_UNITS | {unit for field in contract.fields if field.unit for unit in field.unit.factors}
    cells = [_text(cell).strip("()") for cell in row]
    filled = [cell for cell in cells if cell and cell not in ("单位", "计量单位")]
    return cells if filled and all(cell in known for cell in filled) else None


def _unit_from_title(names: list[str], titles: Sequence[str], contract: Contract) -> list[str]:
    """Give `单位:万元` above the table to the columns that need a unit and have none."""
    said = title_unit(titles)
    if not said:
        return names
    matched = match(contract, [name for name in names if name])
    needing = {
        header
        for field, header in matched.fields.items()
        if (unit := contract.field(field).unit) and said in unit.factors and field not in matched.units
    }
    return [_with_unit(name, said) if name in needing else name for name in names]


def title_unit(titles: Sequence[str]) -> str | None:
    """The unit the rows above a table give for the whole of it."""
    for title in titles:
        if found := _UNIT_IN_TITLE.search(_fold(title)) or _BRACKET_AT_END.search(_fold(title)):
            return found[1]
    return None


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
        cells = [_text(cell) for cell in row]
        filled = [cell for cell in cells if cell]
        if len(filled) > 1 and not any(re.search(r"\d", cell) or len(cell) > 30 for cell in filled):
            return cells
    return []


def _text(cell: Cell) -> str:
    return " ".join((cell or "").split())


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()
