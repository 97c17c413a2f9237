"""Several tables in one grid: where the next one begins, which stand side by side, and all of them as one again.

A second header, a line that gives another unit and a row of units begin a table of their own, with its own columns and
its own units. Rows under a header that is not understood are kept as damaged, never read under the one before it. A
header that only repeats the one in force (page breaks of a printed list) is set aside. How a header is found is
header.py's business, which rows are no records asides.py's.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import polars as pl

from pipelines.contracts.headers import match, missing, named, normalise
from pipelines.contracts.model import Contract
from pipelines.intake.readers.asides import Aside, is_aside
from pipelines.intake.readers.base import MALFORMED, ROW, UnreadableFile, cell_columns
from pipelines.intake.readers.header import (
    Header,
    find,
    holds_data,
    is_complete,
    known_units,
    subjects,
    tells_unit,
    text,
    title_units,
    unit_row,
    with_title,
    with_units,
    year_columns,
)

_HEADER_WORD = (
    r"(?:号|号码|日|日期|时间|年度|年份|名称|类型|种类|类别|级别|单位|[件人户次份]数|数量|额|备注|序号|区县|地区|区域"
    r"|地址|人|方|银行|企业|机构|率|[(（][^()（）]{1,6}[)）])$"
)
_WITH_DIGITS = {"date", "integer", "number", "amount", "application_no", "publication_no", "copyright_no"}
_SAMPLED = 2_000
_AT = "__at"
_ABOVE = 10
"""Rows above a header among which its titles are looked for."""


@dataclass(frozen=True)
class Part:
    """One table of a grid."""

    header: Header
    rows: pl.DataFrame
    """What lies below the header: a column for each of its columns, in order, `ROW`, perhaps MALFORMED."""
    doubt: str | None = None
    """Why none of its rows can be read."""
    note: str | None = None
    """How it was found, where the sheet has it side by side with others."""


@dataclass(frozen=True)
class _Break:
    """Rows of a grid from position `start` up to, not including, `end`, at which a table may begin."""

    start: int
    end: int
    row: int
    """Number of the row that says what the rows below are."""
    header: Header | None = None
    misfit: str | None = None
    """What is wrong with the shape of the header's row."""
    units: tuple[str, ...] = ()
    """One for each column, where it is a row of units."""
    title: str = ""
    """Where it is a line that gives a unit or a subject."""


def split(body: pl.DataFrame, header: Header, contract: Contract) -> tuple[list[Part], list[Aside]]:
    """The tables among the rows below a grid's first header, and the rows that belong to none; blank cells are null."""
    parts: list[Part] = []
    aside: list[Aside] = []
    current = Part(header, body.clear())
    start = 0
    lines = body.select(ROW, pl.all_horizontal(pl.exclude(ROW).is_null()))
    for found in _breaks(body, header, contract):
        before = body.slice(start, found.start - start)
        is_next = not before.select(pl.any_horizontal(pl.exclude(ROW).is_not_null()).any()).item()
        following, kind = _following(found, current, is_next, contract)
        parts.append(replace(current, rows=before))
        for number, is_blank in lines.slice(found.start, found.end - found.start).iter_rows():
            aside.append((number, "blank" if is_blank else kind if number >= found.row else "title", ""))
        current, start = following or current, found.end
    parts.append(replace(current, rows=body.slice(start)))
    tables = [_with_renamed(part, header, contract) for part in _joined(parts)]
    return [block for part in tables for block in _side_by_side(part, contract)], aside


def _with_renamed(part: Part, first: Header, contract: Contract) -> Part:
    """The table, in doubt where it has no name, or none that is known, for a column of the first that it lacks."""
    if part.header is first or part.doubt or part.rows.is_empty():
        return part
    fields, own = (match(contract, header.names) for header in (first, part.header))
    lost = [name for field, name in fields.fields.items() if field not in own.fields]
    columns = cell_columns(part.rows)
    for position, name in enumerate(first.names):
        is_known = part.header.names[position] in own.fields.values()
        if name in lost and not is_known and part.rows[columns[position]].null_count() < part.rows.height:
            below = part.header.cells[position] or "no name"
            doubt = f"under row {part.header.first + 1}, which has {below} where {name} stood before"
            return replace(part, doubt=f"{doubt}; name it as the contract does")
    return part


def _joined(parts: list[Part]) -> Iterator[Part]:
    """What lies under one header as one table, so that a total finds the rows above a page break."""
    rows: list[pl.DataFrame] = []
    for part, following in zip(parts, [*parts[1:], None], strict=True):
        rows.append(part.rows)
        if following is None or following.header is not part.header or following.doubt != part.doubt:
            yield replace(part, rows=pl.concat(rows) if len(rows) > 1 else rows[0])
            rows = []


