"""Declared source errors: read from landing/corrections/, applied to the table as delivered, before the contract.

A correction names the file, what is wrong in it and what to use instead; an acceptance names what looks wrong and was
found right. Its guard fails when that is not there (any more): then the file is rejected by name, because nobody knows
what the correction would do to it.
"""

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal, Self

import polars as pl
import yaml
from pydantic import Field, ValidationError, model_validator

from pipelines.contracts import headers
from pipelines.contracts.headers import Match
from pipelines.contracts.model import Contract, Strict
from pipelines.contracts.registry import contracts
from pipelines.errors import ConfigError, IpwError
from pipelines.intake import content, faults
from pipelines.intake.decode import decode
from pipelines.intake.discover import correction_files
from pipelines.intake.readers.base import UnreadableFile, cell_columns

ACCEPTED = "__accepted_"
"""Prefix of a helper column of the table: in which rows the value of the field of that name was accepted."""
_ACT = {"source", "action", "columns", "field", "key", "expected", "use"}
"""What a correction does; the rest of it says where and why."""


class GuardFailed(IpwError):
    """A declared correction does not fit the file it names."""

    exit_code = 1


class Correction(Strict):
    """One declared error of one file."""

    source: str
    file: str | None = None
    """Name of the file, or its path below landing."""
    sha256: str | None = None
    action: Literal["swap_columns", "set_value", "accept_value"]
    columns: tuple[str, ...] = ()
    """swap_columns: the two headers as delivered."""
    field: str | None = None
    """set_value, accept_value: the contract field …"""
    key: dict[str, str] = Field(default_factory=dict)
    """… in the rows where these contract fields are written so …"""
    expected: str | None = None
    """… the value that must stand there, as delivered (null: blank; of an acceptance: whichever) …"""
    use: str | None = None
    """… and for set_value the value to use (null: blank)."""
    reason: str
    accepted_by: str | None = None
    """accept_value: the office or person that answers for the value."""
    reported_to: str | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        if not self.file and not self.sha256:
            raise ValueError("a correction names its file or sha256")
        if self.action == "swap_columns" and len(self.columns) != 2:
            raise ValueError("swap_columns needs two columns")
        if self.action == "set_value" and (not self.field or not self.key):
            raise ValueError("set_value needs a field and the key of its rows")
        if self.action == "set_value" and self.expected == self.use:
            raise ValueError("set_value replaces a value by itself")
        if self.action == "accept_value" and (not self.field or not self.accepted_by or self.use is not None):
            raise ValueError("accept_value needs a field and accepted_by, and replaces nothing")
        return self

    def concerns(self, source: str, source_path: str, sha256: str) -> bool:
        """Whether this file is the one that is meant."""
        return (
            self.source == source
            and (self.file is None or self.file in {source_path, file_name(source_path)})
            and (self.sha256 is None or self.sha256 == sha256)
        )

    def act(self) -> dict[str, Any]:
        """What is done, without who said why: what the ledger is compared by."""
        return self.model_dump(mode="json", include=_ACT, exclude_defaults=True)


def file_name(source_path: str) -> str:
    """The name of a delivered file without its folders and archives."""
    return source_path.rsplit("/", 1)[-1].rsplit("!", 1)[-1]


Declared = tuple[str, Correction]
"""A correction with the path of the file that declares it."""


def load(landing: Path) -> list[Declared]:
    """All declared corrections, in path order. Raises ConfigError with file, entry and cause."""
    return [
        (file.relative_to(landing).as_posix(), _validated(entry, file, number))
        for file in correction_files(landing)
        for number, entry in enumerate(_entries(file), start=1)
    ]


def check_in_time(declared: Sequence[Declared], loaded: pl.DataFrame) -> None:
    """Raise ConfigError for a correction of a file that landed without it: bronze is not rewritten.

    `loaded` has the ledger's rows of loaded files.
    """
    columns = loaded.select("source", "source_path", "source_file_sha256", "corrections_applied")
    for source, path, sha256, applied in columns.iter_rows():
        done = [_act_of(entry) for entry in json.loads(applied or "[]")]
        for where, correction in declared:
            if correction.concerns(source, path, sha256) and correction.act() not in done:
                if correction.action == "accept_value":
                    raise ConfigError(
                        f"{where}: {path} has landed without the rows that are accepted here; deliver these rows in a "
                        "file of their own, and name that file instead"
                    )
                raise ConfigError(
                    f"{where}: {path} has landed without this correction; deliver the corrected file instead, or name "
                    "the one file that is meant by its path or sha256"
                )


