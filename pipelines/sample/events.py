"""What happens to patents after grant: moves, lapses, restorations, surrenders, invalidations, licences.

The city's valid inventions at each year's end are exact: lapses are drawn until the year's number is reached.
Reading the numbers back from the ledger is `truth`'s business, which knows nothing of how they were drawn.
"""

from dataclasses import dataclass, field

import numpy as np
import polars as pl

from pipelines.sample import city
from pipelines.sample.deliveries import delivered_on, next_delivery
from pipelines.sample.patents import DAY, NEVER, TYPE_DIGIT, YEARS, next_gazette_day, year_of

# Valid inventions of the city at each year's end, as known from the last delivery. 2020: 6,910 per
# 470.4138万 is the plan's 14.69; 2022: 9,233 per 470.59万 is the published 19.62.
VALID = dict(
    zip(
        YEARS,
        (1720, 2130, 2600, 3110, 3690, 4280, 4880, 5500, 6160, 6910, 8010, 9233, 10480, 11920, 13930),
        strict=True,
    )
)
LAST_NOTICE = np.datetime64("2025-12-30")
ATTRIBUTION_BREAK = np.datetime64("2020-12-31")

MOVES_OUT, MOVES_IN, MOVES_WITHIN = 8, 6, 25
SURRENDERS, RESTORED, UNDATED_LAPSES, INVALIDATED, PARTLY_INVALIDATED = 6, 12, 3, 2, 1
LATE_SHARE = 0.015

TITLES = {
    "CF01": "未缴年费专利权终止",
    "CX01": "专利权有效期届满",
    "AV01": "专利权的主动放弃",
    "IW01": "专利权全部无效",
    "IP01": "专利权部分无效",
    "RR01": "权利的恢复",
    "TR01": "专利权的转移",
    "CP02": "专利权人的地址的变更",
    "CP03": "专利权人的姓名或者名称、地址的变更",
    "EE01": "专利实施许可合同备案的生效",
    "EC01": "专利实施许可合同备案的注销",
    "PE01": "专利权质押合同登记的生效",
    "PC01": "专利权质押合同登记的注销",
}


@dataclass
class _Log:
    """Events as they are drawn; one entry per batch of equal-length arrays."""

    batches: list[dict[str, np.ndarray]] = field(default_factory=list)
    contracts: int = 0

    def new_contracts(self, year: int | np.ndarray, count: int) -> np.ndarray:
        """Registration numbers as year and a running number of five digits."""
        numbers = np.arange(self.contracts + 1, self.contracts + count + 1)
        self.contracts += count
        return year * 100_000 + numbers

    def add(self, row: np.ndarray, code: str, event: np.ndarray, **more: np.ndarray) -> None:
        count = len(row)
        if not count:
            return
        batch = {
            "row": row,
            "event_code": np.full(count, code),
            "event_date": event.astype("datetime64[D]"),
            "effective_date": np.full(count, NEVER),
            "decision_date": np.full(count, NEVER),
            "contract": np.full(count, 0),
            "before": np.full(count, -1),
            "after": np.full(count, -1),
        }
        batch.update({name: values.astype(batch[name].dtype) for name, values in more.items()})
        self.batches.append(batch)

    def columns(self) -> dict[str, np.ndarray]:
        return {name: np.concatenate([b[name] for b in self.batches]) for name in self.batches[0]}


def draw_invention_events(
    rng: np.random.Generator, inventions: pl.DataFrame, people: pl.DataFrame, part: int
) -> pl.DataFrame:
    """Events of the inventions of one part; see `_as_frame` for the columns."""
    log = _Log()
    life = _Life(rng, inventions, people, log)
    for year in YEARS:
        life.one_year(year)
    return _as_frame(rng, log, inventions, part, "invention")


