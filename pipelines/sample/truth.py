"""What the marts must say, counted from the generator's own ledger with plain arithmetic.

Nothing here knows how the ledger was drawn, how it is written to files, or how the warehouse computes.
"""

import datetime
from collections import Counter
from collections.abc import Sequence
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
DENSITIES = {"inv_valid": "inv_valid_per_10k", "inv_high_value": "inv_high_value_per_10k"}
"""Per 10,000 residents: of the city only, for no district has a published number of residents."""
_CATEGORIES = {"family": "inv_hv_family", "pledged": "inv_hv_pledged", "awarded": "inv_hv_awarded"}
"""Categories of high-value inventions that other sources tell, and their indicators."""
RATIOS = {
    "enf_repeat_offender_share": ("enf_repeat_decisions", "enf_identified_decisions", 100.0),
    "enf_published_7wd_share": ("enf_published_7wd", "enf_published", 100.0),
    "pledge_sme_share": ("pledge_projects_sme", "pledge_projects_sized", 100.0),
    "pledge_average": ("pledge_amount", "pledge_projects", 10_000.0),  # 亿元 to 万元
    "mediation_coverage": ("mediation_districts", "regions", 100.0),
}
"""Indicator: numerator, denominator, multiplier; computed from sums over all parts."""
MEDIANS = ("enf_median_days", "enf_median_days_simple", "enf_median_days_ordinary")
"""Rows of these are single cases; their value is the median over all parts."""
SAME_IN_EVERY_PART = (
    *("mediation_districts", "platform_functions", "award_advanced_collective", "inv_valid_per_10k_rank"),
    *("protection_satisfaction", "public_awareness", "information_service", "agency_service"),
)
"""What a larger scale does not multiply."""
_AREAS = {"statutory": 8, "management": 11}
"""Districts of the city, in the management view with its zones."""


@dataclass
class Tally:
    """Adds up counts by indicator, view, region and year over all parts of the city, as known on one day."""

    known_at: np.datetime64
    scale: int = 1
    running: np.datetime64 | None = None
    """A day whose stocks are counted as well, as those of the year that is not over; only `counts` shows them."""

    def __post_init__(self) -> None:
        self.counts: Counter[tuple[str, str, str, int]] = Counter()

    def add(self, patents: pl.DataFrame, events: pl.DataFrame, high_value: pl.DataFrame | None = None) -> None:
        """Count one type of one part: a ledger with its delivery dates, the events of it, and what else makes value.

        `high_value`: application_no, category (see `_CATEGORIES`), from_date, delivered_on.
        """
        events = events.filter(pl.col("delivered_on") <= self.known_at.item())
        patent_type = patents["patent_type"][0]
        book = _Book(patents, events, self.known_at)
        if high_value is not None:
            book.further = _first_days(patents, high_value.filter(pl.col("delivered_on") <= self.known_at.item()))
        self._flow(_APPLICATIONS[patent_type], book.filing, book.application_cell, book.application_known)
        self._flow(_GRANTS[patent_type], book.granted, book.patentee_cell, book.grant_known)
        for indicator, dates, cells in book.event_flows():
            self._flow(indicator, dates, cells, np.ones(len(dates), dtype=bool))
        if patent_type == "invention":
            days = [np.datetime64(f"{year}-12-31") for year in YEARS]
            for day in days if self.running is None else [*days, self.running]:
                for indicator, cells in book.stocks(day):
                    self._count(indicator, cells, np.full(len(cells), _year(day)))

    def _flow(self, indicator: str, dates: np.ndarray, cells: np.ndarray, known: np.ndarray) -> None:
        self._count(indicator, cells[known], year_of(dates)[known])

    def _count(self, indicator: str, cells: np.ndarray, years: np.ndarray) -> None:
        last = YEARS[-1] if self.running is None else _year(self.running)
        inside = (cells != city.OUTSIDE) & (years >= YEARS[0]) & (years <= last)
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
            if indicator in DENSITIES and region == city.CITY:
                persons = residents(known_at, datetime.date(year, 12, 31), self.scale)
                if persons:
                    values[DENSITIES[indicator], view, region, year] = count * 10_000 / persons
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
        self.further: dict[str, np.ndarray] = {}
        """By further category: the day from which each patent belongs to it; NaT for never."""

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

    def stocks(self, day: np.datetime64) -> list[tuple[str, np.ndarray]]:
        """Cells of the valid inventions at the end of a day: all, those of each category of value, and of any."""
        if self.ends is None:
            self.ends = self._ends()
        end, never = self.ends
        valid = self.grant_known & (self.granted <= day) & (day < end) & ~never
        old = self.filing < np.datetime64(f"{_year(day) - 10}{str(day)[4:]}")
        cells = self.cells_at(day)
        categories = {"inv_hv_sei": self.is_sei, "inv_hv_ten_years": old}
        # NaT compares false
        categories |= {_CATEGORIES[name]: first_day <= day for name, first_day in self.further.items()}
        valued = np.logical_or.reduce(list(categories.values()))
        result = [("inv_valid", cells[valid]), ("inv_high_value", cells[valid & valued])]
        return result + [(indicator, cells[valid & flag]) for indicator, flag in categories.items()]

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