def _act_of(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name in _ACT}


def apply(
    frame: pl.DataFrame, match: Match, contract: Contract, declared: Sequence[Declared]
) -> tuple[pl.DataFrame, list[str]]:
    """The table with the corrections applied in order, and one JSON text per correction for the ledger.

    Raises GuardFailed where one does not find what it is to correct.
    """
    applied = []
    for where, correction in declared:
        frame, rows = _ACTS[correction.action](frame, match, contract, correction, where)
        entry = {"declared_in": where, "rows": rows, **correction.model_dump(mode="json", exclude_defaults=True)}
        applied.append(json.dumps(entry, ensure_ascii=False, sort_keys=True))
    return frame, applied


def _swap(
    frame: pl.DataFrame, match: Match, contract: Contract, correction: Correction, where: str
) -> tuple[pl.DataFrame, int]:
    first, second = correction.columns
    if missing := {first, second} - set(frame.columns):
        raise GuardFailed(f"{where}: the file has no column {', '.join(sorted(missing))}; {_REMOVE}")
    found = content.swapped(frame, match, contract)
    if found is None or set(found) != {first, second}:
        raise GuardFailed(f"{where}: the columns {first} and {second} hold what their headers say; {_REMOVE}")
    return frame.with_columns(pl.col(second).alias(first), pl.col(first).alias(second)), frame.height


def _set_value(
    frame: pl.DataFrame, match: Match, contract: Contract, correction: Correction, where: str
) -> tuple[pl.DataFrame, int]:
    header, rows = _rows_meant(frame, match, contract, correction, where)
    use = pl.lit(correction.use, pl.String)
    return frame.with_columns(pl.when(rows).then(use).otherwise(header).alias(header)), int(rows.sum())


def _accept_value(
    frame: pl.DataFrame, match: Match, contract: Contract, correction: Correction, where: str
) -> tuple[pl.DataFrame, int]:
    """Mark the rows, which makes the file's columns others: it is never conformed together with files unmarked."""
    _, rows = _rows_meant(frame, match, contract, correction, where)
    assert correction.field is not None
    if contract.field(correction.field).outlier is None:
        raise ConfigError(f"{where}: no {correction.field} is held back for its size; use set_value")
    mark = ACCEPTED + correction.field
    before = frame[mark] if mark in frame.columns else pl.lit(False)
    return frame.with_columns((before | rows).alias(mark)), int(rows.sum())


def _rows_meant(
    frame: pl.DataFrame, match: Match, contract: Contract, correction: Correction, where: str
) -> tuple[str, pl.Series]:
    """The header of the correction's field, and in which rows it is meant; at least in one."""
    assert correction.field is not None
    named = {correction.field, *correction.key}
    if unknown := named - {field.name for field in contract.fields}:
        raise ConfigError(f"{where}: {contract.source} has no field {', '.join(sorted(unknown))}")
    if missing := named - set(match.fields):
        raise GuardFailed(f"{where}: the file has no column for {', '.join(sorted(missing))}; {_REMOVE}")
    header = match.fields[correction.field]
    meant = [pl.col(match.fields[name]).str.strip_chars() == value for name, value in correction.key.items()]
    if correction.action == "accept_value" and correction.expected is None:
        meant.append(pl.col(header).is_not_null())
    else:
        shown = faults.shown(pl.col(header)).str.strip_chars()
        meant.append(shown.eq_missing(pl.lit(correction.expected, pl.String)))
    rows = frame.select(pl.all_horizontal(meant).fill_null(False)).to_series()
    if not rows.any():
        key = ", ".join(f"{name} {value}" for name, value in correction.key.items()) or "any key"
        raise GuardFailed(f"{where}: no row with {key} has {correction.field} {correction.expected!r}; {_REMOVE}")
    return header, rows


