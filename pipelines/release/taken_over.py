"""What of an earlier release a new one may take over: tables whose rows in the build are what they were then.

The build knows the content of each of its tables, and of some by the values of one column; beside it stands which
contents the last release was made of. A release is taken from only as it was published: every file is held against the
hash written down then.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.files import sha256
from pipelines.paths import Warehouse
from pipelines.transform import FEW, Made, nodes

MARTS = "marts.duckdb"
_FILE = "published.json"


@dataclass(frozen=True)
class Changed:
    """Partitions of a table that have other rows: by which column or expression, and its values."""

    by: str
    values: frozenset[str]


@dataclass(frozen=True)
class Earlier:
    """A published release, those of its tables that the build still holds, and those of which it holds the most."""

    folder: Path
    tables: frozenset[str]
    changed: Mapping[str, Changed]
    """Those that are the same but for some partitions."""

    def parquet(self, name: str) -> Path:
        """One of these tables."""
        return self.folder / "parquet" / f"{name}.parquet"

    @property
    def marts(self) -> Path:
        """The database with these tables, and others that are out of date."""
        return self.folder / MARTS


def earlier_release(warehouse: Warehouse, made: Mapping[str, Made]) -> Earlier | None:
    """The release last made from this build, by what the build holds now; None where there is none to take from.

    A release that is gone, incomplete or altered gives nothing.
    """
    try:
        noted = json.loads((warehouse.build / _FILE).read_text(encoding="utf-8"))
        folder = warehouse.releases / noted["release"]
        if sha256(folder / MARTS) != noted["marts"]:
            return None
        of_use: dict[str, frozenset[str]] = {}
        for name, then in noted["tables"].items():
            changed = _changed(made[name], then) if name in made else None
            if changed is not None and sha256(folder / "parquet" / f"{name}.parquet") == then["parquet"]:
                of_use[name] = changed
    except (OSError, ValueError, KeyError, TypeError):
        return None
    same = frozenset(name for name, changed in of_use.items() if not changed)
    by = {node.name: node.partition_by for node in nodes().values()}
    changed_tables = {name: Changed(by[name], values) for name, values in of_use.items() if values}
    return Earlier(folder, same, changed_tables) if of_use else None


def _changed(now: Made, then: Mapping[str, Any]) -> frozenset[str] | None:
    """The values whose rows differ, none for equal tables; None where a table is better made anew."""
    if now.content == then["content"]:
        return frozenset()
    after = {value: one.content for value, one in now.partitions.items()}
    changed = {value for value, _ in after.items() ^ then["partitions"].items()}
    return frozenset(changed) if after and len(changed) <= FEW * len(after) else None


def note_published(warehouse: Warehouse, folder: Path, made: Mapping[str, Made]) -> None:
    """Write down what the release in `folder` was made of; whole or not at all."""
    tables = {
        name: {
            "content": made[name].content,
            "parquet": sha256(file),
            "partitions": {value: one.content for value, one in made[name].partitions.items()},
        }
        for file in sorted((folder / "parquet").glob("*.parquet"))
        if (name := file.stem) in made
    }
    draft = warehouse.build / f".{_FILE}"
    noted = {"release": folder.name, "marts": sha256(folder / MARTS), "tables": tables}
    draft.write_text(json.dumps(noted, indent=1, sort_keys=True), encoding="utf-8")
    os.replace(draft, warehouse.build / _FILE)
