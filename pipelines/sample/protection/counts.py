"""Adds up what the indicators must say, by cell and year, from lines as known on one day. Plain arithmetic only.

What is counted is the source modules' business; how parts are added and ratios formed is `truth`'s.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable

import polars as pl

from pipelines.sample import city, truth
from pipelines.sample.protection.lines import YEARS, Day

Key = tuple[str, str, str, int]
Interval = tuple[Day, Day | None]
"""From a day on, and the first day on which it no longer holds (None: it still does)."""


class Count:
    """Values by indicator, view, region and year, as known on one day; years not over by then say nothing."""

    def __init__(self, known_at: Day) -> None:
        self.known_at = known_at
        self.last_year = (known_at + datetime.timedelta(days=1)).year - 1
        self.sums: dict[Key, float] = defaultdict(float)
        self.cases: list[tuple[Key, float]] = []

    def flow(self, indicator: str, cell: int, day: Day, value: float = 1.0) -> None:
        """Something that happened on a day."""
        for key in self._keys(indicator, cell, day.year):
            self.sums[key] += value

    def case(self, indicator: str, cell: int, day: Day, value: float) -> None:
        """One of the values of which the median is wanted."""
        self.cases.extend((key, value) for key in self._keys(indicator, cell, day.year))

    def stock(self, indicator: str, cell: int, intervals: Iterable[Interval]) -> None:
        """One thing that counts once on every year's last day that lies in any of the intervals."""
        spans = list(intervals)
        for year in YEARS:
            end = Day(year, 12, 31)
            if any(first <= end and (until is None or end < until) for first, until in spans):
                for key in self._keys(indicator, cell, year):
                    self.sums[key] += 1

    def observed(self, indicator: str, year: int, value: float, region: str = city.CITY) -> None:
        """A published value of a whole region."""
        if YEARS[0] <= year <= self.last_year:
            self.sums[indicator, "statutory", region, year] = value

    def districts(self, indicator: str, found: dict[int, list[Interval]]) -> None:
        """How many districts of each view hold something at each year's end; what lies in no district is left out."""
        for view in truth.VIEWS:
            for year in YEARS[: YEARS.index(self.last_year) + 1]:
                end = Day(year, 12, 31)
                holding = {
                    getattr(city.CELLS[cell], view)
                    for cell, spans in found.items()
                    if any(first <= end and (until is None or end < until) for first, until in spans)
                } - {city.UNALLOCATED}
                for region in holding:
                    self.sums[indicator, view, region, year] = 1
                if holding:
                    self.sums[indicator, view, city.CITY, year] = len(holding)

    def _keys(self, indicator: str, cell: int, year: int) -> list[Key]:
        if cell == city.OUTSIDE or not YEARS[0] <= year <= self.last_year:
            return []
        return [
            (indicator, view, region, year)
            for view in truth.VIEWS
            for region in (getattr(city.CELLS[cell], view), city.CITY)
        ]

    def frame(self) -> pl.DataFrame:
        """Rows of `truth.SCHEMA`; what is not listed is zero or unknown."""
        rows = [
            (self.known_at, *key, float(value)) for key, value in [*sorted(self.sums.items()), *self.cases] if value
        ]
        return pl.DataFrame(rows, schema=truth.SCHEMA, orient="row")
