"""The folder being written: files by path with their rows, and the list of what is planted where.

Nothing here knows what a record means.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from pipelines.sample.records import LABEL_COLUMNS

PLANTED_COLUMNS = ("source", "source_path", "source_row", "kind", "expected", "note")
Encode = Callable[..., bytes]


@dataclass
class Landing:
    """Deliveries below one folder."""

    folder: Path
    files: dict[str, int] = field(default_factory=dict)
    """Rows by file, as a path relative to the folder."""
    planted: list[tuple[str, str, int, str, str, str]] = field(default_factory=list)

    def put(self, name: str, content: bytes, rows: int) -> None:
        """Write a whole file."""
        target = self.folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        self.files[name] = rows

    def append(self, name: str, table: pl.DataFrame, encode: Encode) -> None:
        """Add labelled rows to a text list, which gets its header with the first ones."""
        is_new = name not in self.files
        self.note(name, table, first_row=2 + self.files.get(name, 0))
        target = self.folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("ab") as out:
            out.write(encode(table.drop(LABEL_COLUMNS), header=is_new))
        self.files[name] = self.files.get(name, 0) + table.height

    def note(self, name: str, labels: pl.DataFrame, *, first_row: int) -> None:
        """Remember the labelled rows of a table whose first row is at `first_row` as a person counts."""
        marked = labels.select(*LABEL_COLUMNS).with_row_index("at").filter(pl.col("plant").is_not_null())
        for at, kind, expected, note in marked.iter_rows():
            self.plant(name, first_row + at, kind, expected, note)

    def note_members(self, name: str, places: Iterable[tuple[str, int]], labels: pl.DataFrame) -> None:
        """Remember the labelled records of an archive, each at its member and its number in that."""
        for (member, row), label in zip(places, labels.select(*LABEL_COLUMNS).iter_rows(), strict=True):
            if label[0] is not None:
                self.plant(f"{name}!{member}", row, *label)

    def plant(self, path: str, row: int, kind: str, expected: str, note: str) -> None:
        """Remember one planted row; row 0 stands for the whole file."""
        self.planted.append((path.split("/")[0], path, row, kind, expected, note))

    def planted_table(self) -> pl.DataFrame:
        """PLANTED.csv: planted_id and the columns above, in order of path and row."""
        schema = dict.fromkeys(PLANTED_COLUMNS, pl.String) | {"source_row": pl.Int64}
        table = pl.DataFrame(self.planted, schema=schema, orient="row").sort("source_path", "source_row", "kind")
        numbered = pl.concat_str(pl.lit("P"), (pl.int_range(pl.len()) + 1).cast(pl.String).str.zfill(4))
        return table.select(numbered.alias("planted_id"), *PLANTED_COLUMNS)
