"""Population and officially published figures of the sample: at scale 1 real published values.

At a larger scale they are multiplied and marked as synthetic, so that ratios stay.
"""

from pathlib import Path

CENSUS = "第七次全国人口普查公报"
POPULATION_HEADER = "行政区划代码,地区,时点,口径,人数,数据版本,发布日期,发布机构\n"
# region, name, reference date, kind, persons, vintage, published on, publisher
POPULATION = (
    (
        "370300",
        "淄博市",
        "2010-11-01",
        "常住人口",
        4_530_600,
        "第六次全国人口普查",
        "2011-05-20",
        "淄博市统计局",
    ),
    ("370300", "淄博市", "2012-12-31", "常住人口", 4_579_300, "年末公布", "2013-03-15", "淄博市统计局"),
    ("370300", "淄博市", "2013-12-31", "常住人口", 4_592_600, "年末公布", "2014-03-14", "淄博市统计局"),
    (
        "370300",
        "淄博市",
        "2020-11-01",
        "常住人口",
        4_704_138,
        "第七次全国人口普查",
        "2021-05-28",
        "淄博市统计局",
    ),
    ("370300", "淄博市", "2022-12-31", "常住人口", 4_705_900, "年末公布", "2023-03-20", "淄博市统计局"),
    # household registration looks like the denominator and is not (domain B.8)
    ("370300", "淄博市", "2009-12-31", "户籍人口", 4_214_057, "年末公布", "2010-03-20", "淄博市公安局"),
    ("370300", "淄博市", "2022-12-31", "户籍人口", 4_307_800, "年末公布", "2023-03-20", "淄博市公安局"),
)


def population_csv(scale: int, delivered: str) -> str:
    """Lines published by the delivery day, header first."""
    lines = []
    for code, name, day, kind, persons, vintage, published, publisher in POPULATION:
        if published <= delivered:
            cells = (
                code,
                name,
                day,
                kind,
                persons * scale,
                vintage if scale == 1 else "合成样例",
                published,
                publisher,
            )
            lines.append(",".join(map(str, cells)) + "\n")
    return POPULATION_HEADER + "".join(lines)


def write(folder: Path, scale: int) -> list[tuple[str, int]]:
    """Write the population deliveries below `folder`; returns each file with its rows."""
    written = []
    for delivered in ("2015-02-15", "2021-07-15", "2023-04-15"):
        target = folder / "population" / delivered / f"合成_常住人口_{delivered[:4]}.csv"
        target.parent.mkdir(parents=True, exist_ok=True)
        text = population_csv(scale, delivered)
        target.write_bytes(text.encode("utf-8-sig"))
        written.append((target.relative_to(folder).as_posix(), text.count("\n") - 1))
    return written
