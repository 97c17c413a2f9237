"""Plant varieties: applications and grants of two registers, handed over once a year; every number is exact.

A variety's row comes again whenever something about it changed: grant, end.
"""

import numpy as np
import polars as pl

from pipelines.sample import city, truth
from pipelines.sample.layout import Format, List
from pipelines.sample.part import Delivered, Part
from pipelines.sample.patents import Applicants
from pipelines.sample.records import KEPT, OUTSIDE
from pipelines.sample.rights import damage
from pipelines.sample.rights.registers import (
    DAY,
    NEVER,
    Case,
    days_of,
    deliver_all,
    districts,
    due,
    in_years,
    labelled,
    printed,
    with_names,
    without_twins,
)
from pipelines.sample.writers import workbooks

STREAM = 14
SOURCE = "plant_varieties"
# from 2020 to 2025 some 0.4% a year: limited
APPLICATIONS = dict(zip(range(2011, 2026), (10, 12, 15, 18, 20, 24, 28, 33, 38, 48, 50, 47, 51, 50, 49), strict=True))
# … and falling: deteriorating
GRANTS = dict(zip(range(2012, 2026), (2, 4, 5, 6, 8, 10, 13, 16, 22, 24, 21, 20, 20, 19), strict=True))
OUTSIDERS = 12
ENDED_SHARE = 0.08
NUMBERS_PER_PART = 2_000
REGISTERS = {"agriculture": "农业", "forestry": "林草"}
SPECIES = {"agriculture": ("小麦", "玉米", "大豆", "辣椒"), "forestry": ("苹果属", "蔷薇属", "杨属", "紫薇")}


def deliver(part: Part) -> Delivered:
    """Write the varieties of one part; returns their truth."""
    rng = part.rng(STREAM)
    varieties = draw(rng, part)
    states = known_states(varieties)
    _deliver(part, with_names(part, SOURCE, states, "owner", "delivered_on", rng, has_code=False))
    cells = varieties["cell"].to_numpy()
    applied, granted = varieties["applied"].to_numpy(), varieties["granted"].to_numpy()
    return Delivered(
        pl.concat(
            [
                truth.flow(part.known_at, "pv_applications", cells, applied, due(applied, months=12)),
                truth.flow(part.known_at, "pv_grants", cells, granted, due(granted, months=12)),
            ]
        )
    )


def draw(rng: np.random.Generator, part: Part) -> pl.DataFrame:
    """One row per variety: number, owner, cell, register, applied, granted and ended (null for neither)."""
    pick = Applicants(rng, without_twins(part.people))
    applied = np.sort(days_of(rng, in_years(APPLICATIONS)))
    granted = granted_days(rng, applied, GRANTS, wait=400)
    beyond = np.sort(days_of(rng, rng.integers(2012, 2025, OUTSIDERS)))
    owner = np.concatenate([pick.inside(len(applied)), pick.outside(OUTSIDERS)])
    applied = np.concatenate([applied, beyond])
    granted = np.concatenate([granted, np.full(OUTSIDERS, NEVER)])
    count = len(owner)
    ends = granted + rng.integers(400, 1500, count) * DAY
    told = (rng.random(count) < ENDED_SHARE) & ~np.isnat(granted) & (ends < np.datetime64("2025-12-01"))
    cells = part.people["cell"].gather(owner).to_numpy()
    return pl.DataFrame(
        {
            "number": np.arange(count) + 1 + part.number * NUMBERS_PER_PART,
            "owner": owner,
            "cell": cells,
            "register": rng.choice(np.array(list(REGISTERS)), count, p=[0.7, 0.3]),
            "applied": applied,
            "granted": granted,
            "ended": np.where(told, ends, NEVER),
            "district": districts(cells, rng, 0.8),
        }
    )


