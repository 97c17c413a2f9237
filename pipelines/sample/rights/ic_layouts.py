"""Layout-designs of integrated circuits: applications and certificates, handed over once a year; numbers are exact."""

import numpy as np
import polars as pl

from pipelines.sample import city, truth
from pipelines.sample.layout import Format, List
from pipelines.sample.part import Delivered, Part
from pipelines.sample.patents import Applicants
from pipelines.sample.records import KEPT, OUTSIDE
from pipelines.sample.rights import damage
from pipelines.sample.rights.plant_varieties import granted_days
from pipelines.sample.rights.registers import (
    DAY,
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

STREAM = 16
SOURCE = "ic_layouts"
# from 2020 to 2025 some 14% a year: on track
APPLICATIONS = dict(zip(range(2012, 2026), (3, 4, 5, 8, 9, 10, 11, 13, 16, 18, 21, 24, 27, 31), strict=True))
# … and some 1% a year: moderate
CERTIFICATES = dict(zip(range(2013, 2026), (4, 4, 5, 6, 7, 8, 9, 20, 18, 18, 20, 22, 21), strict=True))
OUTSIDERS = 5
NUMBERS_PER_PART = 2_000


def deliver(part: Part) -> Delivered:
    """Write the layouts of one part; returns their truth."""
    rng = part.rng(STREAM)
    layouts = draw(rng, part)
    _deliver(part, with_names(part, SOURCE, known_states(layouts), "owner", "delivered_on", rng, has_code=False))
    cells = layouts["cell"].to_numpy()
    applied, certified = layouts["applied"].to_numpy(), layouts["certified"].to_numpy()
    return Delivered(
        pl.concat(
            [
                truth.flow(part.known_at, "ic_applications", cells, applied, due(applied, months=12)),
                truth.flow(part.known_at, "ic_registrations", cells, certified, due(certified, months=12)),
            ]
        )
    )


def draw(rng: np.random.Generator, part: Part) -> pl.DataFrame:
    """One row per layout: number, owner, cell, applied, certified (null: not yet)."""
    pick = Applicants(rng, without_twins(part.people))
    applied = np.sort(days_of(rng, in_years(APPLICATIONS)))
    certified = granted_days(rng, applied, CERTIFICATES, wait=30)
    beyond = np.sort(days_of(rng, rng.integers(2014, 2025, OUTSIDERS)))
    owner = np.concatenate([pick.inside(len(applied)), pick.outside(OUTSIDERS)])
    cells = part.people["cell"].gather(owner).to_numpy()
    return pl.DataFrame(
        {
            "number": np.arange(len(owner)) + 1 + part.number * NUMBERS_PER_PART,
            "owner": owner,
            "cell": cells,
            "applied": np.concatenate([applied, beyond]),
            "certified": np.concatenate([certified, beyond + 90 * DAY]),
            "district": districts(cells, rng, 0.5),
        }
    )


def known_states(layouts: pl.DataFrame) -> pl.DataFrame:
    """One row per layout and delivery: applied for, and certified in a later year."""
    tables = []
    for column in ("applied", "certified"):
        seen = pl.Series("delivered_on", due(layouts[column].to_numpy(), months=12))
        tables.append(layouts.with_columns(seen).filter(pl.col("delivered_on").is_not_null()))
    rows = pl.concat(tables).unique(["number", "delivered_on"]).sort("delivered_on", "number")
    end_of_year = ((pl.col("delivered_on").dt.year() - 1).cast(pl.String) + "-12-31").str.to_date()
    return rows.with_columns(certified=pl.when(pl.col("certified") <= end_of_year).then("certified"))


def _deliver(part: Part, rows: pl.DataFrame) -> None:
    serial = pl.col("number").cast(pl.String).str.zfill(6)
    texts = rows.with_columns(
        registration_no=pl.format("BS.{}{}", pl.col("applied").dt.strftime("%y"), serial),
        layout=pl.format("合成样例芯片{}", "number"),
    )
    marked = labelled(texts, _cases(), is_first=part.is_first)
    deliver_all(part, SOURCE, marked, lambda period: f"合成_集成电路布图设计_{period}", FORMATS, List(_list))


def _cases() -> list[Case]:
    return [
        ("layout_elsewhere", pl.col("cell") == city.OUTSIDE, OUTSIDE, "外市权利人"),
        ("layout_pending", pl.col("certified").is_null(), KEPT, "尚未颁证"),
        ("layout_zone", pl.col("district").is_in(["高新区", "经开区"]), KEPT, "区县栏写功能区"),
    ]


def _list(rows: pl.DataFrame) -> pl.DataFrame:
    """The gazette's list of registered layouts; creators are persons and must vanish."""
    return rows.select(
        (pl.int_range(pl.len()) + 1).cast(pl.String).alias("序号"),
        pl.col("registration_no").alias("布图设计登记号"),
        pl.col("layout").alias("布图设计名称"),
        pl.col("name").alias("布图设计权利人"),
        pl.lit("样例人甲").alias("布图设计创作人"),
        pl.col("address").alias("地址"),
        pl.col("district").alias("区县"),
        printed("applied", "%Y年%m月%d日").alias("申请日"),
        printed("certified", "%Y年%m月%d日").alias("颁证日"),
    )


def _workbook(table: pl.DataFrame, *, header: bool = True) -> bytes:
    return workbooks.workbook(table, titles=("合成样例：布图设计登记清单",), total="合计")


FORMATS: dict[str, list[tuple[Format, int | None]]] = {
    "2018H2": [(List(_list, _workbook, ".xlsx", rows_before=2, is_whole=True), None)],
    "2020Q4": [(List(_list, damage=damage.layouts), None)],
}
