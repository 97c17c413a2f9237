"""Marks: who registered what when in which classes, renewals, ends, and what the deliveries say of each and when.

A mark's state as delivered is cumulative: every delivery in which something about it changed brings its whole row
again. How a row is written is in `trademark_files`.
"""

import numpy as np
import polars as pl

from pipelines.sample import city, truth
from pipelines.sample.deliveries import LAST, next_delivery
from pipelines.sample.events import anniversary
from pipelines.sample.part import MARKS, Delivered, Part
from pipelines.sample.patents import YEARS, Applicants, year_of
from pipelines.sample.rights import trademark_files
from pipelines.sample.rights.registers import DAY, NEVER, due, in_years, with_names

STREAM = 10
SOURCE = "trademarks"
OLD = dict.fromkeys(range(1996, 2011), 430)
"""Registered before the sample's first year; what had ended by 2010 is not in it."""
REGISTERED = dict(
    zip(
        YEARS,
        (2050, 2300, 2500, 2900, 3600, 4200, 5000, 7200, 9100, 8200, 9300, 8000, 7000, 7200, 8700),
        strict=True,
    )
)
"""Registrations of the city's owners by year; in classes some 9 in 100 more. At the end of 2024 they leave the number
of valid classes below the plan's 85,000, at the end of 2025 above it."""
OUTSIDE_SHARE = 0.015
RENEWED = 0.58
CANCELLED_A_YEAR, INVALIDATED, SURRENDERED = 0.006, 0.004, 0.006
LATE_SHARE, OPPOSED_SHARE, PENDING_SHARE = 0.01, 0.01, 0.02
MADRID = dict(zip(range(2012, 2026), (6, 8, 9, 12, 15, 18, 22, 26, 28, 33, 36, 38, 44, 47), strict=True))
COLLECTIVE, INDICATIONS = 60, 40
NEVER_REGISTERED = 500
NUMBERS_PER_PART = 600_000
STATUSES = ("registered", "cancelled", "invalidated", "surrendered", "expired", "pending", "refused")


def deliver(part: Part) -> Delivered:
    """Write the marks of one part; returns their truth and, for other sources, the marks themselves."""
    rng = part.rng(STREAM)
    marks = draw(rng, part)
    states = known_states(rng, marks)
    trademark_files.deliver(part, with_names(part, SOURCE, states, "owner", "delivered_on", rng))
    return Delivered(count(part, states), marks=_for_others(marks, part.people))


def draw(rng: np.random.Generator, part: Part) -> pl.DataFrame:
    """One row per registration or application of one part.

    Columns: mark (number), owner, classes (list, ascending), applied, registered (null: not registered), since
    (exclusive from), until (end of the first ten years), renewed and renewed_again (days on record, null for none),
    ended and end_kind (index into STATUSES), madrid (day of the international registration), category, late.
    """
    pick = Applicants(rng, part.people)
    years = in_years(OLD | REGISTERED)
    outside = in_years({year: round(n * OUTSIDE_SHARE) for year, n in REGISTERED.items()})
    owner = np.concatenate([pick.inside(len(years)), pick.outside(len(outside))])
    years = np.concatenate([years, outside])
    registered = _gazette_days(rng, years)
    order = np.argsort(registered, kind="stable")
    owner, registered = owner[order], registered[order]
    applied = registered - rng.integers(280, 760, len(owner)) * DAY
    # an opposed mark is exclusive from three months after its preliminary publication, long before it is registered
    opposed = rng.random(len(owner)) < OPPOSED_SHARE
    since = np.where(opposed, registered - rng.integers(200, 400, len(owner)) * DAY, registered)
    frame = pl.DataFrame(
        {
            "owner": owner,
            "applied": applied.astype("datetime64[D]"),
            "registered": registered,
            "since": since,
            "until": _ten_years(since) - DAY,
        }
    )
    pending = _never_registered(rng, pick)
    frame = pl.concat([frame.with_columns(_lives(rng, frame)), pending], how="diagonal_relaxed")
    count = frame.height
    drawn = frame.with_columns(
        pl.Series("mark", np.arange(count) + part.number * NUMBERS_PER_PART + 10_000_000),
        pl.Series("classes", _classes(rng, frame["applied"].to_numpy())),
        pl.Series("category", _categories(rng, frame)),
        pl.Series("late", rng.random(count) < LATE_SHARE),
        pl.Series("seen_pending", rng.random(count) < PENDING_SHARE),
        pl.Series("madrid", _madrid(rng, frame, part.people)),
        pl.Series("stem", rng.integers(0, len(city.STEMS), count)),
        is_foreign=part.people["address"].str.contains("^[美日]").gather(frame["owner"]),
    )
    return _named(drawn)


