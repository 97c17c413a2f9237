"""Population and officially published figures of the sample: at scale 1 real published values with their document.

At a larger scale numbers of people and patents are multiplied and marked as synthetic, so that ratios stay.
"""

import datetime

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
# indicator, period, value, unit, published on, publisher, document; the last flag: a count, which grows with the city
OFFICIAL = (
    (
        "inv_applications",
        "2016-2020",
        24_500,
        "件",
        "2021-12-10",
        "淄博市人民政府办公室",
        "淄政办字〔2021〕104号",
        True,
    ),
    ("inv_grants", "2016-2020", 5_422, "件", "2021-12-10", "淄博市人民政府办公室", "淄政办字〔2021〕104号", True),
    (
        "inv_valid_per_10k",
        "2020",
        14.69,
        "件/万人",
        "2021-12-10",
        "淄博市人民政府办公室",
        "淄政办字〔2021〕104号",
        False,
    ),
    ("inv_valid_per_10k", "2022", 19.62, "件/万人", "2023-01-31", "公开报道", "2022年山东省发明专利拥有量报道", False),
)


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
    """Population in persons, in 万人 and as a workbook; the plan's figures in the month after the plan."""
    for delivered, first, last, unit in DELIVERIES:
        _population(landing, scale, delivered, (first, last), unit)
    _official(landing, scale, "2022-01-20", "2021-12-31")
    _official(landing, scale, "2023-04-15", "2023-12-31")


def _population(landing: Landing, scale: int, delivered: str, published: tuple[str, str], unit: int) -> None:
    rows = [row for row in POPULATION if published[0] <= row[4] <= published[1]]
    header = "人口数（人）" if unit == 1 else "人口数（万人）"
    table = pl.DataFrame(
        {
            "行政区划代码": ["370300"] * len(rows),
            "地区": ["淄博市"] * len(rows),
            "时点": [day for day, *_ in rows],
            "口径": [kind for _, kind, *_ in rows],
            header: [_number(persons * scale, unit) for _, _, persons, *_ in rows],
            "数据版本": [vintage if scale == 1 else SYNTHETIC for *_, vintage, _ in rows],
            "公布日期": [day for *_, day in rows],
            "公布单位": ["淄博市统计局" if scale == 1 else SYNTHETIC] * len(rows),
        }
    )
    name = f"population/{delivered}/合成_人口_{delivered[:4]}"
    if delivered.startswith("2021"):
        landing.put(f"{name}.xlsx", workbooks.workbook(table, titles=("合成样例：人口数据",)), table.height)
    else:
        landing.put(f"{name}.csv", encodings.utf8_with_mark(table), table.height)


def _number(persons: int, unit: int) -> str:
    return f"{persons:,}" if unit == 1 else f"{persons / unit:.2f}"


def _official(landing: Landing, scale: int, delivered: str, until: str) -> None:
    rows = [row for row in OFFICIAL if row[4] <= until]
    if delivered > "2023":
        rows = [row for row in rows if row[4] > "2022"]
    table = pl.DataFrame(
        {
            "指标编号": [row[0] for row in rows],
            "行政区划代码": ["370300"] * len(rows),
            "地区": ["淄博市"] * len(rows),
            "统计期间": [row[1] for row in rows],
            "数值": [str(row[2] * scale if row[7] else row[2]) for row in rows],
            "单位": [row[3] for row in rows],
            "公布日期": [row[4] for row in rows],
            "公布单位": [row[5] for row in rows],
            "文件": [row[6] if scale == 1 else f"{SYNTHETIC}：{row[6]}" for row in rows],
            "备注": [_remark(row[5]) if scale == 1 else "按倍数放大" for row in rows],
        }
    )
    landing.put(
        f"official_figures/{delivered}/合成_公布数据_{delivered[:4]}.csv", encodings.utf8_with_mark(table), len(rows)
    )


def _remark(publisher: str) -> str:
    return "转载报道，公布日期为推定" if publisher == "公开报道" else ""