def granted_days(rng: np.random.Generator, applied: np.ndarray, grants: dict[int, int], *, wait: int) -> np.ndarray:
    """As many grants a year as asked for: those first applied for, at least `wait` days after the application."""
    result = np.full(len(applied), NEVER)
    first = 0
    for year, count in grants.items():
        rows = np.arange(first, first + count)
        days = np.maximum(days_of(rng, np.full(count, year)), applied[rows] + wait * DAY)
        if (days > np.datetime64(f"{year}-12-30")).any():
            raise ValueError(f"sample city {year}: {count} grants are more than was applied for in time")
        result[rows] = days
        first += count
    return result


def known_states(varieties: pl.DataFrame) -> pl.DataFrame:
    """One row per variety and delivery that changed something, with what is known by then."""
    tables = []
    for column in ("applied", "granted", "ended"):
        seen = pl.Series("delivered_on", due(varieties[column].to_numpy(), months=12))
        tables.append(varieties.with_columns(seen).filter(pl.col("delivered_on").is_not_null()))
    rows = pl.concat(tables).unique(["number", "delivered_on"]).sort("delivered_on", "number")
    end_of_year = (pl.col("delivered_on").dt.year() - 1).cast(pl.String) + "-12-31"
    return rows.with_columns(
        pl.when(pl.col(name) <= end_of_year.str.to_date()).then(name).alias(name) for name in ("granted", "ended")
    )


def _deliver(part: Part, rows: pl.DataFrame) -> None:
    letters = {"agriculture": "CNA", "forestry": "CNF"}
    species = pl.concat_list(
        pl.when(pl.col("register") == "agriculture").then(pl.lit(a)).otherwise(pl.lit(f))
        for a, f in zip(*SPECIES.values(), strict=True)
    )
    letter = pl.col("register").replace_strict(letters, return_dtype=pl.String)
    serial = pl.col("number").cast(pl.String).str.zfill(6)
    texts = rows.with_columns(
        application_no=pl.format("{}{}{}", letter, pl.col("applied").dt.year(), serial),
        grant_no=pl.when(pl.col("granted").is_not_null()).then(pl.format("{}{}G", letter, serial)),
        species=species.list.get(pl.col("number") % 4),
        variety=pl.format("合成样例{}号", "number"),
        register_word=pl.col("register").replace_strict(REGISTERS, return_dtype=pl.String),
    )
    for register in REGISTERS:
        some = labelled(texts.filter(pl.col("register") == register), _cases(), is_first=part.is_first)
        name = "农业植物新品种" if register == "agriculture" else "林草植物新品种"
        deliver_all(part, SOURCE, some, lambda period, name=name: f"合成_{name}_{period}", FORMATS[register], LIST)  # type: ignore[misc]


def _cases() -> list[Case]:
    return [
        ("variety_elsewhere", pl.col("cell") == city.OUTSIDE, OUTSIDE, "外市申请人"),
        ("variety_ended", pl.col("ended").is_not_null(), KEPT, "品种权终止，授权量不变"),
        ("variety_granted_later", pl.col("granted").is_not_null(), KEPT, "申请之后的年度交付补上授权"),
    ]


def _list(rows: pl.DataFrame) -> pl.DataFrame:
    """The yearly list of either register."""
    return rows.select(
        pl.col("application_no").alias("申请号"),
        pl.col("variety").alias("品种名称"),
        pl.col("species").alias("植物种类"),
        pl.col("register_word").alias("登记机关"),
        pl.col("name").alias("申请人"),
        pl.col("address").alias("地址"),
        pl.col("district").alias("区县"),
        printed("applied").alias("申请日"),
        pl.col("grant_no").alias("品种权号"),
        printed("granted").alias("授权日"),
        printed("ended").alias("终止日"),
    )


def _workbook(table: pl.DataFrame, *, header: bool = True) -> bytes:
    groups = (("品种", 4), ("申请人", 3), ("日期", 4))
    return workbooks.workbook(table, titles=("合成样例：植物新品种清单",), total="合计", groups=groups)


LIST = List(_list)
FORMATS: dict[str, dict[str, list[tuple[Format, int | None]]]] = {
    "agriculture": {
        "2017H2": [(List(_list, _workbook, ".xlsx", rows_before=3, is_whole=True), None)],
        "2019Q4": [(List(_list, damage=damage.varieties), None)],
    },
    "forestry": {},
}