def draw_other_events(
    rng: np.random.Generator, patents: pl.DataFrame, patent_type: str, people: pl.DataFrame, part: int
) -> pl.DataFrame:
    """Lapses, transfers and licences of utility models or designs; no stock is kept of these."""
    log = _Log()
    filing, granted = patents["filing_date"].to_numpy(), patents["granted"].to_numpy()
    rows = np.arange(len(filing))
    lapse_share = 0.30 if patent_type == "utility_model" else 0.45
    effective = anniversary(filing, year_of(filing) + rng.integers(2, 8, len(filing)))
    notice = _lapse_notice(rng, effective)
    lapsing = (rng.random(len(filing)) < lapse_share) & (effective > granted) & (notice <= LAST_NOTICE)
    log.add(rows[lapsing], "CF01", notice[lapsing], effective_date=effective[lapsing])
    inside = np.flatnonzero(people["cell"].to_numpy() != city.OUTSIDE)
    registered = granted + rng.integers(60, 1200, len(filing)) * DAY
    notice = next_gazette_day(registered + rng.integers(12, 30, len(filing)) * DAY)
    moved = (rng.random(len(filing)) < 0.015) & (notice <= LAST_NOTICE) & ~lapsing
    log.add(
        rows[moved],
        "TR01",
        notice[moved],
        effective_date=registered[moved],
        before=patents["patentee"].to_numpy()[moved],
        after=rng.choice(inside, int(moved.sum())),
    )
    licensed = (rng.random(len(filing)) < 0.004) & (notice <= LAST_NOTICE) & ~lapsing & ~moved
    log.add(
        rows[licensed],
        "EE01",
        notice[licensed],
        effective_date=registered[licensed],
        before=patents["patentee"].to_numpy()[licensed],
        after=rng.choice(inside, int(licensed.sum())),
        contract=log.new_contracts(year_of(registered[licensed]), int(licensed.sum())),
    )
    return _as_frame(rng, log, patents, part, patent_type)