def _gazette_days(rng: np.random.Generator, years: np.ndarray) -> np.ndarray:
    """The gazette comes out on the 7th, 14th, 21st and 28th."""
    months = ((years - 1970) * 12 + rng.integers(0, 12, len(years))).astype("datetime64[M]")
    return months.astype("datetime64[D]") + (rng.integers(1, 5, len(years)) * 7 - 1) * DAY


def _ten_years(days: np.ndarray) -> np.ndarray:
    return anniversary(days, year_of(days) + 10)


def _lives(rng: np.random.Generator, frame: pl.DataFrame) -> list[pl.Series]:
    """Renewals on record and how each mark ended, if it did."""
    registered, until = frame["registered"].to_numpy(), frame["until"].to_numpy()
    count = len(registered)
    # renewal is asked for from a year before the end to half a year after it
    first = until + rng.integers(-300, 175, count) * DAY
    first = np.where((rng.random(count) < RENEWED) | (year_of(until) < 2011), first, NEVER)
    second_end = _ten_years(until)
    second = np.where(np.isnat(first), NEVER, second_end + rng.integers(-300, 175, count) * DAY)
    second = np.where(rng.random(count) < RENEWED, second, NEVER)
    first = np.where(first > LAST, NEVER, first)
    second = np.where((second > LAST) | np.isnat(first), NEVER, second)
    # three years without use at the earliest
    used_to = registered + (1096 + rng.exponential(365 / CANCELLED_A_YEAR, count)).astype(np.int64) * DAY
    kinds = rng.random(count)
    ended = np.where(kinds < INVALIDATED + SURRENDERED, registered + rng.integers(200, 2500, count) * DAY, used_to)
    kind = np.where(kinds < INVALIDATED, 2, np.where(kinds < INVALIDATED + SURRENDERED, 3, 1))
    last_day = np.where(np.isnat(second), np.where(np.isnat(first), until, second_end), _ten_years(second_end))
    told = (ended <= np.datetime64("2025-12-20")) & (ended >= np.datetime64("2011-02-01")) & (ended < last_day)
    lapsed = ~told & (last_day < np.datetime64("2025-05-01")) & (rng.random(count) < 0.5)
    ended = np.where(told, ended, np.where(lapsed, last_day + DAY, NEVER)).astype("datetime64[D]")
    return [
        pl.Series("until_20", second_end),
        pl.Series("until_30", _ten_years(second_end)),
        # what is ended is not renewed
        pl.Series("renewed", np.where(told & (first >= ended), NEVER, first)),
        pl.Series("renewed_again", np.where(told & (second >= ended), NEVER, second)),
        pl.Series("ended", ended),
        pl.Series("end_kind", np.where(told, kind, np.where(lapsed, 4, 0))),
    ]


def _never_registered(rng: np.random.Generator, pick: Applicants) -> pl.DataFrame:
    """Applications under way, and those refused."""
    applied = np.datetime64("2017-02-01") + rng.integers(0, 3200, NEVER_REGISTERED) * DAY
    refused = applied < np.datetime64("2025-01-01")
    return pl.DataFrame(
        {
            "owner": pick.inside(NEVER_REGISTERED),
            "applied": np.sort(applied),
            "ended": np.where(np.sort(refused)[::-1], np.sort(applied) + 250 * DAY, NEVER),
            "end_kind": np.where(np.sort(refused)[::-1], 6, 5),
        }
    )


