"""The ledger of patents: who filed what when, and what was granted when. Later events are in `events`.

One part is one whole city at scale 1. The yearly numbers are exact; everything else is drawn around them.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from pipelines.codes import application_no
from pipelines.sample import city

YEARS = range(2011, 2026)
LAST_PUBLICATION = np.datetime64("2025-12-31")

# Exact numbers of one part. 2011-15 add up to 15,284 and 3,445, 2016-20 to the plan's 24,500 and 5,422.
# From 2021 on the applications are before publication lag: what is not yet published is not in the sample.
APPLICATIONS = dict(
    zip(
        YEARS,
        (2350, 2700, 3050, 3400, 3784, 4300, 4650, 4900, 5150, 5500, 5900, 6200, 6500, 6700, 6900),
        strict=True,
    )
)
GRANTS = dict(
    zip(
        YEARS,
        (480, 580, 680, 780, 925, 960, 1010, 1060, 1130, 1262, 1690, 1880, 1960, 2120, 2260),
        strict=True,
    )
)
VALID_BEFORE = 1380
"""Inventions granted up to 2010 and in force at the end of that year."""
UTILITY_MODELS_PER_INVENTION = 3.0
DESIGNS_PER_INVENTION = 0.6
OUTSIDE_SHARE = 0.05
"""Further patents of applicants beyond the city, which must never count."""

SERIALS_PER_PART = 100_000
"""Application serials of one part, year and type; 7 digits hold a hundred parts."""
MOST_PARTS = 100
PUBLICATION_BASE = {"invention": 102_000_000, "utility_model": 202_000_000, "design": 302_000_000}
PUBLICATIONS_PER_PART = {"invention": 110_000, "utility_model": 270_000, "design": 60_000}
TYPE_DIGIT = {"invention": 1, "utility_model": 2, "design": 3}
SERIAL_STRIDE = {"invention": 11, "utility_model": 4, "design": 17}
DIVISIONALS = 12
KEYWORD_ONLY = 12
"""Grants whose only symbols stand under rules that also ask for keywords."""
NEVER = np.datetime64("NaT", "D")
OLD_GRANTS_PER_PART = 2_000
DAY = np.timedelta64(1, "D")


@dataclass(frozen=True)
class Drawn:
    """Bare numbers of patents of one type, before names and numbers are given; all arrays of one length."""

    filing: np.ndarray
    published: np.ndarray
    """Date of the A publication; NaT for utility models, designs and grants before 2011."""
    granted: np.ndarray
    """Grant announcement date; NaT for applications never granted."""
    applicant: np.ndarray
    """Row of the applicants table at filing."""
    patentee: np.ndarray
    """Row of the applicants table at grant."""
    numbered: np.ndarray
    """Day the number was given: the filing date, but for a divisional, which keeps its parent's filing date."""


def gazette_days(year: int) -> np.ndarray:
    """The year's weekly gazette days (Tuesdays), all within the year."""
    first = np.datetime64(f"{year}-01-01")
    first += (1 - date(year, 1, 1).weekday()) % 7 * DAY
    days = first + np.arange(53) * 7 * DAY
    return days[days < np.datetime64(f"{year + 1}-01-01")]


def next_gazette_day(days: np.ndarray) -> np.ndarray:
    """The first Tuesday on or after each day."""
    weekday = (days.astype("datetime64[D]").astype(np.int64) + 3) % 7  # 1970-01-01 was a Thursday
    return days + (1 - weekday) % 7 * DAY


def year_of(days: np.ndarray) -> np.ndarray:
    """Calendar year of each date; NaT becomes 0."""
    years = days.astype("datetime64[Y]").astype(np.int64) + 1970
    return np.where(np.isnat(days), 0, years)