class _Life:
    """The inventions in force, carried from year to year."""

    def __init__(self, rng: np.random.Generator, patents: pl.DataFrame, people: pl.DataFrame, log: _Log) -> None:
        self.rng, self.log = rng, log
        self.filing = patents["filing_date"].to_numpy()
        self.granted = patents["granted"].to_numpy()
        self.grant_year = year_of(self.granted)
        self.holder = patents["patentee"].to_numpy().copy()
        self.people_cell = people["cell"].to_numpy()
        self.is_person = (people["applicant_kind"] == "natural_person").to_numpy()
        self.inside = np.flatnonzero(self.people_cell != city.OUTSIDE)
        self.outside = np.flatnonzero(self.people_cell == city.OUTSIDE)
        self.cell = self.people_cell[self.holder].copy()
        """Cell that counts the patent: the holder's for old grants, the applicant's at grant for new ones."""
        self.in_force = (self.grant_year > 0) & (self.grant_year <= 2010)
        self.free_from = np.zeros(len(self.filing), dtype=np.int64)
        """First year in which something new may happen to the patent."""
        self.term = anniversary(self.filing, year_of(self.filing) + 20)
        self.invalid = self._invalidate()

    def _invalidate(self) -> np.ndarray:
        """Full invalidation removes a patent from every year, so those patents are set aside first."""
        invalid = np.zeros(len(self.filing), dtype=bool)
        for year in range(2009, 2024):
            granted = np.flatnonzero((self.grant_year == year) & (self.people_cell[self.holder] != city.OUTSIDE))
            chosen = self.rng.choice(granted, INVALIDATED, replace=False)
            invalid[chosen] = True
            decided = self.granted[chosen] + self.rng.integers(300, 700, INVALIDATED) * DAY
            notice = next_gazette_day(decided + 45 * DAY)
            # what is decided before the first year of the sample is announced in it
            notice = np.maximum(notice, np.datetime64("2011-03-01"))
            self.log.add(chosen, "IW01", notice, decision_date=decided)
        return invalid

    def one_year(self, year: int) -> None:
        new = (self.grant_year == year) & ~self.invalid
        self.in_force |= new
        self.in_force &= ~self.invalid
        self._terms(year)
        self._moves(year)
        self._surrenders(year)
        self._restored_lapses(year)
        self._undated_lapses(year)
        self._sales(year)
        self._contracts(year)
        self._partial_invalidations(year)
        self._lapses(year)

    def _settled(self, year: int) -> np.ndarray:
        """In force since before this year and untouched in it, with no end of term in it."""
        return self.in_force & (self.grant_year < year) & (self.free_from <= year) & (year_of(self.term) > year)

    def _choose(self, mask: np.ndarray, count: int, weight: np.ndarray | None = None) -> np.ndarray:
        rows = np.flatnonzero(mask)
        chances = None if weight is None else weight[rows] / weight[rows].sum()
        return np.sort(self.rng.choice(rows, min(count, len(rows)), replace=False, p=chances))

    def _days(self, year: int, count: int, last: int = 330) -> np.ndarray:
        return np.datetime64(f"{year}-01-08") + self.rng.integers(0, last - 8, count) * DAY

    def _terms(self, year: int) -> None:
        rows = np.flatnonzero(self.in_force & (year_of(self.term) == year))
        self.in_force[rows] = False
        notice = next_gazette_day(self.term[rows] + 40 * DAY)
        told = notice <= LAST_NOTICE
        self.log.add(rows[told], "CX01", notice[told])

    def _moves(self, year: int) -> None:
        old = self._settled(year) & (self.granted <= ATTRIBUTION_BREAK)
        within = self.cell != city.OUTSIDE
        leaving = self._choose(old & within, MOVES_OUT)
        moving = self._choose(old & within & ~np.isin(np.arange(len(old)), leaving), MOVES_WITHIN)
        coming = self._choose(old & ~within, MOVES_IN)
        for rows, targets in ((leaving, self.outside), (moving, self.inside), (coming, self.inside)):
            after = self.rng.choice(targets, len(rows))
            codes = self.rng.choice(np.array(["TR01", "TR01", "CP02", "CP03"]), len(rows))
            # a name or address may change, but a person does not become a company
            same_kind = self.is_person[self.holder[rows]] == self.is_person[after]
            self._transfer(year, rows, after, np.where(same_kind, codes, "TR01"))
            self.cell[rows] = self.people_cell[after]

    def _transfer(self, year: int, rows: np.ndarray, after: np.ndarray, codes: np.ndarray) -> None:
        registered = self._days(year, len(rows), 320)
        notice = next_gazette_day(registered + self.rng.integers(12, 30, len(rows)) * DAY)
        before = self.holder[rows].copy()
        for code in np.unique(codes):
            some = codes == code
            # a change of address prints no effective date: the notice's own date counts
            effective = registered[some] if code == "TR01" else np.full(some.sum(), NEVER)
            self.log.add(
                rows[some],
                code,
                notice[some],
                effective_date=effective,
                before=before[some],
                after=after[some],
            )
        self.holder[rows] = after
        self.free_from[rows] = year + 1

    def _surrenders(self, year: int) -> None:
        rows = self._choose(self._settled(year) & (self.cell != city.OUTSIDE), SURRENDERS)
        effective = self._days(year, len(rows), 300)
        self.log.add(rows, "AV01", next_gazette_day(effective + 25 * DAY), effective_date=effective)
        self.in_force[rows] = False

    def _restored_lapses(self, year: int) -> None:
        effective = anniversary(self.filing, np.full(len(self.filing), year))
        due = self._settled(year) & (self.cell != city.OUTSIDE) & (effective > self.granted)
        due &= effective < np.datetime64("2025-02-01")
        rows = self._choose(due, RESTORED)
        lapsed = next_gazette_day(effective[rows] + self.rng.integers(150, 200, len(rows)) * DAY)
        back = next_gazette_day(lapsed + self.rng.integers(40, 100, len(rows)) * DAY)
        self.log.add(rows, "CF01", lapsed, effective_date=effective[rows])
        self.log.add(rows, "RR01", back, decision_date=lapsed)
        self.free_from[rows] = year + 2

    def _sales(self, year: int) -> None:
        """Transfers that leave the region of the stock as it is."""
        stay = self._settled(year) & (self.cell != city.OUTSIDE) & (self.people_cell[self.holder] == self.cell)
        rows = self._choose(stay, 40 + 12 * (year - 2011))
        neighbours = [np.flatnonzero(self.people_cell == cell) for cell in range(len(city.CELLS))]
        after = np.array([self.rng.choice(neighbours[cell]) for cell in self.cell[rows]], dtype=np.int64)
        # grants since 2021 count where they were granted, wherever they are sold
        sold_away = (self.granted[rows] > ATTRIBUTION_BREAK) & (self.rng.random(len(rows)) < 0.5)
        after = np.where(sold_away, self.rng.choice(self.outside, len(rows)), after)
        self._transfer(year, rows, after, np.full(len(rows), "TR01"))

    def _contracts(self, year: int) -> None:
        """Licences and pledges on record, and the pledges' cancellation a year or two later."""
        within = self.cell != city.OUTSIDE
        for code, count in (("EE01", 20 + 6 * (year - 2011)), ("PE01", 10 + 2 * (year - 2011))):
            rows = self._choose(self._settled(year) & within, count)
            registered = self._days(year, len(rows), 320)
            notice = next_gazette_day(registered + 15 * DAY)
            contract = self.log.new_contracts(year, len(rows))
            before, after = self.holder[rows], self.rng.choice(self.inside, len(rows))
            self.log.add(rows, code, notice, effective_date=registered, before=before, after=after, contract=contract)
            if code == "PE01":
                released = registered + self.rng.integers(360, 700, len(rows)) * DAY
                notice = next_gazette_day(released + 20 * DAY)
                told = (notice <= LAST_NOTICE) & (self.rng.random(len(rows)) < 0.6)
                self.log.add(
                    rows[told],
                    "PC01",
                    notice[told],
                    effective_date=released[told],
                    before=before[told],
                    contract=contract[told],
                )

    def _partial_invalidations(self, year: int) -> None:
        rows = self._choose(self._settled(year) & (self.cell != city.OUTSIDE), PARTLY_INVALIDATED)
        decided = self._days(year, len(rows), 280)
        self.log.add(rows, "IP01", next_gazette_day(decided + 30 * DAY), decision_date=decided)

    def _undated_lapses(self, year: int) -> None:
        """Notices that do not print from when the right is lost: their own date counts."""
        rows = self._choose(self._settled(year) & (self.cell != city.OUTSIDE), UNDATED_LAPSES)
        self.log.add(rows, "CF01", next_gazette_day(self._days(year, len(rows), 320)))
        self.in_force[rows] = False

    def _lapses(self, year: int) -> None:
        """As many lapses as bring the city's stock to the year's number; and some outside the city."""
        effective = anniversary(self.filing, np.full(len(self.filing), year))
        notice = _lapse_notice(self.rng, effective)
        notice = np.where(notice > LAST_NOTICE, np.datetime64("2025-12-30"), notice)
        due = self._settled(year) & (effective > self.granted) & (effective <= np.datetime64("2025-08-15"))
        within = self.cell != city.OUTSIDE
        surplus = int((self.in_force & within).sum()) - VALID[year]
        if not 0 <= surplus <= int((due & within).sum()):
            raise ValueError(f"sample city {year}: {surplus} lapses needed to reach {VALID[year]} valid inventions")
        # fees rise with age, and so does the chance that they are no longer paid
        age = np.maximum(year - year_of(self.filing), 1) ** 1.4
        inside = self._choose(due & within, surplus, age)
        beyond = self._choose(due & ~within, int((due & ~within).sum()) // 20)
        for rows in (inside, beyond):
            self.in_force[rows] = False
            self.log.add(rows, "CF01", notice[rows], effective_date=effective[rows])


def anniversary(days: np.ndarray, years: np.ndarray) -> np.ndarray:
    """The same day in another year; 29 February becomes 28 February in a common year."""
    months = days.astype("datetime64[M]")
    moved = (years - 1970) * 12 + months.astype(np.int64) % 12
    first = moved.astype("datetime64[M]").astype("datetime64[D]")
    following = (moved + 1).astype("datetime64[M]").astype("datetime64[D]")
    return np.minimum(first + (days - months.astype("datetime64[D]")), following - DAY)


def _lapse_notice(rng: np.random.Generator, effective: np.ndarray) -> np.ndarray:
    """The notice follows the date from which the right is lost by five to fourteen months (domain B.6)."""
    return next_gazette_day(effective + rng.integers(150, 420, len(effective)) * DAY)


def _as_frame(rng: np.random.Generator, log: _Log, patents: pl.DataFrame, part: int, patent_type: str) -> pl.DataFrame:
    """One row per event, in order of announcement.

    Columns: row (of the ledger frame), number, application_no, grant_no, grant_kind, patent_type, event_code,
    event_title, event_date, effective_date, decision_date, contract_no, decision_no, licence_kind, before and after
    (rows of the applicants table, -1 for none), filing_date, granted, delivered_on.
    """
    columns = log.columns()
    order = np.lexsort((columns["row"], columns["event_code"], columns["event_date"]))
    columns = {name: values[order] for name, values in columns.items()}
    delivered = delivered_on(columns["event_date"])
    late = rng.random(len(order)) < LATE_SHARE
    columns["delivered_on"] = np.where(late, next_delivery(delivered), delivered)
    facts = patents.select("number", "application_no", "grant_no", "grant_kind", "filing_date", "granted")
    frame = pl.concat([pl.DataFrame(columns), facts[columns["row"]]], how="horizontal")
    contract = pl.col("contract").cast(pl.String)
    running = (pl.int_range(pl.len()) + 1 + part * 200_000).cast(pl.String).str.zfill(7)
    letter = pl.col("event_code").replace_strict(
        {"EE01": "X", "PE01": "Y", "PC01": "Y"}, default=None, return_dtype=pl.String
    )
    province_type_and_part = pl.lit(f"37{TYPE_DIGIT[patent_type]}{part:02d}")
    is_decision = pl.col("event_code").is_in(["IW01", "IP01"])
    return frame.with_columns(
        pl.lit(patent_type).alias("patent_type"),
        pl.col("event_code").replace_strict(TITLES, return_dtype=pl.String).alias("event_title"),
        pl.when(letter.is_not_null())
        .then(pl.concat_str(letter, contract.str.head(4), province_type_and_part, contract.str.tail(5)))
        .alias("contract_no"),
        pl.when(is_decision).then(pl.concat_str(pl.lit("合成"), running)).alias("decision_no"),
        pl.when(pl.col("event_code") == "EE01").then(pl.lit("普通许可")).alias("licence_kind"),
    )