_ACTS = {"swap_columns": _swap, "set_value": _set_value, "accept_value": _accept_value}


def delivered_columns(frame: pl.DataFrame) -> list[str]:
    """The columns of a table as delivered, without those that intake adds."""
    return [name for name in cell_columns(frame) if not name.startswith((ACCEPTED, faults.MARK))]


_REMOVE = "the declared error is gone: remove the correction, or name the one file it was for by sha256"


def _entries(file: Path) -> list[dict[str, Any]]:
    try:
        text, _ = decode(file.read_bytes())
        if file.suffix.lower() == ".csv":
            return [_from_row(row) for row in _table(text)]
        loaded = yaml.load(text, yaml.BaseLoader)  # every scalar stays text: 2019.07 is no number here
    except (UnreadableFile, yaml.YAMLError, csv.Error) as error:
        raise ConfigError(f"{file}: corrections cannot be read: {' '.join(str(error).split())}") from None
    entries = [loaded] if isinstance(loaded, dict) else loaded
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ConfigError(f"{file}: expected a list of corrections, each with source, file, action and reason")
    return entries


def _table(text: str) -> Iterator[dict[str, str | None]]:
    """The lines of a CSV; a line with more cells than the header is refused, since nobody knows which cell is which."""
    rows = csv.DictReader(io.StringIO(text, newline=""))
    for row in rows:
        if None in row:
            raise csv.Error(f"line {rows.line_num} has more cells than the header")
        yield row


_HEADERS = {
    "来源": "source",
    "文件": "file",
    "动作": "action",
    "字段": "field",
    "主键": "key",
    "错误值": "expected",
    "应为": "use",
    "理由": "reason",
    "报告对象": "reported_to",
    "确认人": "accepted_by",
}
_ACTIONS = {
    "列互换": "swap_columns",
    "互换列": "swap_columns",
    "改值": "set_value",
    "更正值": "set_value",
    "采信": "accept_value",
}


def _from_row(row: dict[str, str | None]) -> dict[str, Any]:
    """A table's line: columns joined by `;`, key as `field=value;field=value`, blank cells left out.

    Headers are those of a correction or their Chinese names. A source may be named by its title, a field by its title
    or any header of the contract; 字段 names both columns of a 列互换.
    """
    entry: dict[str, Any] = {
        _HEADERS.get(name.strip(), name.strip()): value.strip()
        for name, value in row.items()
        if value and value.strip()
    }
    if "action" in entry:
        entry["action"] = _ACTIONS.get(entry["action"], entry["action"])
    if entry.get("action") == "swap_columns" and "field" in entry:
        entry["columns"] = entry.pop("field")
    if "columns" in entry:
        entry["columns"] = [name.strip() for name in re.split("[;；]", entry["columns"])]
    if "key" in entry:
        pairs = (re.split("[=＝]", pair, maxsplit=1) for pair in re.split("[;；]", entry["key"]))
        entry["key"] = {pair[0].strip(): pair[1].strip() if len(pair) > 1 else "" for pair in pairs}
    return _in_names(entry)


def _in_names(entry: dict[str, Any]) -> dict[str, Any]:
    """Titles and headers replaced by the names of the source and its fields; what is unknown stays to be refused."""
    titles = {contract.title.zh: name for name, contract in contracts().items()}
    if "source" in entry:
        entry["source"] = titles.get(entry["source"], entry["source"])
    declared = contracts().get(entry.get("source", ""))
    if declared is None:
        return entry

    def name_of(written: str) -> str:
        return next(iter(headers.match(declared, [written]).fields), written)

    if "field" in entry:
        entry["field"] = name_of(entry["field"])
    if "key" in entry:
        entry["key"] = {name_of(written): value for written, value in entry["key"].items()}
    return entry


def _validated(entry: dict[str, Any], file: Path, number: int) -> Correction:
    try:
        return Correction.model_validate(entry)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        cause = first["msg"].removeprefix("Value error, ")
        raise ConfigError(f"{file}: entry {number}: {place + ': ' if place else ''}{cause}") from None
