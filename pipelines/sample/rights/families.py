"""Patent families abroad: international applications and members at other offices of inventions of the sample.

Few inventions go abroad; of these a part is granted somewhere, which makes the invention one of high value. How a
member is written is in `family_files`.
"""

import numpy as np
import polars as pl

from pipelines.sample import city, truth
from pipelines.sample.part import HIGH_VALUE, Delivered, Part
from pipelines.sample.patents import year_of
from pipelines.sample.rights import family_files
from pipelines.sample.rights.registers import DAY, NEVER, due, with_names

STREAM = 18
SOURCE = "patent_families"
FILED_ABROAD = dict(
    zip(range(2010, 2025), (14, 18, 22, 26, 31, 38, 46, 55, 64, 74, 88, 104, 118, 130, 142), strict=True)
)
"""Inventions by year of their filing here, of which an international application was filed within the year after."""
OUTSIDE_SHARE = 0.05
WITHOUT_NATIONAL = 12
"""International applications that name no application here; they count, but make nothing valuable."""
OFFICES = ("US", "EP", "JP", "KR")
GRANT_KINDS = {"US": "B2", "EP": "B1", "JP": "B2", "KR": "B1"}
MEMBER_SHARE = {"US": 0.55, "EP": 0.30, "JP": 0.22, "KR": 0.10}
GRANTED_SHARE, ENDED_SHARE, LATE_SHARE, TWICE_PUBLISHED = 0.62, 0.1, 0.02, 0.08
NUMBERS_PER_PART = 5_000
LAST_DAY = np.datetime64("2025-12-24")


def deliver(part: Part) -> Delivered:
    """Write the family members of one part; returns their truth and which inventions have a right abroad."""
    rng = part.rng(STREAM)
    members = draw(rng, part)
    family_files.deliver(part, with_names(part, SOURCE, members, "owner", "delivered_on", rng, has_code=False))
    return Delivered(count(part, members), high_value(members))


def draw(rng: np.random.Generator, part: Part) -> pl.DataFrame:
    """One row per publication of a member.

    Columns: family, application_no (null for none), owner, cell, office, filed, published, granted (null but for
    grant publications), status, kind, member (number of the application abroad), document (number of the publication),
    delivered_on, late.
    """
    inventions = _chosen(rng, part)
    count = len(inventions)
    filed_here = inventions["filing_date"].to_numpy()
    filed = filed_here + rng.integers(200, 365, count) * DAY
    published = filed + rng.integers(170, 330, count) * DAY
    base = inventions.select(
        "application_no",
        pl.col("applicant").cast(pl.Int64).alias("owner"),
        pl.Series("family", np.arange(count) + 1 + part.number * NUMBERS_PER_PART),
        pl.Series("filed", filed),
    )
    groups = [_publication(base, "WO", published, "A1", "pending")]
    again = np.flatnonzero(rng.random(count) < TWICE_PUBLISHED)
    # the search report is published later, under the number of the application's first publication
    groups.append(_publication(base[again], "WO", published[again] + 120 * DAY, "A3", "pending"))
    for office in OFFICES:
        entered = np.flatnonzero(rng.random(count) < MEMBER_SHARE[office])
        some, at = base[entered], filed[entered] + rng.integers(500, 600, len(entered)) * DAY
        some = some.with_columns(pl.Series("filed", at))
        first = at + rng.integers(150, 260, len(entered)) * DAY
        granted = np.flatnonzero(rng.random(len(entered)) < GRANTED_SHARE)
        is_over = np.isin(np.arange(len(entered)), granted) | (rng.random(len(entered)) >= ENDED_SHARE)
        groups.append(_publication(some, office, first, "A1", np.where(is_over, "pending", "ended")))
        on = first[granted] + rng.integers(200, 900, len(granted)) * DAY
        kind = GRANT_KINDS[office]
        groups.append(_publication(some[granted], office, on, kind, "granted", granted=on))
    members = pl.concat(groups).filter(
        (pl.col("published") <= LAST_DAY.item()) & (pl.col("published") >= pl.col("filed"))
    )
    late = rng.random(members.height) < LATE_SHARE
    delivered = due(members["published"].to_numpy(), months=6)
    return members.with_columns(
        pl.Series("late", late),
        pl.Series("delivered_on", np.where(late, due(delivered, months=6), delivered)),
        pl.Series("cell", part.people["cell"].gather(members["owner"])),
    ).sort("delivered_on", "family", "office", "kind")


def _chosen(rng: np.random.Generator, part: Part) -> pl.DataFrame:
    """Inventions that went abroad; some international applications name none."""
    filed_in = year_of(part.inventions["filing_date"].to_numpy())
    is_local = part.inventions["cell"].to_numpy() != city.OUTSIDE
    plain = ~part.inventions["is_divisional"].to_numpy()
    # who goes abroad mostly gets his patent here too
    weight = np.where(part.inventions["granted"].is_not_null().to_numpy(), 5.0, 1.0)
    rows = []
    for year, wanted in FILED_ABROAD.items():
        for local, size in ((True, wanted), (False, round(wanted * OUTSIDE_SHARE))):
            some = np.flatnonzero((filed_in == year) & (is_local == local) & plain)
            rows.append(rng.choice(some, size, replace=False, p=weight[some] / weight[some].sum()))
    chosen = part.inventions[np.sort(np.concatenate(rows))].select("application_no", "filing_date", "applicant")
    unnamed = np.isin(np.arange(chosen.height), rng.choice(chosen.height, WITHOUT_NATIONAL, replace=False))
    return chosen.with_columns(
        application_no=pl.when(pl.Series(unnamed)).then(pl.lit(None, dtype=pl.String)).otherwise("application_no")
    )


def _publication(
    base: pl.DataFrame,
    office: str,
    published: np.ndarray,
    kind: str,
    status: str | np.ndarray,
    granted: np.ndarray | None = None,
) -> pl.DataFrame:
    count = len(published)
    return base.with_columns(
        pl.lit(office).alias("office"),
        pl.Series("published", published.astype("datetime64[D]")),
        pl.Series("granted", granted if granted is not None else np.full(count, NEVER)).cast(pl.Date),
        pl.lit(kind).alias("kind"),
        pl.Series("status", [status] * count if isinstance(status, str) else status, dtype=pl.String),
    )


def count(part: Part, members: pl.DataFrame) -> pl.DataFrame:
    """International applications by filing date, each once however often it is published; grants abroad by day."""
    international = (
        members.filter(pl.col("office") == "WO")
        .sort("delivered_on")
        .unique("family", keep="first", maintain_order=True)
    )
    granted = members.filter(pl.col("granted").is_not_null())
    return pl.concat(
        truth.flow(
            part.known_at,
            indicator,
            rows["cell"].to_numpy(),
            rows[day].to_numpy(),
            rows["delivered_on"].to_numpy(),
        )
        for indicator, rows, day in (
            ("pct_applications", international, "filed"),
            ("overseas_inv_grants", granted, "granted"),
        )
    )


def high_value(members: pl.DataFrame) -> pl.DataFrame:
    """Inventions with a granted member abroad, from the day of its grant."""
    return members.filter(pl.col("granted").is_not_null() & pl.col("application_no").is_not_null()).select(
        "application_no",
        pl.lit("family").alias("category"),
        pl.col("granted").alias("from_date"),
        pl.col("delivered_on").cast(HIGH_VALUE["delivered_on"]),
    )
