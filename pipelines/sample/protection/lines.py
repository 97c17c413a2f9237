"""What every source of this package is made of: delivered states of records, the city they are drawn from, and dates.

A source module draws its ledger as `Line`s and says what a row looks like in each format; `counts` says what follows
for the indicators; `files` writes them. No indicator and no format here.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import chinese_calendar
import numpy as np
import polars as pl

from pipelines.sample import city, deliveries

Day = datetime.date
Plant = tuple[str, str, str]
"""kind, what must become of the row, note: see PLANTED.csv"""

FIRST_DELIVERY = Day(2016, 1, 25)
LAST_DELIVERY = Day(2026, 1, 20)
YEARS = range(2011, 2026)
DRAWN_CELLS = tuple(i for i in range(len(city.CELLS)) if i != 10)
"""Every cell but the one that a name of a district cannot express (a town of 周村区 that belongs to 经济开发区)."""
UNALLOCATED_CELL = len(city.CELLS) - 1
DISTRICT_WORDS = {
    0: ("淄川区", "淄博市淄川区"),
    1: ("张店区", "淄博市张店区", "张店"),
    2: ("博山区", "淄博市博山区"),
    3: ("临淄区", "山东省淄博市临淄区"),
    4: ("周村区", "淄博市周村区"),
    5: ("桓台县", "淄博市桓台县", "桓台"),
    6: ("高青县", "淄博市高青县"),
    7: ("沂源县", "淄博市沂源县"),
    8: ("高新区", "淄博市高新区", "淄博市高新技术产业开发区"),
    9: ("经济开发区", "淄博市经济开发区"),
    11: ("文昌湖区", "淄博市文昌湖旅游度假区"),
    12: ("市本级", "淄博市", "市直", "市级", "市辖区"),
}
"""Written forms of the district column; the first is the usual one."""


@dataclass(frozen=True)
class Line:
    """One delivered state of one record."""

    delivered: Day
    key: tuple[Any, ...]
    """What makes two lines states of one record."""
    cell: int
    """Where the record counts; `city.OUTSIDE` beyond the city."""
    values: dict[str, Any]
    withdrawn: bool = False
    plant: Plant | None = None

    def again(self, delivered: Day, *, withdrawn: bool = False, plant: Plant | None = None, **changes: Any) -> "Line":
        """The same record as a later delivery states it."""
        values = self.values | changes
        return replace(self, delivered=delivered, values=values, withdrawn=withdrawn, plant=plant)


def known(lines: Iterable[Line], day: Day) -> list[Line]:
    """The state of every record as delivered by a day; withdrawn ones are gone."""
    latest: dict[tuple[Any, ...], Line] = {}
    for line in lines:
        before = latest.get(line.key)
        if line.delivered <= day and (before is None or line.delivered >= before.delivered):
            latest[line.key] = line
    return [line for line in latest.values() if not line.withdrawn]


def due(day: Day) -> Day:
    """The quarterly delivery that brings what happened on a day (half-yearly up to 2018); the last one is the last."""
    if day < Day(2016, 1, 1):
        return FIRST_DELIVERY
    quarterly: Day = deliveries.delivered_on(np.array([day], dtype="datetime64[D]"))[0].item()
    return min(quarterly, LAST_DELIVERY)


def due_half_yearly(day: Day) -> Day:
    """The delivery of a source that comes twice a year: the quarter's, or the one after it."""
    first = due(day)
    return first if first.month in (1, 7) else due(first)