def _following(found: _Break, current: Part, is_next: bool, contract: Contract) -> tuple[Part | None, str]:
    """The table that begins (None: the current one goes on), and what kind of rows say so."""
    if found.header:
        doubt = None if is_complete(contract, found.header.names) else _lacking(found, contract)
        if _is_same(found.header, current.header, is_next, contract) and bool(doubt) == bool(current.doubt):
            return None, "repeated header"
        if found.misfit:
            doubt = f"under the header in row {found.row}, which has {found.misfit}; deliver the tables as two files"
        return Part(found.header, current.rows, doubt), "further header"
    if found.units:
        new, said, kind = with_units(current.header, found.units), found.units, "units"
    else:
        new, kind = with_title(current.header, found.title, contract), "title"
        said = tuple(title_units([found.title]))
    before, after = _units(current.header, contract), _units(new, contract)
    for position, column in enumerate(new.columns):
        factors = {
            one for field in named(contract, column) if (unit := contract.field(field).unit) for one in unit.factors
        }
        told = [one for one in said if one in factors]
        if told and after.get(position) not in told:
            doubt = f"under row {found.row}, which gives the unit {'、'.join(told)} while the header gives another"
            return Part(current.header, current.rows, doubt), kind
    return (None if before == after else Part(new, current.rows, current.doubt)), kind


def _lacking(found: _Break, contract: Contract) -> str:
    assert found.header
    present = set(match(contract, found.header.names).fields)
    return (
        f"under row {found.row}, which looks like a header and lacks {'; '.join(missing(contract, present))}; "
        "name its columns as the contract does, or deliver the rows below it as a file of their own"
    )


def _units(header: Header, contract: Contract) -> dict[int, object]:
    """The unit a header gives to each column that has one; over a table of years what the titles say stands at -1."""
    found = {at: match(contract, [column]).units for at, column in enumerate(header.columns)}
    units: dict[int, object] = {at: next(iter(unit.values())) for at, unit in found.items() if unit}
    if contract.wide_years and year_columns(header.names):
        units[-1] = title_units(header.titles), [word for title in header.titles for word in subjects(title, contract)]
    return units


def _is_same(new: Header, old: Header, is_next: bool, contract: Contract) -> bool:
    """Whether a header says of every column what the one in force says, only in other words perhaps.

    One directly below the other may leave out units: it names the same columns again, in another language say.
    """
    if not all(_means_same(one, other, contract) for one, other in zip(new.cells, old.cells, strict=True)):
        return False
    before, after = _units(old, contract), _units(new, contract)
    if is_next or [normalise(cell) for cell in new.cells] == [normalise(cell) for cell in old.cells]:
        after = before | after
    return before == after


def _means_same(new: str, old: str, contract: Contract) -> bool:
    if not new:
        return not named(contract, old)
    return normalise(new) == normalise(old) or bool(named(contract, new) & named(contract, old))


def _breaks(body: pl.DataFrame, header: Header, contract: Contract) -> list[_Break]:
    """Where a table may begin, in order."""
    cells = cell_columns(body)
    suspects = _suspects(body, cells, contract)
    if suspects.is_empty():
        return []
    found: list[_Break] = []
    end = 0
    for at in suspects.filter("__has_name")[_AT]:
        if at >= end and (one := _header_at(body, cells, at, end, contract)):
            found.append(one)
            end = one.end
    taken = {at for one in found for at in range(one.start, one.end)}
    lines = [
        one for at in suspects.filter("__is_line")[_AT] if at not in taken for one in _line(body, cells, at, contract)
    ]
    strange = suspects.filter("__has_words").filter(~pl.col(_AT).is_in(taken))[_AT]
    unknown = [one for at in strange if at - 1 not in taken for one in _unknown(body, cells, at, header, contract)]
    return sorted([*found, *lines, *unknown], key=lambda one: one.start)