def _first_days(patents: pl.DataFrame, high_value: pl.DataFrame) -> dict[str, np.ndarray]:
    """By category, the day from which each patent of the ledger belongs to it."""
    result = {}
    for category in _CATEGORIES:
        first = high_value.filter(pl.col("category") == category).group_by("application_no")
        days = patents.select("application_no").join(
            first.agg(pl.col("from_date").min()), on="application_no", how="left", maintain_order="left"
        )
        result[category] = days["from_date"].to_numpy().astype("datetime64[D]")
    return result


def flow(
    known_at: Sequence[datetime.date],
    indicator: str,
    cells: np.ndarray,
    days: np.ndarray,
    delivered: np.ndarray,
    amounts: np.ndarray | None = None,
) -> pl.DataFrame:
    """Records by year of their day (or the sum of their amounts), as known on each day, in both views: SCHEMA.

    `cells` are indices into `city.CELLS`, `city.OUTSIDE` for what does not count; `delivered` is the day on which each
    record became known, NaT for never.
    """
    value = np.ones(len(cells)) if amounts is None else amounts
    tables = [
        _by_region(day, indicator, cells[known], year_of(days[known]), value[known])
        for day in known_at
        for known in [delivered <= np.datetime64(day)]
    ]
    return pl.concat(tables)


def stock(
    known_at: Sequence[datetime.date],
    indicator: str,
    cells: np.ndarray,
    first: np.ndarray,
    last: np.ndarray,
    delivered: np.ndarray,
) -> pl.DataFrame:
    """Records that stand at each year's end, `first` and `last` day included (`last` NaT: for ever); else as `flow`."""
    tables = []
    for day in known_at:
        for year in YEARS:
            end = np.datetime64(f"{year}-12-31")
            stands = (delivered <= np.datetime64(day)) & (first <= end) & (np.isnat(last) | (end <= last))
            some = cells[stands]
            tables.append(_by_region(day, indicator, some, np.full(len(some), year), np.ones(len(some))))
    return pl.concat(tables)


def _by_region(
    known_at: datetime.date, indicator: str, cells: np.ndarray, years: np.ndarray, value: np.ndarray
) -> pl.DataFrame:
    inside = (cells != city.OUTSIDE) & (years >= YEARS[0]) & (years <= YEARS[-1])
    by_cell = (
        pl.DataFrame({"cell": cells[inside].astype(np.int64), "year": years[inside], "value": value[inside]})
        .group_by("cell", "year")
        .agg(pl.col("value").sum())
        .sort("cell", "year")
    )
    tables = []
    for view in VIEWS:
        of_cell = pl.Series(city.region(np.arange(len(city.CELLS)), view)).gather(by_cell["cell"])
        for codes in (of_cell, pl.Series([city.CITY] * by_cell.height, dtype=pl.String)):
            tables.append(by_cell.with_columns(codes.alias("region_code"), pl.lit(view).alias("region_view")))
    keys = ["region_view", "region_code", "year"]
    return (
        pl.concat(tables)
        .group_by(keys)
        .agg(pl.col("value").sum())
        .select(pl.lit(known_at).alias("known_at"), pl.lit(indicator).alias("indicator_id"), *keys, "value")
        .cast(SCHEMA)  # type: ignore[arg-type]
        .sort(*keys)
    )


def combine(tables: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """One row per key of SCHEMA from the rows of all parts, with the ratios; years not over on a known_at left out."""
    keys = ["known_at", "indicator_id", "region_view", "region_code", "year"]
    indicator, value = pl.col("indicator_id"), pl.col("value")
    rows = pl.concat(tables).filter(pl.col("year") < (pl.col("known_at") + pl.duration(days=1)).dt.year())
    total = (
        rows.group_by(keys)
        .agg(
            pl.when(indicator.first().is_in(MEDIANS))
            .then(value.median())
            .when(indicator.first().is_in(SAME_IN_EVERY_PART))
            .then(value.max())
            .otherwise(value.sum())
            .alias("value")
        )
        .sort(keys)
    )
    return pl.concat([total, *(_ratio(total, name) for name in RATIOS)]).sort(keys)


def _ratio(total: pl.DataFrame, name: str) -> pl.DataFrame:
    """The ratio wherever its denominator is known; no record means a zero numerator once the city has had one."""
    numerator, denominator, multiplier = RATIOS[name]
    keys = ["known_at", "region_view", "region_code", "year"]
    above = total.filter(pl.col("indicator_id") == numerator).select(*keys, above="value")
    if denominator == "regions":
        is_city = pl.col("region_code") == city.CITY
        areas = pl.col("region_view").replace_strict(_AREAS, return_dtype=pl.Float64)
        both = above.with_columns(value=pl.when(is_city).then(areas).otherwise(1.0))
    else:
        begins = above.group_by("known_at").agg(pl.col("year").min().alias("first_year"))
        below = total.filter(pl.col("indicator_id") == denominator).join(begins, on="known_at")
        both = below.filter(pl.col("year") >= pl.col("first_year")).join(above, on=keys, how="left")
    shares = pl.col("above").fill_null(0.0) / pl.col("value") * multiplier
    return both.select(
        "known_at", pl.lit(name).alias("indicator_id"), "region_view", "region_code", "year", value=shares
    )


def _year(day: np.datetime64) -> int:
    return int(str(day)[:4])


def _twenty_years_after(day: "np.datetime64 | object") -> str:
    text = str(day)
    moved = f"{int(text[:4]) + 20}{text[4:]}"
    return moved.replace("-02-29", "-02-28") if int(moved[:4]) % 4 else moved
