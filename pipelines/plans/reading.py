"""Plan and catalogue files: finding, parsing, every fault told as `file: place: what is wrong; what to do`."""

from collections.abc import Callable, Hashable, Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from pipelines.contracts.registry import contracts
from pipelines.errors import ConfigError
from pipelines.plans.checks import Problem, catalogue_problems, plan_problems
from pipelines.plans.model import Catalogue, Plan, Strict
from pipelines.shipped_plans import CATALOGUE_FILE, FOLDER, available_plans

M = TypeVar("M", bound=Strict)


def load_plan(name_or_path: str | Path, catalogue: Catalogue | None = None) -> Plan:
    """A plan by its shipped name (`zibo_14fyp`) or by the path of a YAML file outside the package.

    It is checked against `catalogue`, the shipped one unless given. Raises ConfigError, one line per fault.
    """
    path = _plan_path(name_or_path)
    plan = _parse(path, Plan)
    _refuse(path, plan_problems(plan, catalogue or load_catalogue()))
    return plan


def planned_regions(plans: Iterable[str]) -> Callable[[str], frozenset[str]]:
    """For each source the region codes of these plans; none for sources that name no region.

    Plans are read when the first such source asks.
    """

    @cache
    def codes() -> frozenset[str]:
        return frozenset(region.code for name in plans for region in load_plan(name).regions.ordered())

    def planned(source: str) -> frozenset[str]:
        names_regions = any(field.type == "region" for field in contracts()[source].fields)
        return codes() if names_regions else frozenset()

    return planned


@cache
def load_catalogue(path: Path = CATALOGUE_FILE) -> Catalogue:
    """The indicator catalogue. Raises ConfigError with one line per fault."""
    catalogue = _parse(path, Catalogue)
    _refuse(path, catalogue_problems(catalogue))
    return catalogue


def _plan_path(name_or_path: str | Path) -> Path:
    if str(name_or_path) in available_plans():
        return FOLDER / f"{name_or_path}.yaml"
    path = Path(name_or_path)
    if not path.is_file():
        names = ", ".join(available_plans())
        raise ConfigError(f"no plan {name_or_path}: give the path of a plan file or one of {names}")
    return path


def _parse(path: Path, model: type[M]) -> M:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}); check the path and its permissions") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: not UTF-8; save the file as UTF-8") from None
    return _understood(path, text, model)


@lru_cache(maxsize=64)
def _understood(path: Path, text: str, model: type[M]) -> M:
    """What a file says. A run asks for its plans five times over, and what was loaded does not change."""
    try:
        content = yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        raise ConfigError(f"{path}: {_yaml_fault(error)}") from None
    if not isinstance(content, dict):
        raise ConfigError(f"{path}: holds no fields; write one `name: value` per line")
    try:
        return model.model_validate(content)
    except ValidationError as error:
        _refuse(path, (_told(detail) for detail in error.errors(include_url=False)))
        raise


def _refuse(path: Path, problems: Iterable[Problem]) -> None:
    if lines := [f"{path}: {p.path}: {p.what}; {p.do}" for p in problems]:
        raise ConfigError("\n".join(lines))


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML without its silent rule that the last of two equal keys wins."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen = set()
        for key_node, _ in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(
                    None, None, "a field name must be a plain word; correct it", key_node.start_mark
                )
            if key_node.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"{key_node.value} is written twice; keep one", key_node.start_mark
                )
            seen.add(key_node.value)
        return super().construct_mapping(node, deep)


def _yaml_fault(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "not YAML"
    place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
    advice = "" if ";" in problem else "; correct the YAML there"
    return f"{place}{problem}{advice}"


# pydantic's error types, as a fault and a remedy; a type that is not here keeps pydantic's own words.
_ADVICE = {
    "missing": ("missing", "write it, nothing has a default here"),
    "extra_forbidden": ("not a field here", "remove it or correct its name"),
    "string_type": ("not text", "put it in quotes"),
    "float_type": ("not a number", "write a plain number without unit, separator or quotes"),
    "int_type": ("not a whole number", "write a plain whole number without quotes"),
    "date_type": ("not a date", "write YYYY-MM-DD without quotes"),
    "bool_type": ("not true or false", "write true or false"),
    "list_type": ("not a list", "write [ ... ] or one `- ` per line"),
    "model_type": ("not a group of fields", "write { name: value, ... }"),
    "model_attributes_type": ("not a group of fields", "write { name: value, ... }"),
    "union_tag_not_found": ("missing", "write it, nothing has a default here"),
    "too_short": ("empty", "write at least one entry"),
    "finite_number": ("not a finite number", "write a number, or null where allowed"),
}
_DISCRIMINATORS = {"versions": "method", "indicators": "kind"}


def _told(detail: ErrorDetails) -> Problem:
    """One pydantic error as place, fault and remedy."""
    loc = list(detail["loc"])
    parent = loc[-2] if len(loc) > 1 and isinstance(loc[-1], int) else None
    kind, context = detail["type"], detail.get("ctx", {})
    given = detail["input"]
    if kind in ("union_tag_not_found", "union_tag_invalid"):
        loc.append(_DISCRIMINATORS[str(parent)])
    if kind == "literal_error":
        what, do = f"{given!r} is not allowed", f"use {context['expected']}"
    elif kind == "union_tag_invalid":
        what, do = f"{context['tag']!r} is not allowed", f"use one of {context['expected_tags']}"
    elif kind == "string_pattern_mismatch":
        what, do = f"{given!r} has the wrong form", f"it must match {context['pattern']}"
    elif kind in _ADVICE:
        what, do = _ADVICE[kind]
        if kind in ("string_type", "float_type", "int_type", "date_type", "bool_type", "finite_number"):
            what, do = (f"{given!r} is {what}", do) if given is not None else ("null", "write a value")
    else:
        what, do = detail["msg"], "correct it"
    return Problem(_path(loc), what, do)


def _path(loc: list[int | str]) -> str:
    """`('targets', 3, 'versions', 0, 'level', 'comparator')` as `targets[3].versions[0].comparator`.

    pydantic puts the chosen variant (`level`, `ratio`) after the index where a list's entries differ.
    """
    path, owner = "", None
    for n, part in enumerate(loc):
        if isinstance(part, int):
            path += f"[{part}]"
        elif n and isinstance(loc[n - 1], int) and owner in _DISCRIMINATORS and n + 1 < len(loc):
            owner = None
        else:
            path += f".{part}" if path else part
            owner = part
    return path
