"""Registered software and works: yearly numbers are exact, owners and days are drawn around them.

One row is one registration; the place is told by the district, by the owner's address, or by both.
"""

import datetime

import numpy as np
import polars as pl

from pipelines.sample import city, layout, truth
from pipelines.sample.layout import Format, List
from pipelines.sample.part import Delivered, Part
from pipelines.sample.patents import Applicants
from pipelines.sample.records import KEPT, LABEL_COLUMNS, OUTSIDE
from pipelines.sample.rights import damage
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
)
from pipelines.sample.writers import encodings, workbooks

STREAM = 12
SOURCE = "copyrights"
YEARS = range(2013, 2026)
# from 2020 to 2025 some 12% a year: on track by the branch for directions without target value
SOFTWARE = dict(zip(YEARS, (180, 230, 300, 380, 470, 590, 730, 900, 1010, 1130, 1260, 1420, 1600), strict=True))
# … and some 1% a year: moderate
WORKS = dict(zip(YEARS, (150, 190, 240, 300, 380, 460, 540, 620, 622, 641, 655, 648, 652), strict=True))
INDICATORS = {"software": "cr_software", "works": "cr_works"}
OUTSIDE_SHARE, LATE_SHARE = 0.02, 0.01
NUMBERS_PER_PART = 20_000
WORK_KINDS = {"F": "美术作品", "A": "文字作品", "G": "摄影作品", "B": "音乐作品", "J": "产品设计图"}


def deliver(part: Part) -> Delivered:
    """Write the registrations of one part; returns their truth."""
    rng = part.rng(STREAM)
    tables = []
    for kind, counts in (("software", SOFTWARE), ("works", WORKS)):
        rows = draw(rng, part, kind, counts)
        _deliver(part, kind, with_names(part, SOURCE, rows, "owner", "registered", rng))
        cells, seen = rows["cell"].to_numpy(), rows["delivered_on"].to_numpy()
        tables.append(truth.flow(part.known_at, INDICATORS[kind], cells, rows["registered"].to_numpy(), seen))
    if part.is_first:
        damage.take_back_copyright(part.landing)
        damage.declare_copyright_error(part.landing)
    return Delivered(pl.concat(tables))


def draw(rng: np.random.Generator, part: Part, kind: str, counts: dict[int, int]) -> pl.DataFrame:
    """One row per registration: number, owner, cell, registered, published_first, district, delivered_on, late."""
    pick = Applicants(rng, part.people)
    years, outside = in_years(counts), in_years({year: round(n * OUTSIDE_SHARE) for year, n in counts.items()})
    owner = np.concatenate([pick.inside(len(years)), pick.outside(len(outside))])
    registered = days_of(rng, np.concatenate([years, outside]))
    order = np.argsort(registered, kind="stable")
    owner, registered = owner[order], registered[order]
    cells = part.people["cell"].gather(owner).to_numpy()
    count = len(owner)
    late = rng.random(count) < LATE_SHARE
    delivered = due(registered, months=6)
    published = np.where(rng.random(count) < 0.6, registered - rng.integers(30, 500, count) * DAY, np.datetime64("NaT"))
    return pl.DataFrame(
        {
            "number": np.arange(count) + 1 + part.number * NUMBERS_PER_PART,
            "owner": owner,
            "cell": cells,
            "registered": registered,
            "published_first": published.astype("datetime64[D]"),
            "district": districts(cells, rng, 0.6),
            "without_address": rng.random(count) < 0.4,
            "letter": rng.choice(np.array(list(WORK_KINDS)), count),
            "late": late,
            "delivered_on": np.where(late, due(delivered, months=6), delivered),
        }
    ).with_columns(
        pl.lit(kind).alias("kind"),
        # the two spellings of a district's column that say nothing of a district
        district=pl.when((pl.col("district") == "市本级") & (pl.col("number") % 2 == 0))
        .then(pl.lit("市辖区"))
        .otherwise("district"),
    )


def _deliver(part: Part, kind: str, rows: pl.DataFrame) -> None:
    is_without = pl.col("without_address") & pl.col("district").is_not_null()
    year = pl.col("registered").dt.year()
    if kind == "software":
        number = pl.format("{}SR{}", year, pl.col("number").cast(pl.String).str.zfill(7))
    else:
        serial = pl.col("number").cast(pl.String).str.zfill(8)
        number = pl.format("鲁作登字-{}-{}-{}", year, "letter", serial)
    texts = rows.with_columns(
        registration_no=number,
        certificate_no=pl.format("软著登字第{}号", pl.col("number").cast(pl.String).str.zfill(7)),
        title=pl.format("合成样例{}第{}号", pl.lit("软件" if kind == "software" else "作品"), "number"),
        address=pl.when(is_without).then(None).otherwise("address"),
    )
    marked = labelled(texts.sort("delivered_on", "number"), _cases(), is_first=part.is_first)
    name = "软件著作权" if kind == "software" else "作品登记"
    form = _software if kind == "software" else _works
    formats = _formats(kind)
    if part.is_first and kind == "works":
        marked = _correct_later(part, marked)
    deliver_all(part, SOURCE, marked, lambda period: f"合成_{name}_{period}", formats, List(form))


