"""What the marts must say, counted from the generator's own ledger with plain arithmetic.

Nothing here knows how the ledger was drawn, how it is written to files, or how the warehouse computes.
"""

import datetime
from collections import Counter
from dataclasses import dataclass

import numpy as np
import polars as pl

from pipelines.sample import city
from pipelines.sample.events import ATTRIBUTION_BREAK
from pipelines.sample.figures import residents
from pipelines.sample.patents import YEARS, year_of

VIEWS = ("statutory", "management")
SCHEMA = {
    "known_at": pl.Date,
    "indicator_id": pl.String,
    "region_view": pl.String,
    "region_code": pl.String,
    "year": pl.Int32,
    "value": pl.Float64,
}
_APPLICATIONS = {
    "invention": "inv_applications",
    "utility_model": "um_applications",
    "design": "design_applications",
}
_GRANTS = {"invention": "inv_grants", "utility_model": "um_grants", "design": "design_grants"}
_DENSITIES = {"inv_valid": "inv_valid_per_10k", "inv_high_value": "inv_high_value_per_10k"}
"""Per 10,000 residents: of the city only, for no district has a published number of residents."""


@dataclass
class Tally:
    """Adds up counts by indicator, view, region and year over all parts of the city, as known on one day."""

    known_at: np.datetime64
    scale: int = 1

    def __post_init__(self) -> None:
        self.counts: Counter[tuple[str, str, str, int]] = Counter()

    def add(self, patents: pl.DataFrame, events: pl.DataFrame) -> None:
        """Count one type of one part: a ledger with its delivery dates, and the events of it."""
        events = events.filter(pl.col("delivered_on") <= self.known_at.item())
        patent_type = patents["patent_type"][0]
        book = _Book(patents, events, self.known_at)
        self._flow(_APPLICATIONS[patent_type], book.filing, book.application_cell, book.application_known)
        self._flow(_GRANTS[patent_type], book.granted, book.patentee_cell, book.grant_known)
        for indicator, dates, cells in book.event_flows():
            self._flow(indicator, dates, cells, np.ones(len(dates), dtype=bool))
        if patent_type == "invention":
            for year in YEARS:
                for indicator, cells in book.stocks(year):
                    self._count(indicator, cells, np.full(len(cells), year))

    def _flow(self, indicator: str, dates: np.ndarray, cells: np.ndarray, known: np.ndarray) -> None:
        self._count(indicator, cells[known], year_of(dates)[known])

    def _count(self, indicator: str, cells: np.ndarray, years: np.ndarray) -> None:
        inside = (cells != city.OUTSIDE) & (years >= YEARS[0]) & (years <= YEARS[-1])
        pairs, counts = np.unique(np.stack([cells[inside], years[inside]]), axis=1, return_counts=True)
        for cell, year, count in zip(*pairs.tolist(), counts.tolist(), strict=True):
            for view in VIEWS:
                self.counts[indicator, view, getattr(city.CELLS[cell], view), year] += count
                self.counts[indicator, view, city.CITY, year] += count

    def frame(self) -> pl.DataFrame:
        """One row per indicator × view × region × year (see SCHEMA); what is not listed is zero or unknown."""
        known_at = datetime.date.fromisoformat(str(self.known_at))
        last = (known_at + datetime.timedelta(days=1)).year - 1  # years not over on that day say nothing yet
        values: dict[tuple[str, str, str, int], float] = {key: n for key, n in self.counts.items() if key[3] <= last}
        for (indicator, view, region, year), count in list(values.items()):
            if indicator in _DENSITIES and region == city.CITY:
                persons = residents(known_at, datetime.date(year, 12, 31), self.scale)
                if persons:
                    values[_DENSITIES[indicator], view, region, year] = count * 10_000 / persons
        rows = [(known_at, *key, value) for key, value in sorted(values.items())]
        return pl.DataFrame(rows, schema=SCHEMA, orient="row")


