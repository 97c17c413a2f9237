"""Numbers of the report and where each comes from: a cell of a published table, cited by a numbered note.

A number gets into the report as a `Figure` and in no other way; a test asks the marts again for every one of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import duckdb

from pipelines.release.display import rounded
from pipelines.release.rows import Row, rows

MISSING = "无数据"


@dataclass(frozen=True)
class Source:
    """A cell or count of the marts: table, expression, and the conditions that pick its rows."""

    table: str
    expression: str
    where: tuple[tuple[str, Any], ...]

    def said(self) -> str:
        """For the notes: `target_vs_actual.actual_value: plan_id=…, target_id=…`."""
        keys = ", ".join(f"{name}={value}" for name, value in self.where)
        return f"{self.table}.{self.expression}" + (f": {keys}" if keys else "")

    def ask(self, connection: duckdb.DuckDBPyConnection) -> Any:
        """The value itself, from the marts."""
        conditions = " and ".join(f"{name} is not distinct from ${name}" for name, _ in self.where) or "true"
        query = f"select {self.expression} as value from {self.table} where {conditions}"
        (row,) = rows(connection, query, dict(self.where))
        return row["value"]


@dataclass(frozen=True)
class Figure:
    """A number as it is printed, and the note that says where it comes from."""

    text: str
    note: int


@dataclass
class Notes:
    """The numbered notes of one report, each source once, in the order of first use."""

    connection: duckdb.DuckDBPyConnection
    figures: list[tuple[Figure, Source, int, float]] = field(default_factory=list)
    """Every figure with its source, decimals and factor."""
    _numbers: dict[Source, int] = field(default_factory=dict)

    def cell(self, row: Row, table: str, column: str, keys: tuple[str, ...], *, decimals: int = 2) -> Figure:
        """A column of a row, found again by its keys."""
        source = Source(table, column, tuple((name, row[name]) for name in keys))
        return self._figure(row[column], source, decimals)

    def share(self, row: Row, table: str, column: str, keys: tuple[str, ...]) -> Figure:
        """A column that holds a share, as percent."""
        source = Source(table, column, tuple((name, row[name]) for name in keys))
        return self._figure(row[column], source, 1, factor=100, unit="%")

    def asked(self, table: str, expression: str, where: Mapping[str, Any], *, decimals: int = 2) -> Figure:
        """The value of an expression over the rows that fit, such as a count."""
        source = Source(table, expression, tuple(where.items()))
        return self._figure(source.ask(self.connection), source, decimals)

    def lines(self) -> list[tuple[int, str]]:
        """Number and words of every note."""
        return [(number, source.said()) for source, number in self._numbers.items()]

    def _figure(self, value: Any, source: Source, decimals: int, factor: float = 1, unit: str = "") -> Figure:
        number = self._numbers.setdefault(source, len(self._numbers) + 1)
        figure = Figure(shown(value, decimals, factor, unit), number)
        self.figures.append((figure, source, decimals, factor))
        return figure


def shown(value: Any, decimals: int = 2, factor: float = 1, unit: str = "") -> str:
    """A value for print, rounded half up; a missing one says so and is never zero."""
    return MISSING if value is None else rounded(value * factor if factor != 1 else value, decimals) + unit
