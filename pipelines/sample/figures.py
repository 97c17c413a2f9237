"""Population and officially published figures: at scale 1 real published values with their document.

At a larger scale numbers of people and patents are multiplied and marked as synthetic, so that ratios stay.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from pipelines.sample.landing import Landing
from pipelines.sample.writers import encodings, workbooks

SYNTHETIC = "合成样例"
# reference date, kind, persons, vintage, published on
POPULATION = (
    ("2010-11-01", "常住人口", 4_530_600, "第六次全国人口普查", "2011-05-20"),
    ("2012-12-31", "常住人口", 4_579_300, "年末公布", "2013-03-15"),
    ("2013-12-31", "常住人口", 4_592_600, "年末公布", "2014-03-14"),
    ("2020-11-01", "常住人口", 4_704_138, "第七次全国人口普查", "2021-05-28"),
    ("2022-12-31", "常住人口", 4_705_900, "年末公布", "2023-03-20"),
    # household registration looks like the denominator and is not (domain B.8)
    ("2009-12-31", "户籍人口", 4_214_057, "年末公布", "2010-03-20"),
    ("2022-12-31", "户籍人口", 4_307_800, "年末公布", "2023-03-20"),
)


@dataclass(frozen=True)
class Figure:
    """One value as a document printed it."""

    region: str
    indicator: str
    period: str
    value: str
    unit: str
    published: str
    document: str
    publisher: str = "公开报道"
    grows: bool = False
    """A count of the city, which grows with the scale."""

    @property
    def is_dated_by_us(self) -> bool:
        """Whether the day of publication is inferred: reports reached us as undated copies."""
        return self.publisher == "公开报道"


_CITY_PLAN = ("2021-12-10", "淄政办字〔2021〕104号", "淄博市人民政府办公室")
_NATIONAL_PLAN = ("2021-10-09", "国发〔2021〕20号", "国务院")
REGION_NAMES = {"370300": "淄博市", "370000": "山东省", "100000": "全国"}
OFFICIAL = (
    Figure("370300", "inv_applications", "2016-2020", "24500", "件", *_CITY_PLAN, True),
    Figure("370300", "inv_grants", "2016-2020", "5422", "件", *_CITY_PLAN, True),
    Figure("370300", "inv_valid_per_10k", "2020", "14.69", "件/万人", *_CITY_PLAN),
    Figure("370300", "inv_valid_per_10k_rank", "2020", "3", "位", *_CITY_PLAN),
    Figure(
        "370300",
        "pledge_amount_patent",
        "2020",
        "11.1",
        "亿元",
        "2021-04-21",
        "2020年淄博市知识产权工作报道",
        grows=True,
    ),
    Figure("370300", "inv_valid_per_10k", "2022", "19.62", "件/万人", "2023-01-31", "2022年山东省发明专利拥有量报道"),
)
"""Of the city (domain A.1, E.1)."""
# published on, document: what it says of the nation and the province (domain E.2, E.3), only at scale 1
_REPORTS: tuple[tuple[str, str, str, tuple[tuple[str, str, str, str], ...]], ...] = (
    ("2013-04-25", "2012年知识产权保护社会满意度报道", "100000", (("protection_satisfaction", "2012", "63.69", "分"),)),
    ("2014-02-20", "2013年山东省发明专利拥有量报道", "370000", (("inv_valid_per_10k", "2013", "2.89", "件/万人"),)),
    (
        "2016-04-26",
        "2015年全国知识产权数据报道",
        "100000",
        (("protection_satisfaction", "2015", "68.72", "分"), ("pledge_amount", "2015", "848.5", "亿元")),
    ),
    (
        "2018-02-20",
        "2017年山东省发明专利拥有量报道",
        "370000",
        (("inv_valid_per_10k", "2017", "7.57", "件/万人"), ("inv_valid", "2017", "74,590", "件")),
    ),
    ("2019-04-26", "2018年知识产权保护社会满意度报道", "100000", (("protection_satisfaction", "2018", "76.88", "分"),)),
    ("2019-12-25", "2018年全国版权产业报道", "100000", (("copyright_gdp_share", "2018", "7.37", "%"),)),
    (
        "2020-04-26",
        "2019年全国知识产权数据报道",
        "100000",
        (("protection_satisfaction", "2019", "78.98", "分"), ("pledge_amount", "2019", "1,515", "亿元")),
    ),
    (
        "2021-02-20",
        "2020年山东省知识产权质押融资报道",
        "370000",
        (
            ("pledge_amount", "2020", "226.99", "亿元"),
            ("pledge_amount_patent", "2020", "125.53", "亿元"),
            ("pledge_amount_trademark", "2020", "101.46", "亿元"),
            ("pledge_projects_patent", "2020", "1,057", "项"),
            ("pledge_projects_trademark", "2020", "40", "项"),
        ),
    ),
    (
        "2021-11-09",
        "2021年9月末山东省知识产权数据报道",
        "370000",
        (("inv_valid", "2021年第三季度", "14.51万", "件"), ("tm_valid", "2021年第三季度", "195万", "件")),
    ),
    ("2021-12-30", "2020年全国专利密集型产业报道", "100000", (("patent_intensive_gdp_share", "2020", "11.97", "%"),)),
    (
        "2022-01-12",
        "2021年全国知识产权数据报道",
        "100000",
        (
            ("inv_high_value_per_10k", "2021", "7.5", "件/万人"),
            ("pledge_amount", "2021", "3,098", "亿元"),
            ("inv_valid", "2021", "270.4万", "件"),
        ),
    ),
    ("2022-04-26", "2021年知识产权保护社会满意度报道", "100000", (("protection_satisfaction", "2021", "80.61", "分"),)),
    ("2022-12-30", "2021年全国专利密集型产业报道", "100000", (("patent_intensive_gdp_share", "2021", "12.44", "%"),)),
    (
        "2023-01-16",
        "2022年全国知识产权数据报道",
        "100000",
        (
            ("inv_high_value_per_10k", "2022", "9.4", "件/万人"),
            ("pledge_amount", "2022", "4,868.8", "亿元"),
            ("royalties_trade", "2022", "3,872.5", "亿元"),
            ("inv_valid", "2022", "328.0万", "件"),
        ),
    ),
    ("2023-01-31", "2022年山东省发明专利拥有量报道", "370000", (("inv_valid_per_10k", "2022", "18.65", "件/万人"),)),
    ("2023-02-24", "2021年全国版权产业报道", "100000", (("copyright_gdp_share", "2021", "7.41", "%"),)),
    ("2023-04-24", "2022年知识产权保护社会满意度报道", "100000", (("protection_satisfaction", "2022", "81.25", "分"),)),
    # the first vintage; a year later the census moved it to 12.60
    ("2023-12-29", "2022年全国专利密集型产业报道", "100000", (("patent_intensive_gdp_share", "2022", "12.71", "%"),)),
    (
        "2024-01-16",
        "2023年全国知识产权数据报道",
        "100000",
        (
            ("inv_high_value_per_10k", "2023", "11.8", "件/万人"),
            ("pledge_amount", "2023", "8,539.9", "亿元"),
            ("royalties_trade", "2023", "3,765.2", "亿元"),
            ("protection_satisfaction", "2023", "82.04", "分"),
            ("first_instance_settled_share", "2023", "91.9", "%"),
            ("inv_valid", "2023", "401.5万", "件"),
        ),
    ),
    ("2024-02-23", "2022年全国版权产业报道", "100000", (("copyright_gdp_share", "2022", "7.41", "%"),)),
    (
        "2024-04-23",
        "2023年山东省知识产权数据报道",
        "370000",
        (
            ("inv_valid", "2023", "23.96万", "件"),
            ("inv_high_value_per_10k", "2023", "8.57", "件/万人"),
            ("tm_valid", "2023", "264.3万", "件"),
            ("gi_marks", "2023", "869", "件"),
            ("cr_works", "2023", "87万", "件"),
        ),
    ),
    (
        "2024-12-30",
        "2023年全国专利密集型产业报道",
        "100000",
        (("patent_intensive_gdp_share", "2022", "12.60", "%"), ("patent_intensive_gdp_share", "2023", "13.04", "%")),
    ),
    ("2025-02-20", "2024年全国知识产权使用费报道", "100000", (("royalties_trade", "2024", "3,987.1", "亿元"),)),
    (
        "2025-07-17",
        "2025年上半年全国知识产权数据报道",
        "100000",
        (("inv_high_value_per_10k", "2025年上半年", "15.3", "件/万人"),),
    ),
)
REAL = (
    *(
        Figure("100000", indicator, period, value, unit, *_NATIONAL_PLAN)
        for indicator, period, value, unit in (
            ("inv_high_value_per_10k", "2020", "6.3", "件/万人"),
            ("overseas_inv_grants", "2020", "4万", "件"),
            ("pledge_amount", "2020", "2,180", "亿元"),
            ("royalties_trade", "2020", "3,194.4", "亿元"),
            ("patent_intensive_gdp_share", "2019", "11.6", "%"),
            ("copyright_gdp_share", "2019", "7.39", "%"),
            ("protection_satisfaction", "2020", "80.05", "分"),
        )
    ),
    *(
        Figure(region, indicator, period, value, unit, published, document)
        for published, document, region, values in _REPORTS
        for indicator, period, value, unit in values
    ),
)
"""Of the nation and the province: real values, each with the document that says it. 16 for 2025 came after the last
delivery (2026-01-23)."""
OFFICIAL_DELIVERIES = ("2022-01-20", "2022-04-15", "2023-04-15", "2024-04-15", "2025-01-20", "2025-04-15", "2025-10-20")
TARGETS_OF_PUBLISHED_PLANS = {
    "100000": (
        *("inv_high_value_per_10k", "overseas_inv_grants", "pledge_amount", "royalties_trade"),
        *("patent_intensive_gdp_share", "copyright_gdp_share", "protection_satisfaction"),
        "first_instance_settled_share",
    ),
    "370000": ("inv_high_value_per_10k", "pledge_amount"),
}
"""What the plans of the nation and the province measure: their values are the published ones."""


# delivered on, published from and until, unit
DELIVERIES = (
    ("2015-02-15", "2005-01-01", "2014-12-31", 10_000),
    ("2021-07-15", "2012-01-01", "2021-12-31", 1),
    ("2023-04-15", "2014-01-01", "2023-12-31", 1),
)


def residents(known_at: datetime.date, day: datetime.date, scale: int) -> int | None:
    """Resident population of the latest reference date up to `day`, as delivered by `known_at`; None before any."""
    known = [
        (reference, persons * scale)
        for delivered, first, last, _ in DELIVERIES
        for reference, kind, persons, _, published in POPULATION
        if delivered <= known_at.isoformat() and first <= published <= last and kind == "常住人口"
    ]
    return max((entry for entry in known if entry[0] <= day.isoformat()), default=("", None))[1]


def deliver_figures(landing: Landing, scale: int) -> None:
    """Population in persons, in 万人 and as a workbook; each official figure in the delivery after it."""
    for delivered, first, last, unit in DELIVERIES:
        _population(landing, scale, delivered, (first, last), unit)
    _official(landing, scale)


def _population(landing: Landing, scale: int, delivered: str, published: tuple[str, str], unit: int) -> None:
    rows = [row for row in POPULATION if published[0] <= row[4] <= published[1]]
    if scale > 1:
        rows = [(*row[:3], SYNTHETIC, row[4]) for row in rows]
    publisher = "淄博市统计局" if scale == 1 else SYNTHETIC
    table = population_table(rows, publisher=publisher, scale=scale, unit=unit)
    name = f"population/{delivered}/合成_人口_{delivered[:4]}"
    if delivered.startswith("2021"):
        landing.put(f"{name}.xlsx", workbooks.workbook(table, titles=("合成样例：人口数据",)), table.height)
    else:
        landing.put(f"{name}.csv", encodings.utf8_with_mark(table), table.height)


def population_table(
    rows: Sequence[tuple[str, str, int, str, str]], *, publisher: str, scale: int, unit: int = 1
) -> pl.DataFrame:
    """Rows as in POPULATION as the statistics office lists them, in persons or in 万人 (`unit` 10,000)."""
    return pl.DataFrame(
        {
            "行政区划代码": ["370300"] * len(rows),
            "地区": ["淄博市"] * len(rows),
            "时点": [day for day, *_ in rows],
            "口径": [kind for _, kind, *_ in rows],
            "人口数（人）" if unit == 1 else "人口数（万人）": [
                _number(persons * scale, unit) for _, _, persons, *_ in rows
            ],
            "数据版本": [vintage for *_, vintage, _ in rows],
            "公布日期": [day for *_, day in rows],
            "公布单位": [publisher] * len(rows),
        }
    )


def _number(persons: int, unit: int) -> str:
    return f"{persons:,}" if unit == 1 else f"{persons / unit:.2f}"


def delivery(figure: Figure) -> str:
    """The delivery that brings a figure: the first one after its publication."""
    return next(day for day in OFFICIAL_DELIVERIES if day > figure.published)


def _official(landing: Landing, scale: int) -> None:
    for day in OFFICIAL_DELIVERIES:
        own = [figure for figure in OFFICIAL if delivery(figure) == day]
        real = [figure for figure in REAL if delivery(figure) == day] if scale == 1 else []
        for name, figures in (("合成_公布数据", own), ("合成样例所附真实公布数据", real)):
            if figures:
                content = encodings.utf8_with_mark(_table(figures, scale))
                landing.put(f"official_figures/{day}/{name}_{day.replace('-', '')}.csv", content, len(figures))


def _table(figures: list[Figure], scale: int) -> pl.DataFrame:
    def document(figure: Figure) -> str:
        return figure.document if scale == 1 else f"{SYNTHETIC}：{figure.document}"

    def remark(figure: Figure) -> str:
        if scale > 1:
            return "按倍数放大"
        return "转载报道，公布日期为推定" if figure.is_dated_by_us else ""

    def printed(figure: Figure) -> str:
        return str(Decimal(figure.value) * scale) if figure.grows else figure.value

    return pl.DataFrame(
        {
            "指标编号": [figure.indicator for figure in figures],
            "行政区划代码": [figure.region for figure in figures],
            "地区": [REGION_NAMES[figure.region] for figure in figures],
            "统计期间": [figure.period for figure in figures],
            "数值": [printed(figure) for figure in figures],
            "单位": [figure.unit for figure in figures],
            "公布日期": [figure.published for figure in figures],
            "公布单位": [figure.publisher for figure in figures],
            "文件": [document(figure) for figure in figures],
            "备注": [remark(figure) for figure in figures],
        }
    )


def published_values(known_at: datetime.date, scale: int) -> list[tuple[str, str, int, float]]:
    """Yearly values that stand as published: indicator, region, year, value of the newest document known on a day."""
    newest: dict[tuple[str, str, int], tuple[str, float]] = {}
    wanted = {*((region, name) for region, names in TARGETS_OF_PUBLISHED_PLANS.items() for name in names)}
    wanted.add(("370300", "inv_valid_per_10k_rank"))
    for figure in (*OFFICIAL, *(REAL if scale == 1 else ())):
        is_year = figure.period.isdigit()
        if is_year and (figure.region, figure.indicator) in wanted and delivery(figure) <= known_at.isoformat():
            key = (figure.indicator, figure.region, int(figure.period))
            newest[key] = max(newest.get(key, ("", 0.0)), (figure.published, _value(figure)))
    return [(*key, value) for key, (_, value) in sorted(newest.items())]


def _value(figure: Figure) -> float:
    digits = figure.value.replace(",", "")
    return float(digits.removesuffix("万")) * (10_000 if digits.endswith("万") else 1)
