"""Finds, loads and validates the contracts. Their form is in model.py; nothing is generated here."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from pipelines.contracts.model import Contract
from pipelines.errors import ConfigError

FOLDER = Path(__file__).parent
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # safe both; the compiled one is there nearly everywhere
COMMON = "common.yaml"
POPULATION = "population"
"""The one source with a knowledge date of its own: a census changes every figure per head at one stroke."""
_EXTENDED = ("sentinels", "date_sentinels", "ordinals", "personal_headers", "party_headers", "address_headers")


@cache
def contracts() -> dict[str, Contract]:
    """Every source's contract by source name, in order of the names."""
    loaded = [load(file) for file in sorted(FOLDER.glob("*.yaml")) if file.name != COMMON]
    return {contract.source: contract for contract in loaded}


def contract(source: str) -> Contract:
    """The contract of one source. Raises ConfigError naming the known sources."""
    known = contracts()
    if source not in known:
        raise ConfigError(f"there is no source {source!r}; known sources: {', '.join(known)}")
    return known[source]


def load(file: Path) -> Contract:
    """One contract file with the common parts added. Raises ConfigError with file, place and cause, on one line."""
    declared, common = _read(file), _common()
    for key in _EXTENDED:
        declared[key] = [*common[key], *(declared.get(key) or [])]
    declared["fields"] = [*(declared.get("fields") or []), *common["fields"]]
    try:
        loaded = Contract.model_validate(declared)
    except ValidationError as error:
        first = error.errors()[0]
        place = _place(declared, first["loc"])
        more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
        cause = first["msg"].removeprefix("Value error, ")
        raise ConfigError(f"contract {file.name}: {place}{cause}{more}; see model.py for the keys") from None
    if loaded.source != file.stem:
        raise ConfigError(f"contract {file.name}: source is {loaded.source!r}; name the file {loaded.source}.yaml")
    return loaded


@cache
def _common() -> dict[str, Any]:
    return _read(FOLDER / COMMON)


def _read(file: Path) -> dict[str, Any]:
    try:
        declared = yaml.load(file.read_text("utf-8"), Loader=_LOADER)
    except yaml.YAMLError as error:
        raise ConfigError(f"contract {file.name}: not readable as YAML: {' '.join(str(error).split())}") from None
    if not isinstance(declared, dict):
        raise ConfigError(f"contract {file.name}: expected keys like `source:` and `fields:` at the top level")
    return declared


def _place(declared: dict[str, Any], location: tuple[int | str, ...]) -> str:
    """`fields.3.title.en` as a person says it: `field filing_date, title.en: `."""
    parts = [str(part) for part in location]
    if parts[:1] == ["fields"] and len(location) > 1 and isinstance(location[1], int):
        field = declared["fields"][location[1]]
        name = field.get("name") if isinstance(field, dict) else None
        parts = [f"field {name or location[1] + 1}", ".".join(parts[2:])]
    return "".join(f"{part}: " for part in [", ".join(filter(None, parts))] if part)