def draw_inventions(rng: np.random.Generator, people: pl.DataFrame) -> Drawn:
    """Inventions with exactly the yearly city numbers above, and outsiders beside them."""
    pick = Applicants(rng, people)
    groups = [_old_grants(rng, pick)]
    for year, count in GRANTS.items():
        inside = count
        outside = round(count * OUTSIDE_SHARE)
        patentee = np.concatenate([pick.inside(inside), pick.outside(outside)])
        applicant = patentee.copy()
        # a few applications changed hands before grant: within the city, into it and out of it
        moved = rng.random(len(applicant))
        applicant = np.where(moved < 0.010, pick.inside(len(applicant)), applicant)
        applicant = np.where(moved > 0.997, pick.outside(len(applicant)), applicant)
        granted = rng.choice(gazette_days(year), len(patentee))
        filing = granted - _grant_lag(rng, year, len(patentee)) * DAY
        wait = np.minimum(_publication_lag(rng, len(filing)), ((granted - filing) // DAY * 0.6).astype(np.int64))
        published = next_gazette_day(filing + wait * DAY)
        groups.append(Drawn(filing, published, granted, applicant, patentee, filing))
    granted_so_far = _stack(groups)
    inside_filed = pick.is_inside[granted_so_far.applicant]
    filed = np.bincount(year_of(granted_so_far.filing)[inside_filed], minlength=2030)
    for year, count in APPLICATIONS.items():
        inside = count - int(filed[year])
        outside = round(count * OUTSIDE_SHARE)
        applicant = np.concatenate([pick.inside(inside), pick.outside(outside)])
        days_in_year = date(year, 12, 31).timetuple().tm_yday
        filed_on = np.datetime64(f"{year}-01-01") + rng.integers(0, days_in_year, len(applicant)) * DAY
        seen_on = next_gazette_day(filed_on + _publication_lag(rng, len(filed_on)) * DAY)
        known = seen_on <= LAST_PUBLICATION
        party, filed_on = applicant[known], filed_on[known]
        groups.append(Drawn(filed_on, seen_on[known], np.full(len(party), NEVER), party, party, filed_on))
    drawn = _stack(groups)
    _divide(rng, drawn)
    return drawn


def _divide(rng: np.random.Generator, drawn: Drawn) -> None:
    """Make some ungranted applications divisionals: numbered and published years after their filing date."""
    eligible = np.isnat(drawn.granted) & (year_of(drawn.filing) >= 2012) & (year_of(drawn.filing) <= 2021)
    chosen = rng.choice(np.flatnonzero(eligible), DIVISIONALS, replace=False)
    drawn.numbered[chosen] = drawn.filing[chosen] + rng.integers(700, 900, DIVISIONALS) * DAY
    drawn.published[chosen] = next_gazette_day(drawn.numbered[chosen] + 180 * DAY)


def draw_others(rng: np.random.Generator, people: pl.DataFrame, patent_type: str) -> Drawn:
    """Utility models or designs: published once, at grant, some four to thirteen months after filing."""
    pick = Applicants(rng, people)
    ratio = UTILITY_MODELS_PER_INVENTION if patent_type == "utility_model" else DESIGNS_PER_INVENTION
    groups = []
    for year, applications in APPLICATIONS.items():
        inside = round(applications * ratio)
        applicant = np.concatenate([pick.inside(inside), pick.outside(round(inside * OUTSIDE_SHARE))])
        granted = rng.choice(gazette_days(year), len(applicant))
        filing = granted - rng.integers(120, 400, len(applicant)) * DAY
        groups.append(Drawn(filing, np.full(len(filing), NEVER), granted, applicant, applicant, filing))
    return _stack(groups)


def ledger(rng: np.random.Generator, people: pl.DataFrame, patent_type: str, part: int) -> pl.DataFrame:
    """One row per patent of one type, in order of first publication.

    Columns: number (unique within part and type), patent_type, filing_date, application_no (normal form),
    publication_no and published (A; null where there is none), grant_no, grant_kind, granted, applicant and
    patentee (rows of the applicants table), cell and patentee_cell, ipc (`;`-joined; Locarno for designs), is_sei,
    is_keyword_only, is_divisional, parent_application_no, applicant_count, agency, title.
    """
    drawn = draw_inventions(rng, people) if patent_type == "invention" else draw_others(rng, people, patent_type)
    first_seen = np.where(np.isnat(drawn.published), drawn.granted, drawn.published)
    order = np.lexsort((drawn.filing, first_seen))
    drawn = Drawn(*(getattr(drawn, name)[order] for name in Drawn.__dataclass_fields__))
    count = len(order)
    cells = people["cell"].to_numpy()
    is_sei, ipc = _classes(rng, patent_type, np.where(np.isnat(drawn.granted), drawn.filing, drawn.granted))
    publication_no, grant_no, grant_kind = _publication_numbers(drawn, patent_type, part)
    numbers = application_numbers(drawn.numbered, patent_type, part)
    is_keyword_only = np.zeros(count, dtype=bool)
    if patent_type == "invention":
        plain = np.flatnonzero(~is_sei & ~np.isnat(drawn.granted) & (cells[drawn.patentee] != city.OUTSIDE))
        is_keyword_only[rng.choice(plain, KEYWORD_ONLY, replace=False)] = True
        ipc = np.where(is_keyword_only, rng.choice(np.array(city.KEYWORD_ONLY_SYMBOLS), count), ipc)
    frame = pl.DataFrame(
        {
            "number": np.arange(1, count + 1) + part * 1_000_000,
            "filing_date": drawn.filing,
            "application_no": numbers,
            "publication_no": publication_no,
            "published": drawn.published,
            "grant_no": grant_no,
            "grant_kind": grant_kind,
            "granted": drawn.granted,
            "applicant": drawn.applicant,
            "patentee": drawn.patentee,
            "cell": cells[drawn.applicant],
            "patentee_cell": cells[drawn.patentee],
            "ipc": ipc,
            "is_sei": is_sei,
            "is_keyword_only": is_keyword_only,
            "is_divisional": drawn.numbered != drawn.filing,
            "applicant_count": np.where(rng.random(count) < 0.08, 2, 1),
            "agency": rng.integers(0, len(city.AGENCIES) * 2, count),
        }
    )
    ungranted = pl.col("granted").is_null()
    # any other application will do for the parent: it is not in the sample's counts
    parent = pl.col("application_no").shift(10, fill_value=pl.col("application_no").first())
    agencies = pl.Series([*city.AGENCIES, *[None] * len(city.AGENCIES)], dtype=pl.String)
    return frame.with_columns(
        pl.lit(patent_type).alias("patent_type"),
        pl.when("is_divisional").then(parent).alias("parent_application_no"),
        pl.when(pl.col("published").is_not_null()).then(pl.col("publication_no")).alias("publication_no"),
        pl.when(ungranted).then(None).otherwise(pl.col("grant_no")).alias("grant_no"),
        pl.when(ungranted).then(None).otherwise(pl.col("grant_kind")).alias("grant_kind"),
        pl.col("agency").replace_strict(list(range(len(agencies))), agencies, return_dtype=pl.String),
        city.title_column(patent_type, pl.col("number")).alias("title"),
    )


def application_numbers(numbered: np.ndarray, patent_type: str, part: int) -> pl.Series:
    """Numbers with check digit in normal form, in the order they were given; 8 digits before 2003-10 (domain C.1)."""
    years = year_of(numbered)
    order = np.argsort(numbered, kind="stable")
    rank = np.empty(len(numbered), dtype=np.int64)
    starts = np.searchsorted(years[order], years[order])  # the rank is counted within the year
    rank[order] = np.arange(len(numbered)) - starts
    serial = part * SERIALS_PER_PART + 1 + rank * SERIAL_STRIDE[patent_type]
    digit = TYPE_DIGIT[patent_type]
    new = years * 100_000_000 + digit * 10_000_000 + serial
    old = years % 100 * 1_000_000 + digit * 100_000 + part * 900 + 1 + rank
    is_old = numbered < np.datetime64("2003-10-01")
    bodies = pl.DataFrame({"body": np.where(is_old, old, new)}).select(pl.col("body").cast(pl.String).str.zfill(8))
    return bodies.select(application_no.parse("body").struct.field("application_no")).to_series()


def _publication_numbers(drawn: Drawn, patent_type: str, part: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Publication number, grant number and grant kind; since 2007 an invention keeps one number."""
    rank = np.arange(len(drawn.filing)) + part * PUBLICATIONS_PER_PART[patent_type]
    number = np.char.add("CN", (PUBLICATION_BASE[patent_type] + rank).astype(str))
    if patent_type != "invention":
        return number, number, np.full(len(rank), "U" if patent_type == "utility_model" else "S")
    alone = np.isnat(drawn.published)
    six = np.char.zfill((np.cumsum(alone) + part * OLD_GRANTS_PER_PART).astype(str), 6)
    before = drawn.granted < np.datetime64("2007-01-01")
    old = np.where(before, np.char.add("CN1", six), np.char.add("CN100", six))
    kind = np.where(drawn.granted < np.datetime64("2010-04-07"), "C", "B")
    return number, np.where(alone, old, number), kind


def _classes(rng: np.random.Generator, patent_type: str, when: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """SEI flag and joined classification: strategic symbols become more common over the years."""
    count = len(when)
    if patent_type == "design":
        return np.zeros(count, dtype=bool), rng.choice(np.array(city.LOCARNO), count)
    share = np.clip(0.17 + 0.004 * (year_of(when) - 2011), 0.15, 0.25)
    is_sei = (rng.random(count) < share) & (patent_type == "invention")
    strategic = rng.choice(np.array(city.SEI_SYMBOLS), count)
    other = rng.choice(np.array(city.OTHER_SYMBOLS), count)
    further = rng.choice(np.array(city.OTHER_SYMBOLS), count)
    both = rng.random(count)
    main = np.where(is_sei & (both > 0.25), strategic, other)
    second = np.where(is_sei & (both <= 0.25), strategic, np.where(both < 0.5, further, ""))
    second = np.where(second == main, "", second)
    return is_sei, np.where(second == "", main, np.char.add(np.char.add(main, ";"), second))


def _old_grants(rng: np.random.Generator, pick: "Applicants") -> Drawn:
    """Inventions granted up to 2010 and still in force then; some reach the end of their term later."""
    count = VALID_BEFORE
    outside = round(count * OUTSIDE_SHARE)
    patentee = np.concatenate([pick.inside(count), pick.outside(outside)])
    total = len(patentee)
    ancient = np.datetime64("1991-02-01") + rng.integers(0, 4500, total) * DAY
    recent = np.datetime64("2003-10-08") + rng.integers(0, 1800, total) * DAY
    filing = np.where(rng.random(total) < 0.13, ancient, recent)
    granted = next_gazette_day(filing + rng.integers(500, 760, total) * DAY)
    return Drawn(filing, np.full(total, NEVER), granted, patentee, patentee, filing)


def _grant_lag(rng: np.random.Generator, year: int, count: int) -> np.ndarray:
    usual = rng.normal(1050, 260, count) if year < 2021 else rng.normal(820, 230, count)
    usual = np.clip(usual, 420, 1900)
    # from 2021 on a third goes through the protection centre's fast track
    fast = rng.integers(150, 400, count)
    return np.where((rng.random(count) < 0.35) & (year >= 2021), fast, usual).astype(np.int64)


def _publication_lag(rng: np.random.Generator, count: int) -> np.ndarray:
    early = rng.integers(60, 330, count)
    return np.where(rng.random(count) < 0.5, early, rng.integers(536, 551, count))


def _stack(groups: list[Drawn]) -> Drawn:
    return Drawn(*(np.concatenate([getattr(g, name) for g in groups]) for name in Drawn.__dataclass_fields__))


class Applicants:
    """Draws applicants by weight, inside or outside the city."""

    def __init__(self, rng: np.random.Generator, people: pl.DataFrame) -> None:
        self.rng = rng
        self.is_inside = people["cell"].to_numpy() != city.OUTSIDE
        weight = people["weight"].to_numpy()
        cells = people["cell"].to_numpy()
        # within a cell by weight, between cells by the cell's share: no single giant shifts the map
        share = np.array([cell.weight for cell in city.CELLS] + [1.0])
        total = np.bincount(cells % len(share), weights=weight, minlength=len(share))
        scaled = weight / total[cells % len(share)] * share[cells % len(share)]
        self._inside = np.flatnonzero(self.is_inside), scaled[self.is_inside] / scaled[self.is_inside].sum()
        self._outside = np.flatnonzero(~self.is_inside)

    def inside(self, count: int) -> np.ndarray:
        rows, chances = self._inside
        return self.rng.choice(rows, count, p=chances)

    def outside(self, count: int) -> np.ndarray:
        return self.rng.choice(self._outside, count)