def due_monthly(day: Day) -> Day:
    """The delivery of a source that comes twice a year up to 2024, and in 2025 every month."""
    if day < Day(2025, 1, 1):
        return due_half_yearly(day)
    following = Day(day.year + day.month // 12, day.month % 12 + 1, 20 if day.month == 12 else 12)
    return min(following, LAST_DELIVERY)


@dataclass
class WorkingDays:
    """Working days of the State Council's yearly notices, looked up day by day."""

    looked_up: dict[Day, bool] = field(default_factory=dict)

    def is_working(self, day: Day) -> bool:
        if day not in self.looked_up:
            self.looked_up[day] = bool(chinese_calendar.is_workday(day))
        return self.looked_up[day]

    def after(self, day: Day, count: int) -> Day:
        """The count-th working day after a day; the day itself does not count."""
        while count:
            day += datetime.timedelta(days=1)
            count -= self.is_working(day)
        return day

    def between(self, first: Day, last: Day) -> int:
        """Working days after `first` up to and with `last`."""
        days = (last - first).days
        return sum(self.is_working(first + datetime.timedelta(days=n)) for n in range(1, days + 1))

    def specialities(self, first: Day, last: Day) -> set[str]:
        """`make_up_day` and `holiday` where the calendar differs from Monday to Friday in between."""
        days = [first + datetime.timedelta(days=n) for n in range(1, (last - first).days + 1)]
        found = {"make_up_day" for day in days if day.weekday() >= 5 and self.is_working(day)}
        return found | {"holiday" for day in days if day.weekday() < 5 and not self.is_working(day)}


class Town:
    """Draws places, organisations and days of one part of the city."""

    def __init__(self, people: pl.DataFrame, rng: np.random.Generator, part: int) -> None:
        self.rng = rng
        self.part = part
        self.people = people.to_dicts()
        self.of_cell: dict[int, list[int]] = {}
        self.persons: list[int] = []
        for row, person in enumerate(self.people):
            if person.get("is_twin"):
                continue  # units of one name are told apart by their code, which these sources do not always give
            if person["applicant_kind"] == "organisation":
                self.of_cell.setdefault(person["cell"], []).append(row)
            else:
                self.persons.append(row)
        weights = np.array([city.CELLS[i].weight for i in DRAWN_CELLS])
        self.weights = weights / weights.sum()

    def spread(self, total: int) -> list[int]:
        """Cells for `total` records, each cell as often as its weight says, in random order."""
        exact = self.weights * total
        counts = np.floor(exact).astype(int)
        for i in np.argsort(counts - exact, kind="stable")[: total - int(counts.sum())]:
            counts[i] += 1
        cells = np.repeat(np.array(DRAWN_CELLS), counts)
        self.rng.shuffle(cells)
        return [int(cell) for cell in cells]

    def number(self, low: int, high: int) -> int:
        """An integer from low up to and with high."""
        return int(self.rng.integers(low, high + 1))

    def chance(self, share: float) -> bool:
        return bool(self.rng.random() < share)

    def pick(self, options: Sequence[Any]) -> Any:
        return options[int(self.rng.integers(len(options)))]

    def organisation(self, cell: int) -> int:
        """Row of an organisation of a cell; some are drawn more often than others."""
        rows = self.of_cell[cell]
        return rows[int(len(rows) * self.rng.random() ** 2)]

    def person(self) -> int:
        return int(self.pick(self.persons))

    def day(self, year: int, first_month: int = 1, last_month: int = 12) -> Day:
        """A day of the year, never its last two, which stocks at the year's end could be quarrelled about."""
        start = Day(year, first_month, 1)
        end = Day(year, 12, 29) if last_month == 12 else Day(year, last_month + 1, 1) - datetime.timedelta(days=1)
        return start + datetime.timedelta(days=self.number(0, (end - start).days))

    def name(self, row: int, day: Day) -> str:
        """What the party was called on a day."""
        person = self.people[row]
        renamed = person.get("renamed_on")
        return str(person["new_name"] if renamed and day >= renamed else person["applicant"])

    def code(self, row: int) -> str | None:
        return self.people[row].get("credit_code")

    def district(self, cell: int, *, varied: bool = True) -> str:
        """The district column for a cell, mostly in its usual form."""
        words = DISTRICT_WORDS[cell]
        return str(self.pick(words)) if varied and self.chance(0.15) else words[0]

    def is_person(self, row: int) -> bool:
        return bool(self.people[row]["applicant_kind"] == "natural_person")


def shares(rng: np.random.Generator, total: int, count: int, step: int) -> list[int]:
    """`count` amounts that add up to `total`, all multiples of `step`, none zero."""
    units = total // step - count
    weights = rng.pareto(1.8, count) + 0.15
    parts = np.floor(weights / weights.sum() * units).astype(np.int64)
    parts[: units - int(parts.sum())] += 1
    return [int(part + 1) * step for part in parts]
