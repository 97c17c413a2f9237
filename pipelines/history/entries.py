"""The entries of the history, one per release ever published, and which of them is meant. No table is read here.

An entry is the folder `history/<sequence>-<release id>/` with `entry.json` and the tables `keeping` wrote.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pipelines.errors import BrokenInput, ConfigError
from pipelines.fingerprint import release_id
from pipelines.paths import Warehouse
from pipelines.plans import RunParameters

ENTRY = "entry.json"
_DATES = ("as_of", "known_at")


@dataclass(frozen=True)
class Entry:
    """One release in the history: its dates, plans and where its tables lie."""

    folder: Path
    sequence: int
    """1 for the first release ever published in this warehouse."""
    release_id: str
    as_of: date
    known_at: date
    plans: str
    """Ids of its plans, sorted, comma-separated."""
    previous: str | None
    """The release it was compared with when it was made."""
    base: str | None
    """The release against which its large tables are kept as a difference; None when they are kept whole."""
    files: dict[str, dict[str, Any]]
    """Per kept table: `file` and its `sha256`, whether it `is_difference`, and `rows` and `published_sha256` of the
    table as the release has it."""

    @property
    def warehouse(self) -> Warehouse:
        """The warehouse this entry is in."""
        return Warehouse(self.folder.parent.parent)

    @property
    def order(self) -> tuple[date, date, int]:
        """What makes one release later than another: what it knew, what it is computed for, when it was published."""
        return self.known_at, self.as_of, self.sequence


def entries(warehouse: Warehouse) -> list[Entry]:
    """Every entry in the order of publication. Raises BrokenInput when one cannot be read."""
    return sorted(map(_read, warehouse.history.glob(f"[0-9]*/{ENTRY}")), key=lambda entry: entry.sequence)


def entry_of(warehouse: Warehouse, release: str) -> Entry | None:
    """The entry of a release id, or None when it was never published here."""
    return next((entry for entry in entries(warehouse) if entry.release_id == release), None)


def previous_release(warehouse: Warehouse, parameters: RunParameters, plans: Collection[str]) -> Entry | None:
    """The release that one of these parameters and plan ids is compared with; None when there is none before it.

    A release that is made again is compared with the same one as the first time, so that it gets the same bytes.
    Otherwise it is the latest with the same plans that knew no more and looked no further.
    """
    known = entries(warehouse)
    by_id = {entry.release_id: entry for entry in known}
    if made_before := by_id.get(release_id(parameters)):
        return by_id.get(made_before.previous) if made_before.previous else None
    named = ",".join(sorted(plans))
    day = (parameters.known_at, parameters.as_of)
    earlier = [entry for entry in known if entry.plans == named and (entry.known_at, entry.as_of) <= day]
    return max(earlier, key=lambda entry: entry.order, default=None)


def find(warehouse: Warehouse, text: str) -> Entry:
    """The entry a user names: a release id, the unique beginning of one, or a day YYYY-MM-DD.

    A day names the newest release among those that knew nothing delivered later. Raises ConfigError when none or
    several are meant.
    """
    known = entries(warehouse)
    if not known:
        raise ConfigError(f"no release in the history of {warehouse.root} yet; run `ipw run` first")
    if (day := day_named(text)) is not None:
        return _newest_known_at(known, day)
    exact = [entry for entry in known if entry.release_id == text]
    meant = exact or [entry for entry in known if text and entry.release_id.startswith(text)]
    if len(meant) == 1:
        return meant[0]
    if meant:
        raise ConfigError(f"{text} begins the ids of {len(meant)} releases ({_named(meant)}); write more of the id")
    raise ConfigError(
        f"no release {text} in the history of {warehouse.root}; there are {_named(known)}: "
        "name one by its id, the beginning of its id, or a day YYYY-MM-DD"
    )


def _newest_known_at(known: list[Entry], day: date) -> Entry:
    by_then = [entry for entry in known if entry.known_at <= day]
    if not by_then:
        first = min(known, key=lambda entry: entry.order)
        raise ConfigError(
            f"no release in history was known on {day}; the earliest is {first.release_id}, known at {first.known_at}; "
            f"`ipw run --known-at {day} --keep-current` makes that day's"
        )
    return max(by_then, key=lambda entry: entry.order)


def _named(some: list[Entry], at_most: int = 6) -> str:
    newest_first = [entry.release_id for entry in sorted(some, key=lambda entry: entry.order, reverse=True)]
    more = f" and {len(some) - at_most} more" if len(some) > at_most else ""
    return ", ".join(newest_first[:at_most]) + more


def day_named(text: str) -> date | None:
    """The day a text names as YYYY-MM-DD; None when it names something else."""
    try:
        return date.fromisoformat(text) if len(text) == len("YYYY-MM-DD") else None
    except ValueError:
        return None


def _read(file: Path) -> Entry:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        dates = {name: date.fromisoformat(content[name]) for name in _DATES}
        return Entry(folder=file.parent, **(content | dates))
    except (ValueError, TypeError, KeyError) as error:
        raise BrokenInput(f"{file} is damaged ({error}); restore the history folder from a backup") from None