class _Book:
    """One type of one part as known on one day, as plain arrays: one entry per patent."""

    def __init__(self, patents: pl.DataFrame, events: pl.DataFrame, known_at: np.datetime64) -> None:
        self.filing = patents["filing_date"].to_numpy()
        self.granted = patents["granted"].to_numpy()
        self.application_cell = patents["cell"].to_numpy()
        self.patentee_cell = patents["patentee_cell"].to_numpy()
        self.is_sei = patents["is_sei"].to_numpy()
        published_known = patents["published_on_delivery"].to_numpy() <= known_at  # NaT compares false
        self.grant_known = patents["granted_on_delivery"].to_numpy() <= known_at
        self.application_known = published_known | self.grant_known
        self.events = events
        self.row = events["row"].to_numpy()
        self.code = events["event_code"].to_numpy()
        self.event_date = events["event_date"].to_numpy()
        effective = events["effective_date"].to_numpy()
        self.effective = np.where(np.isnat(effective), self.event_date, effective)
        self.after_cell = events["after_cell"].to_numpy()
        self.void = self._void_lapses()
        self.ends: tuple[np.ndarray, np.ndarray] | None = None

    def _void_lapses(self) -> np.ndarray:
        """Lapses followed by a restoration."""
        last_back: dict[int, np.datetime64] = {}
        for row, day in zip(self.row[self.code == "RR01"], self.event_date[self.code == "RR01"], strict=True):
            last_back[row] = max(day, last_back.get(row, day))
        lapses = np.flatnonzero(self.code == "CF01")
        void = np.zeros(len(self.code), dtype=bool)
        void[lapses] = [self.row[i] in last_back and last_back[self.row[i]] > self.event_date[i] for i in lapses]
        return void

    def _ends(self) -> tuple[np.ndarray, np.ndarray]:
        """First day on which each patent is no longer valid, and whether it was annulled from the start."""
        end = np.array([_twenty_years_after(day) for day in self.filing.tolist()], dtype="datetime64[D]")
        ending = ((self.code == "CF01") & ~self.void) | (self.code == "AV01")
        np.minimum.at(end, self.row[ending], self.effective[ending])
        never = np.zeros(len(end), dtype=bool)
        never[self.row[self.code == "IW01"]] = True
        return end, never

    def cells_at(self, day: np.datetime64) -> np.ndarray:
        """Where each patent counts on a day: moves count for grants up to 2020 only (design 6)."""
        cells = self.patentee_cell.copy()
        moves = np.flatnonzero(np.isin(self.code, ["TR01", "CP02", "CP03"]) & (self.effective <= day))
        for i in moves[np.argsort(self.effective[moves], kind="stable")]:
            if self.granted[self.row[i]] <= ATTRIBUTION_BREAK:
                cells[self.row[i]] = self.after_cell[i]
        return cells

    def stocks(self, year: int) -> list[tuple[str, np.ndarray]]:
        """Cells of the valid inventions at a year's end: all, strategic, over ten years old, either."""
        day = np.datetime64(f"{year}-12-31")
        if self.ends is None:
            self.ends = self._ends()
        end, never = self.ends
        valid = self.grant_known & (self.granted <= day) & (day < end) & ~never
        old = self.filing < np.datetime64(f"{year - 10}-12-31")
        cells = self.cells_at(day)
        return [
            ("inv_valid", cells[valid]),
            ("inv_hv_sei", cells[valid & self.is_sei]),
            ("inv_hv_ten_years", cells[valid & old]),
            ("inv_high_value", cells[valid & (old | self.is_sei)]),
        ]

    def event_flows(self) -> list[tuple[str, np.ndarray, np.ndarray]]:
        """Transfers, licences and lapses by where the patent counted when they took effect.

        A transfer belongs to where the patent was before; one from beyond the city to where it arrives.
        """
        transfer, licence = self.code == "TR01", self.code == "EE01"
        lapse = (self.code == "CF01") & ~self.void
        left = self._cells_on_event_days(transfer)
        placed = np.where(left == city.OUTSIDE, self.after_cell[transfer], left)
        result = [("patent_transfers", self.effective[transfer], placed)]
        for indicator, chosen in (("patent_licences", licence), ("patent_lapses", lapse)):
            result.append((indicator, self.effective[chosen], self._cells_on_event_days(chosen)))
        return result

    def _cells_on_event_days(self, chosen: np.ndarray) -> np.ndarray:
        """Where the patents of the chosen events counted on the day before each took effect."""
        moves = np.flatnonzero(np.isin(self.code, ["TR01", "CP02", "CP03"]))
        history: dict[int, list[tuple[np.datetime64, int]]] = {}
        for i in moves[np.argsort(self.effective[moves], kind="stable")]:
            if self.granted[self.row[i]] <= ATTRIBUTION_BREAK:
                history.setdefault(self.row[i], []).append((self.effective[i], self.after_cell[i]))
        cells = []
        for i in np.flatnonzero(chosen):
            cell = self.patentee_cell[self.row[i]]
            for day, after in history.get(self.row[i], []):
                if day < self.effective[i]:
                    cell = after
            cells.append(cell)
        return np.array(cells, dtype=np.int64)


def _twenty_years_after(day: "np.datetime64 | object") -> str:
    text = str(day)
    moved = f"{int(text[:4]) + 20}{text[4:]}"
    return moved.replace("-02-29", "-02-28") if int(moved[:4]) % 4 else moved