def _suspects(body: pl.DataFrame, cells: list[str], contract: Contract) -> pl.DataFrame:
    """Rows that may be a header or a line between tables, with their position and what about them may be so.

    Records nearly always have a digit in the column that mostly has digits; the rest are looked at closely.
    """
    filled = pl.sum_horizontal(pl.col(name).is_not_null() for name in cells)
    may_be = filled <= _few(cells)
    sample = body.gather_every(max(1, body.height // _SAMPLED))
    shares = sample.select(pl.col(cells).str.contains(r"\d").fill_null(False).mean()).row(0)
    if not contract.wide_years and body.height:
        telling = cells[max(range(len(cells)), key=lambda i: shares[i] or 0)]
        may_be |= ~pl.col(telling).str.contains(r"\d").fill_null(False)
    else:
        may_be = pl.lit(True)
    if MALFORMED in body.columns:
        may_be |= pl.col(MALFORMED).is_not_null()
    suspects = body.with_row_index(_AT).filter(may_be & (filled > 0))
    if suspects.is_empty():
        return suspects
    names = {name: [cell for cell in suspects[name].unique() if cell and named(contract, text(cell))] for name in cells}
    known = pl.any_horizontal(pl.col(name).is_in(found) for name, found in names.items())
    digits = pl.any_horizontal(pl.col(cells).str.contains(r"\d"))
    words = pl.sum_horizontal(pl.col(cells).str.contains(_HEADER_WORD).fill_null(False))
    units = [*known_units(contract), "单位", "计量单位"]
    of_units = pl.all_horizontal(
        (pl.col(cells).str.normalize("NFKC").str.strip_chars("() ").is_in(units)).fill_null(True)
    )
    tells = pl.any_horizontal(pl.col(cells).str.contains(r"单位|[)）]$")).fill_null(False)
    return suspects.with_columns(
        known.fill_null(False).alias("__has_name"),
        ((filled <= _few(cells)) & (tells | pl.lit(contract.wide_years is not None)) | of_units).alias("__is_line"),
        (~digits.fill_null(False) & (filled > 2) & (2 * words >= filled)).alias("__has_words"),
    )


def _few(cells: Sequence[str]) -> int:
    """Cells a line between two tables has at most."""
    return 2 if len(cells) > 4 else 1


def _row(body: pl.DataFrame, cells: list[str], at: int) -> list[str]:
    return [text(cell) for cell in body.select(cells).row(at)]


def _header_at(body: pl.DataFrame, cells: list[str], at: int, floor: int, contract: Contract) -> _Break | None:
    """The header that begins at a position, with the titles above it but not above `floor`."""
    if holds_data(_row(body, cells, at)):
        return None
    start = at
    while start > max(floor, at - _ABOVE) and _is_title(_row(body, cells, start - 1)):
        start -= 1
    while start < at and not any(_row(body, cells, start)):
        start += 1
    window = body.slice(start, at - start + 3)
    numbers = window[ROW].to_list()
    found = find(window.select(cells).rows(), contract, numbers=numbers, searched=at - start + 1)
    if found is None or found.score < 2 or found.last + 1 < numbers[at - start]:
        return None
    misfit = window[MALFORMED][at - start] if MALFORMED in window.columns else None
    return _Break(start, start + numbers.index(found.last + 1) + 1, found.first + 1, header=found, misfit=misfit)


def _is_title(row: list[str]) -> bool:
    filled = [cell for cell in row if cell]
    return len(filled) <= _few(row) and not any(is_aside(cell) for cell in filled)


def _line(body: pl.DataFrame, cells: list[str], at: int, contract: Contract) -> Iterator[_Break]:
    """A row of units or a line that gives a unit or a subject; nothing for any other row."""
    row = _row(body, cells, at)
    number = int(body[ROW][at])
    units = unit_row(row, contract)
    said = " ".join(cell for cell in row if cell)
    if units:
        yield _Break(at, at + 1, number, units=tuple(units))
    elif _is_title(row) and (tells_unit(said, contract) or subjects(said, contract)):
        yield _Break(at, at + 1, number, title=said)


def _unknown(body: pl.DataFrame, cells: list[str], at: int, header: Header, contract: Contract) -> Iterator[_Break]:
    """A row of words where the columns hold numbers and dates: a header whose columns the contract does not know."""
    row = _row(body, cells, at)
    types = {header_: contract.field(field).type for field, header_ in match(contract, header.names).fields.items()}
    digits = [cell for cell, name in zip(row, header.names, strict=True) if types.get(name) in _WITH_DIGITS]
    wordy = [cell for cell in digits if re.search(_HEADER_WORD, cell)]
    filled = [cell for cell in row if cell]
    if at and len(wordy) >= max(1, min(2, len(digits))) and len(set(filled)) == len(filled):
        number = int(body[ROW][at])
        none = Header(number - 1, number - 1, tuple(row), tuple(row), 0, (), ())
        yield _Break(at, at + 1, number, header=none)


def _side_by_side(part: Part, contract: Contract) -> list[Part]:
    """The tables that stand side by side under one header that repeats all its columns; else the table itself."""
    blocks = _blocks(part.header, contract)
    if not blocks:
        return [part]
    kept = [name for name in (ROW, MALFORMED) if name in part.rows.columns]
    cells = [name for name in part.rows.columns if name not in kept]
    is_blank = pl.all_horizontal(pl.col(cells).is_null())
    parts = []
    for number, (start, end) in enumerate(blocks):
        own = cells[start:end]
        has_some = pl.any_horizontal(pl.col(own).is_not_null())
        rows = part.rows.filter(has_some | is_blank if number == 0 else has_some)
        header = replace(
            part.header,
            cells=part.header.cells[start:end],
            columns=part.header.columns[start:end],
            notes=part.header.notes if number == 0 else (),
        )
        note = f"columns {start + 1} to {end} read as table {number + 1} of {len(blocks)} side by side"
        parts.append(Part(header, rows.select(*own, *kept), part.doubt, note))
    return parts


def _blocks(header: Header, contract: Contract) -> list[tuple[int, int]]:
    """First column and end of each of several blocks with the same columns, each enough for a table; [] for one."""
    filled = [position for position, cell in enumerate(header.cells) if cell]
    meant = [named(contract, header.cells[at]) or normalise(header.cells[at]) for at in filled]
    for count in range(len(filled) // 2, 1, -1):
        size, rest = divmod(len(filled), count)
        if rest or any(meant[at] != meant[at % size] for at in range(len(filled))):
            continue
        if is_complete(contract, [header.cells[at] for at in filled[:size]]):
            starts = filled[::size]
            return list(zip([0, *starts[1:]], [*starts[1:], len(header.cells)], strict=True))
    return []


def check_repeats(frame: pl.DataFrame, contract: Contract) -> list[str]:
    """Notes on columns that mean a field another column is read for, with how often they say something else.

    Raises UnreadableFile where both have the same name, differ, and hold what a record must have.
    """
    found = match(contract, cell_columns(frame))
    wanted = {field.name for field in contract.fields if field.required} | set().union(*contract.at_least_one)
    notes = []
    for name in found.unknown:
        plain = re.sub(r" \(\d+\)$", "", name)
        for field in sorted(named(contract, plain) & set(found.fields))[:1]:
            other = found.fields[field]
            differing = frame.filter(pl.col(name).is_not_null() & pl.col(name).ne_missing(pl.col(other)))
            if differing.is_empty():
                continue
            if normalise(plain) == normalise(other) and field in wanted:
                raise UnreadableFile(
                    f"the column {other!r} stands twice with different values (first in row {differing[ROW][0]}); "
                    "put the two tables one below the other, or leave out the column that does not belong"
                )
            notes.append(
                f"the columns {other!r} and {name!r} both mean {field}: the first is read, "
                f"the second says something else in {differing.height} rows (first: {differing[ROW][0]})"
            )
    return notes


def unite(frames: Sequence[pl.DataFrame], contract: Contract) -> pl.DataFrame:
    """One frame of several tables, a field in one column.

    The column is called as in the first table that has the field. Where the tables' units differ it is called without
    a unit, and each figure carries its own.
    """
    if len(frames) == 1:
        return frames[0]
    matches = [match(contract, cell_columns(frame)) for frame in frames]
    common: dict[str, str] = {}
    mixed: set[str] = set()
    for found in matches:
        for field, header in found.fields.items():
            common.setdefault(field, header)
    for field in common:
        if len({found.units.get(field) for found in matches if field in found.fields}) > 1:
            common[field] = _without_unit(field, contract)
            mixed.add(field)
    renamed = []
    for frame, found in zip(frames, matches, strict=True):
        figures = [
            _carrying(found.fields[field], found.units[field])
            for field in mixed & set(found.fields)
            if field in found.units
        ]
        names = {header: common[field] for field, header in found.fields.items()}
        taken = set(common.values())
        for name in cell_columns(frame):
            if name not in names:
                names[name] = _free(name, taken)
        renamed.append(frame.with_columns(figures).rename(names))
    united = pl.concat(renamed, how="diagonal")
    read = match(contract, cell_columns(united)).fields
    if wrong := [common[field] for field in common if read.get(field) != common[field]]:
        raise UnreadableFile(
            f"its tables name their columns so differently that they cannot be read as one ({', '.join(wrong)}); "
            "give them the same headers, or deliver each as a file of its own"
        )
    return united


def _free(name: str, taken: set[str]) -> str:
    number = 2
    free = name
    while free in taken:
        free, number = f"{name} ({number})", number + 1
    return free


def _without_unit(field: str, contract: Contract) -> str:
    """A header of the field that gives no unit."""
    declared = contract.field(field)
    names = [declared.title.zh, declared.title.en, declared.name, *declared.headers]
    return next(name for name in names if (found := match(contract, [name])).fields.get(field) and not found.units)


def _carrying(name: str, unit: str) -> pl.Expr:
    """Figures with the unit of their table written behind them; one that has a unit of its own keeps it."""
    cell = pl.col(name)
    return pl.when(cell.str.contains(r"[\d.]\s*$")).then(cell + unit).otherwise(cell).alias(name)
