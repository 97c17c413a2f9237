"""Matches a file's headers to the fields of a contract, by meaning. Where the header row is, is the reader's business.

Width, blanks, brackets, punctuation and case do not count: `公开（公告）号` and `公开 公告号` are one header.
A unit in brackets or at the end is taken off and kept: `罚款金额(万元)` and `罚款金额万元` are 罚款金额 in 万元.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from pipelines.contracts.model import Contract, SourceField

_BRACKETED = re.compile(r"[(\[【<]\s*(?:单位\s*[:：]?\s*)?([^()\[\]【】<>]+?)\s*[)\]】>]\s*$")
_UNIT_AT_END = re.compile(r"(.+?)[\s:_-]*([千万亿]?元|[千万]?[件人批份])")
_LONGEST = 60  # characters of a header
_NOT_A_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Match:
    """What one file's columns are. Headers are as delivered."""

    fields: dict[str, str]
    """field → header"""
    units: dict[str, str]
    """field → unit found in its header"""
    ordinals: tuple[str, ...]
    personal: tuple[str, ...]
    """Headers of dropped columns, contract fields with `personal: drop` included."""
    unknown: tuple[str, ...]


def normalise(header: str) -> str:
    """A header's letters, digits and characters, in one width and lower case."""
    return _NOT_A_WORD.sub("", unicodedata.normalize("NFKC", header)).lower()


def split_unit(header: str) -> tuple[str, str | None]:
    """A header without the bracket at its end, and what the bracket says."""
    folded = unicodedata.normalize("NFKC", header).strip()
    found = _BRACKETED.search(folded)
    return (folded[: found.start()], found.group(1)) if found else (folded, None)


@cache
def _names(contract: Contract) -> dict[str, list[tuple[int, str]]]:
    """normalised name → (rank, field): the field's own name and titles first, then its headers in their order."""
    names: dict[str, list[tuple[int, str]]] = {}
    for field in contract.fields:
        own = (field.name, field.title.zh, field.title.en)
        for rank, name in enumerate([*own, *field.headers]):
            names.setdefault(normalise(name), []).append((rank, field.name))
    return names


@cache
def _openings(contract: Contract) -> frozenset[str]:
    """The first two characters of every normalised name."""
    return frozenset(name[:2] for name in _names(contract))


def _may_be_name(contract: Contract, header: str) -> bool:
    """Whether a header opens as some name does: what is taken off before a name is looked up stands at its end."""
    written, openings = normalise(header), _openings(contract)
    return written[:2] in openings or written[:1] in openings


@cache
def _personal(contract: Contract) -> re.Pattern[str]:
    return re.compile("|".join(contract.personal_headers) or "(?!)", re.IGNORECASE)


def _unit_of(field: SourceField, header: str, bracket: str | None) -> str | None:
    if field.unit is None:
        return None
    units = {normalise(unit): unit for unit in field.unit.factors}
    by_standard = {normalise(name): unit for name, unit in field.unit.headers.items()}
    said = units.get(normalise(bracket or "")) or units.get(normalise(header))
    return said or by_standard.get(normalise(header))


def candidates(contract: Contract, header: str) -> list[tuple[int, str, str | None]]:
    """(rank, field, unit) of every field the header can mean, best first; brackets hold a unit only if it is one."""
    names = _names(contract)
    bare, bracket = split_unit(header)
    found = [
        (rank, name, _unit_of(contract.field(name), header, bracket)) for rank, name in names.get(normalise(header), [])
    ]
    if not found and bracket:
        for rank, name in names.get(normalise(bare), []):
            unit = _unit_of(contract.field(name), bare, bracket)
            if unit or contract.field(name).unit is None:
                found.append((rank, name, unit))
    if not found and (written := _UNIT_AT_END.fullmatch(bare)):
        for rank, name in names.get(normalise(written[1]), []):
            if unit := _unit_of(contract.field(name), written[1], written[2]):
                found.append((rank, name, unit))
    return sorted(found)


@lru_cache(maxsize=1 << 16)
def named(contract: Contract, header: str) -> frozenset[str]:
    """The fields a header can mean; cheap, for looking a header up among thousands of cells that are none."""
    if len(header) > _LONGEST or not _may_be_name(contract, header):
        return frozenset()
    return frozenset(field for _, field, _ in candidates(contract, header))


def match(contract: Contract, headers: Sequence[str]) -> Match:
    """Assign each header to at most one field and each field to at most one header, the best-ranked pair first.

    A second column for a field that is already found stays unknown: it is kept in `extras` and reported.
    """
    return _match(contract, tuple(headers))


@lru_cache(maxsize=4096)  # thousands of files of one delivery have the same headers
def _match(contract: Contract, headers: tuple[str, ...]) -> Match:
    pairs = sorted(
        (rank, position, header, field, unit)
        for position, header in enumerate(headers)
        for rank, field, unit in _sortable(candidates(contract, header))
    )
    fields: dict[str, str] = {}
    units: dict[str, str] = {}
    taken: set[str] = set()
    for _, _, header, field, unit in pairs:
        if field in fields or header in taken:
            continue
        fields[field] = header
        taken.add(header)
        if unit:
            units[field] = unit
    ordinal_names = {normalise(name) for name in contract.ordinals}
    rest = [header for header in headers if header not in taken]
    ordinals = tuple(header for header in rest if normalise(header) in ordinal_names)
    dropped = {header for field, header in fields.items() if contract.field(field).personal == "drop"}
    dropped |= {header for header in rest if header not in ordinals and _personal(contract).search(header)}
    return Match(
        fields=fields,
        units=units,
        ordinals=ordinals,
        personal=tuple(header for header in headers if header in dropped),
        unknown=tuple(header for header in rest if header not in ordinals and header not in dropped),
    )


def _sortable(found: list[tuple[int, str, str | None]]) -> list[tuple[int, str, str]]:
    return [(rank, field, unit or "") for rank, field, unit in found]


def satisfiable(contract: Contract, present: set[str]) -> set[str]:
    """The columns that a file with these fields can fill: the fields, their parts, and what a rule makes of them."""
    columns = set(present)
    for name in present:
        columns |= set(contract.field(name).also.values())
    for rule, (needed, made) in RULE_MAKES.items():
        if rule in contract.rules and needed in present:
            columns.add(made)
    return columns


RULE_MAKES = {
    "event_code_from_title": ("event_title", "event_code"),
    "region_code_from_name": ("region_name", "region_code"),
    "application_no_of_right": ("right_no", "application_no"),
    "application_no_of_award": ("item_no", "application_no"),
}
"""rule → (field it reads, column it fills)"""


def missing(contract: Contract, present: set[str]) -> list[str]:
    """What a file with these fields lacks, in words: required columns, and groups of which it has none."""
    filled = satisfiable(contract, present)
    lacking = [_say(contract, [field.name]) for field in contract.fields if field.required and field.name not in filled]
    groups = [group for group in contract.at_least_one if not filled & set(group)]
    return [*lacking, *(_say(contract, group) for group in groups)]


def _say(contract: Contract, names: Sequence[str]) -> str:
    return " or ".join(f"{contract.field(name).title.zh} ({name})" for name in names)