def _classes(rng: np.random.Generator, applied: np.ndarray) -> pl.Series:
    """One to three classes; since May 2014 an application may name several."""
    count = len(applied)
    kind = np.where(applied >= np.datetime64("2014-05-01"), rng.random(count), 0.0)
    first = rng.choice(np.array([*range(1, 46), 35, 30, 21, 19, 11, 9, 7, 35, 30]), count)
    step = rng.integers(1, 15, (2, count))
    second = (first + step[0] - 1) % 45 + 1
    third = (second + step[1] - 1) % 45 + 1
    two, three = kind > 0.92, kind > 0.97
    columns = [first, np.where(two, second, 0), np.where(three, third, 0)]
    frame = pl.DataFrame({str(n): column for n, column in enumerate(columns)})
    listed = pl.concat_list(pl.all()).list.eval(pl.element().filter(pl.element() > 0).unique().sort())
    return frame.select(listed.cast(pl.List(pl.Int32))).to_series()


def _categories(rng: np.random.Generator, frame: pl.DataFrame) -> np.ndarray:
    """0 ordinary, 1 collective, 2 certification; the first certification marks are indications."""
    result = np.zeros(frame.height, dtype=np.int64)
    plain = np.flatnonzero((frame["end_kind"] == 0).to_numpy() & frame["registered"].is_not_null().to_numpy())
    chosen = rng.choice(plain, COLLECTIVE + INDICATIONS, replace=False)
    result[chosen[:COLLECTIVE]] = 1
    result[chosen[COLLECTIVE:]] = 2
    return result


def _madrid(rng: np.random.Generator, frame: pl.DataFrame, people: pl.DataFrame) -> np.ndarray:
    """International registrations of the city's organisations, on the basis of marks registered the year before."""
    result = np.full(frame.height, NEVER)
    local = (people["applicant_kind"] == "organisation") & (people["cell"] != city.OUTSIDE)
    eligible = local.gather(frame["owner"]).to_numpy() & (frame["end_kind"] == 0).to_numpy()
    registered_in = year_of(frame["registered"].to_numpy())
    for year, count in MADRID.items():
        chosen = rng.choice(np.flatnonzero(eligible & (registered_in == year - 1)), count, replace=False)
        result[chosen] = np.datetime64(f"{year}-01-10") + rng.integers(0, 340, count) * DAY
    return result


def known_states(rng: np.random.Generator, marks: pl.DataFrame) -> pl.DataFrame:
    """One row per mark and delivery that changed something: what is known of it from then on.

    Adds delivered_on, and the state: known_until (end of the exclusive right, null while pending), status (index into
    STATUSES), status_day, has_madrid, is_change (the mark was delivered before).
    """
    registered = due(marks["registered"].to_numpy())
    registered = np.where(marks["late"].to_numpy() & ~np.isnat(registered), next_delivery(registered), registered)
    # applications still to come are seen only where the bureau happens to list them
    listed = marks["seen_pending"].to_numpy() & (marks["applied"].to_numpy() >= np.datetime64("2016-01-01"))
    listed |= np.isnat(registered)
    applied = np.where(listed, due(marks["applied"].to_numpy()), NEVER)
    changes = {"renewed": "renewed", "renewed_again": "renewed_again", "ended": "ended", "madrid": "madrid"}
    seen = {"applied": applied, "registered": registered}
    first = np.where(np.isnat(applied), registered, applied)
    for name, column in changes.items():
        arrived = due(marks[column].to_numpy())
        # nothing is told of a mark before the mark itself
        seen[name] = np.where(
            np.isnat(arrived), NEVER, np.maximum(arrived, np.where(np.isnat(registered), first, registered))
        )
    told = marks.with_columns(pl.Series(f"{name}_seen", days.astype("datetime64[D]")) for name, days in seen.items())
    columns = [f"{name}_seen" for name in seen]
    deliveries = pl.concat([told.select("mark", delivered_on=pl.col(column)).drop_nulls() for column in columns])
    rows = deliveries.unique().sort("delivered_on", "mark").join(told, on="mark", how="left", maintain_order="left")

    def by_then(name: str) -> pl.Expr:
        return (pl.col(f"{name}_seen") <= pl.col("delivered_on")).fill_null(False)

    is_registered, is_ended = by_then("registered"), by_then("ended")
    times = by_then("renewed").cast(pl.Int8) + by_then("renewed_again").cast(pl.Int8)
    until = pl.when(times == 2).then("until_30").when(times == 1).then("until_20").otherwise("until")
    # a renewed mark is printed with the period now running
    since = pl.when(times == 2).then("until_20").when(times == 1).then("until")
    return rows.with_columns(
        known_until=pl.when(is_registered).then(until),
        known_registered=pl.when(is_registered).then("registered"),
        known_since=pl.when(is_registered).then(since.otherwise(pl.col("since") - pl.duration(days=1)))
        + pl.duration(days=1),
        status=pl.when(is_ended).then("end_kind").when(is_registered).then(0).otherwise(5),
        status_day=pl.when(is_ended).then("ended"),
        has_madrid=by_then("madrid"),
        is_change=pl.col("delivered_on") > pl.min_horizontal(columns),
    ).drop(columns)


