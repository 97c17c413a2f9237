"""What of an earlier release a new one may take over: tables whose rows in the build are what they were then.

The build knows the content of each of its tables; beside it stands which contents the last release was made of. A
release is taken from only as it was published: every file is held against the hash written down then.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelines.files import sha256
from pipelines.paths import Warehouse

MARTS = "marts.duckdb"
_FILE = "published.json"


@dataclass(frozen=True)
class Earlier:
    """A published release and those of its tables that the build still holds."""

    folder: Path
    tables: frozenset[str]

    def parquet(self, name: str) -> Path:
        """One of these tables."""
        return self.folder / "parquet" / f"{name}.parquet"

    @property
    def marts(self) -> Path:
        """The database with these tables, and others that are out of date."""
        return self.folder / MARTS


def earlier_release(warehouse: Warehouse, contents: Mapping[str, str]) -> Earlier | None:
    """The release last made from this build, by the contents the build has now; None where there is none to take from.

    A release that is gone, incomplete or altered gives nothing.
    """
    try:
        noted = json.loads((warehouse.build / _FILE).read_text(encoding="utf-8"))
        folder = warehouse.releases / noted["release"]
        if sha256(folder / MARTS) != noted["marts"]:
            return None
        same = {
            name
            for name, (content, published) in noted["tables"].items()
            if contents.get(name) == content and sha256(folder / "parquet" / f"{name}.parquet") == published
        }
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return Earlier(folder, frozenset(same)) if same else None


def note_published(warehouse: Warehouse, folder: Path, contents: Mapping[str, str]) -> None:
    """Write down what the release in `folder` was made of; whole or not at all."""
    tables = {
        name: (contents[name], sha256(file))
        for file in sorted((folder / "parquet").glob("*.parquet"))
        if (name := file.stem) in contents
    }
    draft = warehouse.build / f".{_FILE}"
    noted = {"release": folder.name, "marts": sha256(folder / MARTS), "tables": tables}
    draft.write_text(json.dumps(noted, indent=1, sort_keys=True), encoding="utf-8")
    os.replace(draft, warehouse.build / _FILE)