WRONGLY_PLACED, CORRECTED_ON = datetime.date(2019, 1, 25), "2019-07-15"


def _correct_later(part: Part, rows: pl.DataFrame) -> pl.DataFrame:
    """Some works of one delivery with a wrong district, which a list of the next delivery puts right; returns all."""
    in_delivery = (pl.col("delivered_on") == WRONGLY_PLACED) & pl.col("district").is_not_null()
    numbers = rows.filter(in_delivery & pl.col("plant").is_null())["number"].head(5)
    is_wrong = pl.col("number").is_in(numbers.implode())
    stem = f"合成_作品登记_更正_{CORRECTED_ON}"
    layout.deliver(part.landing, SOURCE, stem, CORRECTED_ON, rows.filter(is_wrong), [(List(_works), None)])
    part.landing.plant(f"{SOURCE}/{CORRECTED_ON}/{stem}.csv", 0, "works_again", "corrected", "更正上一期误写的区县")
    labels = zip(LABEL_COLUMNS, ("district_corrected_later", "corrected", "区县误作他区，下一期更正"), strict=True)
    return rows.with_columns(
        pl.when(is_wrong & (pl.col("district") == "沂源县"))
        .then(pl.lit("高青县"))
        .when(is_wrong)
        .then(pl.lit("沂源县"))
        .otherwise("district")
        .alias("district"),
        *(pl.when(is_wrong).then(pl.lit(word)).otherwise(name).alias(name) for name, word in labels),
    )


def _cases() -> list[Case]:
    district, address = pl.col("district"), pl.col("address")
    return [
        ("copyright_elsewhere", pl.col("cell") == city.OUTSIDE, OUTSIDE, "外市著作权人"),
        ("zone_as_district", district.is_in(["高新区", "经开区", "文昌湖区"]), KEPT, "区县栏写功能区"),
        ("city_as_district", district.is_in(["市本级", "市辖区"]), KEPT, "区县栏未写区县，计入未分配"),
        ("district_only", district.is_not_null() & address.is_null(), KEPT, "只有区县栏，没有地址"),
        ("address_only", district.is_null() & address.is_not_null(), KEPT, "只有地址，没有区县栏"),
        ("renamed_copyright_owner", pl.col("name").str.contains("更名"), KEPT, "著作权人已更名"),
        ("never_published", pl.col("published_first").is_null(), KEPT, "首次发表日期写作“未发表”"),
        ("late_copyright", pl.col("late"), KEPT, "晚一期才交付"),
    ]


def _software(rows: pl.DataFrame) -> pl.DataFrame:
    """The bureau's list of software."""
    return rows.select(
        (pl.int_range(pl.len()) + 1).cast(pl.String).alias("序号"),
        pl.col("registration_no").alias("登记号"),
        pl.col("certificate_no").alias("证书号"),
        pl.col("title").alias("软件名称"),
        pl.lit("V1.0").alias("版本号"),
        pl.lit("计算机软件").alias("登记类型"),
        pl.col("name").alias("著作权人"),
        pl.col("credit_code").alias("统一社会信用代码"),
        pl.col("address").alias("著作权人地址"),
        pl.col("district").alias("区县"),
        printed("published_first").fill_null("未发表").alias("首次发表日期"),
        pl.lit("原始取得").alias("权利取得方式"),
        printed("registered").alias("登记日期"),
    )


def _works(rows: pl.DataFrame) -> pl.DataFrame:
    """The province's list of works; the author's own name is nobody's business."""
    kind = pl.col("letter").replace_strict(WORK_KINDS, return_dtype=pl.String)
    return rows.select(
        pl.col("registration_no").alias("作品登记号"),
        pl.col("title").alias("作品名称"),
        kind.alias("作品类别"),
        pl.col("name").alias("著作权人"),
        pl.lit("样例人甲").alias("作者姓名"),
        pl.col("credit_code").alias("信用代码"),
        pl.col("address").alias("地址"),
        pl.col("district").alias("所属区县"),
        printed("published_first", "%Y.%m.%d").alias("首次发表日期"),
        printed("registered", "%Y.%m.%d").alias("登记日期"),
    )


def _workbook(table: pl.DataFrame, *, header: bool = True) -> bytes:
    return workbooks.workbook(table, titles=("合成样例：著作权登记清单",), total="合计")


def _formats(kind: str) -> dict[str, list[tuple[Format, int | None]]]:
    if kind == "software":
        return {
            "2016H2": [(List(_software, _workbook, ".xlsx", rows_before=2, is_whole=True), None)],
            "2018H2": [(List(_software, damage=damage.copyrights), None)],
            "2019Q2": [(List(_software, encodings.utf8_with_mark), None)],
            "2021Q4": [(List(_software, damage=damage.copyright_to_be_withdrawn), None)],
        }
    return {
        "2017H1": [(List(_works, encodings.utf16_tabs, ".txt", is_whole=True), None)],
        "2019Q4": [(List(_works, encodings.utf8_with_mark, damage=damage.works), None)],
        "2023Q2": [(List(_works, _workbook, ".xlsx", rows_before=2, is_whole=True), None)],
    }