def count(part: Part, states: pl.DataFrame) -> pl.DataFrame:
    """Valid classes at each year's end, classes registered and international registrations in each year."""
    tables = []
    for known_at in part.known_at:
        latest = states.filter(pl.col("delivered_on") <= known_at).unique("mark", keep="last", maintain_order=True)
        by_class = latest.explode("classes")
        ends = pl.when(pl.col("status").is_in([1, 2, 3])).then(pl.col("status_day") - pl.duration(days=1))
        stands = by_class.filter(pl.col("known_registered").is_not_null()).with_columns(
            last=pl.min_horizontal("known_until", ends)
        )
        cells, seen = _cells(part, stands), np.full(stands.height, np.datetime64(known_at))
        registered = stands["known_registered"].to_numpy()
        tables += [
            truth.stock([known_at], "tm_valid", cells, registered, stands["last"].to_numpy(), seen),
            truth.flow([known_at], "tm_registrations", cells, registered, seen),
        ]
        abroad = latest.filter("has_madrid")
        days = abroad["madrid"].to_numpy()
        tables.append(
            truth.flow([known_at], "tm_madrid", _cells(part, abroad), days, np.full(len(days), np.datetime64(known_at)))
        )
    return pl.concat(tables)


def _cells(part: Part, rows: pl.DataFrame) -> np.ndarray:
    return part.people["cell"].gather(rows["owner"]).to_numpy()


def _named(marks: pl.DataFrame) -> pl.DataFrame:
    """With registration_no (of the international register where the owner is abroad) and mark_name."""
    number = pl.col("mark").cast(pl.String)
    stem = pl.col("stem").replace_strict(list(range(len(city.STEMS))), list(city.STEMS), return_dtype=pl.String)
    return marks.with_columns(
        registration_no=pl.when("is_foreign").then(pl.lit("G") + number).otherwise(number),
        mark_name=pl.concat_str(pl.lit("合成样例"), stem, (pl.col("mark") % 10_000_000).cast(pl.String)),
    )


def _for_others(marks: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """The registered classes as `protection` sees them."""
    is_renewed = pl.col("renewed").is_not_null()
    twice = pl.when(pl.col("renewed_again").is_not_null()).then("until_30")
    last = twice.when(is_renewed).then("until_20").otherwise("until")
    ended = pl.when(pl.col("end_kind").is_in([1, 2, 3])).then(pl.col("ended") - pl.duration(days=1))
    return (
        marks.filter(pl.col("registered").is_not_null())
        .with_columns(
            last_day=pl.min_horizontal(last, ended),
            cell=people["cell"].gather(marks.filter(pl.col("registered").is_not_null())["owner"]),
        )
        .explode("classes")
        .rename({"classes": "nice_class"})
        .select(pl.col(name).cast(kind) for name, kind in MARKS.items())
    )
