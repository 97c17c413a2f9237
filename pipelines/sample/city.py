"""The invented city: its regions, addresses, applicants, titles and classes. No dates, no patents.

Everything is visibly synthetic: names carry `合成样例`, titles begin with `【合成】`, persons are `样例人甲`.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

CITY = "370300"
UNALLOCATED = "3703ZZ"
OUTSIDE = -1


@dataclass(frozen=True)
class Cell:
    """The smallest area the sample draws from; it lies in one region of each view (design 6)."""

    statutory: str | None
    """Region in the statutory view; None outside the city."""
    management: str | None
    weight: float
    """Share of the city's patents."""
    places: tuple[str, ...]
    """Written forms of the place, up to where the street begins."""
    person_place: str | None = None
    """How a natural person's address ends, cut after the district; None: no persons are drawn here."""


CELLS: tuple[Cell, ...] = (
    Cell("370302", "370302", 0.086, ("255100山东省淄博市淄川区", "255100 淄博市淄川区"), "255100山东省淄博市淄川区"),
    Cell(
        "370303",
        "370303",
        0.215,
        # the town alone says which district it is
        ("255000山东省淄博市张店区", "255022 山东省淄博市张店区", "255051山东省淄博市南定镇"),
        "255000山东省淄博市张店区",
    ),
    Cell("370304", "370304", 0.075, ("255200山东省淄博市博山区",), "255200山东省淄博市博山区"),
    Cell(
        "370305", "370305", 0.145, ("255400山东省淄博市临淄区", "255400 山东省淄博市临淄区"), "255400山东省淄博市临淄区"
    ),
    Cell(
        "370306",
        "370306",
        0.058,
        # the district's own economic development zone is not the city's
        ("255300山东省淄博市周村区", "255300山东省淄博市周村区经济开发区"),
        "255300山东省淄博市周村区",
    ),
    Cell(
        "370321",
        "370321",
        0.125,
        ("256400山东省淄博市桓台县", "256400 山东省淄博市桓台县", "256400山东省淄博市桓台县经济开发区"),
        "256400山东省淄博市桓台县",
    ),
    Cell("370322", "370322", 0.030, ("256300山东省淄博市高青县",), "256300山东省淄博市高青县"),
    Cell("370323", "370323", 0.050, ("256100山东省淄博市沂源县",), "256100山东省淄博市沂源县"),
    Cell(
        "370303",
        "3703A1",
        0.155,
        (
            "255086山东省淄博市高新区",
            "255086 山东省淄博市高新技术产业开发区",
            "255086山东省淄博市张店区高新区",
            "255086山东省淄博市淄博高新区",
            "255000山东省淄博市张店区四宝山街道",
            "255000山东省淄博市张店区中埠镇",
        ),
    ),
    Cell("370303", "3703A2", 0.023, ("255000山东省淄博市经济开发区", "255000山东省淄博市张店区经济开发区")),
    Cell("370306", "3703A2", 0.003, ("255300山东省淄博市周村区北郊镇淄博经济开发区",)),
    Cell(
        "370306",
        "3703A3",
        0.012,
        (
            "255300山东省淄博市文昌湖区",
            "255300山东省淄博市文昌湖旅游度假区",
            "255300山东省淄博市周村区文昌湖旅游度假区",
            "255300山东省淄博市周村区萌水镇",
            "255300山东省淄博市商家镇",
        ),
    ),
    Cell(UNALLOCATED, UNALLOCATED, 0.023, ("255000山东省淄博市",), "255000山东省淄博市"),
)
ELSEWHERE = Cell(
    None,
    None,
    1.0,
    (
        "250000山东省济南市历下区",
        "266000 山东省青岛市市南区",
        "257000山东省东营市东营区淄博路",
        "261000山东省潍坊市奎文区",
        "100080北京市海淀区",
        "518000广东省深圳市南山区",
        "410081 湖南省长沙市岳麓区",
        "美国新泽西州",
        "日本东京都",
    ),
    "250000山东省济南市历下区",
)

DISTRICTS: tuple[str | None, ...] = (
    *("淄川区", "张店区", "博山区", "临淄区", "周村区", "桓台县", "高青县", "沂源县"),
    *("高新区", "经开区", None, "文昌湖区", "市本级"),
)
"""What ledgers write in their column of districts, by cell; None where only an address tells the statutory district."""

ROADS = (
    "柳泉路",
    "联通路",
    "人民路",
    "新村西路",
    "昌国路",
    "中心路",
    "张周路",
    "鲁泰大道",
    "心环路",
    "齐鲁大道",
    "开发路",
    "民祥路",
)
TRADES = (
    "新材料",
    "陶瓷",
    "化工",
    "机械制造",
    "生物医药",
    "膜材料",
    "玻璃制品",
    "电气",
    "仪器仪表",
    "耐火材料",
    "汽车零部件",
    "环保科技",
)
STEMS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"

# Symbols matched by a rule without keyword condition in the SEI concordance of 2021 …
SEI_SYMBOLS = (
    *("C08F4/642", "C08G64/06", "C08L71/12", "B01J37/08", "B01J38/10", "B01J31/04", "C03C10/00", "C03C4/08"),
    *("C01B32/05", "B82Y30/00", "B82Y40/00", "A61L29/04", "G01N27/327", "C05F3/00", "A23K20/10", "C12N9/02"),
    *(
        "C07B53/00",
        "C08B37/08",
        "C08L3/02",
        "H02S20/30",
        "H02J7/35",
        "B61L23/04",
        "G01S19/42",
        "D01F2/00",
        "H01F6/06",
    ),
)
# … by no rule at all …
OTHER_SYMBOLS = (
    *("E04H6/14", "A63B22/04", "F26B5/14", "B25B11/00", "B65D25/10", "F16L55/00", "B65B41/12", "A47J31/00"),
    *("E02D17/20", "B08B9/08", "B01F7/18", "F16K1/00", "B24B19/00", "A47B13/00", "E05B15/00", "F27B9/00"),
    *("A61H39/06", "A47C7/00", "B65F1/14", "D06B3/00", "F16B2/02", "E06B3/00", "F16H57/02", "G01K1/00"),
    *("D03D47/00", "A41D13/00"),
)
# … and only by rules that also ask for keywords: these never count, for no title names such a thing.
KEYWORD_ONLY_SYMBOLS = (
    "B65G47/91",
    "B28B7/00",
    "B02C18/14",
    "E04B1/76",
    "C04B33/13",
    "B23B41/00",
    "B66C1/10",
    "B21D37/10",
)
LOCARNO = (
    "06-04",
    "07-01",
    "09-01",
    "09-05",
    "11-02",
    "12-11",
    "13-03",
    "15-09",
    "19-01",
    "23-01",
    "23-06",
    "24-01",
    "25-02",
)

SUBJECTS = (
    "耐磨陶瓷辊棒",
    "复合膜组件",
    "玻璃瓶模具",
    "节能窑炉",
    "水处理装置",
    "催化剂载体",
    "电机转子",
    "包装生产线",
    "检测夹具",
    "输送机构",
)
MANNERS = ("低温", "连续", "多级", "自清洁", "可调", "轻质", "高强", "快速", "分段", "密封")
SUFFIXES = {
    "invention": ("的制备方法", "及其控制方法", "的生产工艺", "及其应用"),
    "utility_model": ("", "用固定装置", "用调节机构", "用冷却结构"),
    "design": ("（样例一）", "（样例二）", "（样例三）", "（样例四）"),
}

ORGANISATIONS = 1800
PERSONS = 900
OUTSIDERS = 260
RENAMED, BRACKETED, TWINS, ALIKE = 24, 60, 8, 10
LABELLED_EVERY = 5
"""Every fifth organisation belongs to the labelled set for party resolution."""
CODES_STREAM = 1
_CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
AGENCIES = tuple(f"合成样例专利代理事务所{n:02d}号 372{n:02d}" for n in range(1, 21))


def applicants(part: int, rng: np.random.Generator) -> pl.DataFrame:
    """One row per applicant of one part of the city: name, kind, cell (OUTSIDE for others), address, weight.

    A part is one whole city at scale 1; names and addresses of different parts differ by their number.
    """
    rows: list[tuple[str, str, int, str, float]] = []
    cells = list(range(len(CELLS)))
    weights = np.array([cell.weight for cell in CELLS])
    person_cells = [i for i in cells if CELLS[i].person_place]
    person_weights = np.array([CELLS[i].weight for i in person_cells])

    for n, cell in enumerate(_in_proportion(cells, weights, ORGANISATIONS)):
        number = part * 10_000 + n
        place = CELLS[cell].places[n % len(CELLS[cell].places)]
        road = ROADS[int(rng.integers(len(ROADS)))]
        name = f"淄博合成样例{TRADES[n % len(TRADES)]}有限公司{number:04d}号"
        if n % 97 == 0:
            name = f"合成样例大学{number:04d}号"
        rows.append((name, "organisation", cell, f"{place}{road}{1 + number % 400}号", float(rng.pareto(1.6)) + 0.2))
    for n, cell in enumerate(_in_proportion(person_cells, person_weights, PERSONS)):
        place = CELLS[cell].person_place or ""
        street = f"{ROADS[n % len(ROADS)]}{1 + n % 90}号" if n % 3 == 0 else ""
        rows.append((f"样例人{STEMS[n % len(STEMS)]}", "natural_person", cell, place + street, 0.5))
    for n in range(OUTSIDERS):
        number = part * 10_000 + 5_000 + n
        place = ELSEWHERE.places[n % len(ELSEWHERE.places)]
        street = "" if place[0] in "美日" else f"{'' if place.endswith('路') else '文化路'}{1 + number % 400}号"
        rows.append((f"合成样例外地实业有限公司{number:04d}号", "organisation", OUTSIDE, place + street, 1.0))
    return pl.DataFrame(
        rows,
        schema={
            "applicant": pl.String,
            "applicant_kind": pl.String,
            "cell": pl.Int8,
            "address": pl.String,
            "weight": pl.Float64,
        },
        orient="row",
    )


def _in_proportion(items: list[int], weights: np.ndarray, total: int) -> list[int]:
    """`total` items, each as often as its weight says, spread evenly; the same for every part."""
    bounds = np.cumsum(weights / weights.sum())
    # a golden-ratio walk visits the unit interval evenly: every cell gets its share and any prefix mixes
    points = (np.arange(total) * 0.6180339887498949 + 0.5) % 1.0
    return [items[min(int(i), len(items) - 1)] for i in np.searchsorted(bounds, points)]


def identified(people: pl.DataFrame, part: int, seed: int, holders: dict[int, date]) -> pl.DataFrame:
    """The applicants as other sources know them, and after them the units of which there are no patents.

    Adds credit_code (organisations only), new_name and renamed_on (the few that changed name), is_labelled (of the
    labelled set for party resolution) and is_twin (another unit has the same name: only the code tells which).
    `holders` are rows that hold a patent, with the day since when: only these have a patent register to announce a new
    name in. All from random numbers of their own, so that names, addresses and patents stay as they were.
    """
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, part, CODES_STREAM])))
    further = _further_units(part)
    everyone = pl.concat([people, further.select(people.columns)])
    is_unit = pl.col("applicant_kind") == "organisation"
    codes = credit_codes(f"{part:02d}", everyone["applicant"].to_list(), everyone["cell"].to_numpy(), rng)
    candidates = np.array(sorted(row for row in holders if row % LABELLED_EVERY == 0))
    new_names: list[str | None] = [None] * everyone.height
    days: list[date | None] = [None] * everyone.height
    for n, row in enumerate(sorted(rng.choice(candidates, min(RENAMED, len(candidates)), replace=False).tolist())):
        new_names[row] = f"淄博合成样例更名{TRADES[n % len(TRADES)]}有限公司{part * 10_000 + row:04d}号"
        # a Tuesday, as all gazette days, after the grant and before the last delivery
        earliest = max(date(2017, 1, 3), holders[row] + timedelta(days=60))
        weeks = max((date(2025, 6, 3) - earliest).days // 7, 1)
        day = earliest + timedelta(weeks=int(rng.integers(0, weeks)))
        days[row] = day + timedelta(days=(1 - day.weekday()) % 7)
    row = pl.int_range(pl.len())
    return everyone.with_columns(
        pl.when(is_unit).then(pl.Series("credit_code", codes)).alias("credit_code"),
        pl.Series("new_name", new_names, pl.String),
        pl.Series("renamed_on", days, pl.Date),
        (is_unit & ((row % LABELLED_EVERY == 0) | (row >= people.height))).alias("is_labelled"),
        pl.Series("is_twin", [False] * people.height + further["is_twin"].to_list()),
    )


def _further_units(part: int) -> pl.DataFrame:
    """Units without patents: with brackets in the name, with a namesake, and with nearly the name of another."""
    names = [
        f"合成样例（淄博）{TRADES[n % len(TRADES)]}有限公司{part * 10_000 + 7_000 + n:04d}号" for n in range(BRACKETED)
    ]
    twins = [f"淄博合成样例同名{STEMS[n]}商贸有限公司{part * 10_000 + 8_000:04d}号" for n in range(TWINS)]
    likes = [
        f"淄博合成样例近名{STEMS[n]}{word}有限公司{part:02d}" for n in range(ALIKE) for word in ("科技", "科技发展")
    ]
    every = [*names, *twins, *twins, *likes]
    inside = [cell for cell in range(len(CELLS)) if CELLS[cell].statutory]
    cells = _in_proportion(inside, np.array([CELLS[cell].weight for cell in inside]), len(every))
    return pl.DataFrame(
        {
            "applicant": every,
            "applicant_kind": ["organisation"] * len(every),
            "cell": pl.Series(cells, dtype=pl.Int8),
            "address": [
                f"{CELLS[cell].places[n % len(CELLS[cell].places)]}{ROADS[n % len(ROADS)]}{401 + n}号"
                for n, cell in enumerate(cells)
            ],
            "weight": [1.0] * len(every),
            "is_twin": [BRACKETED <= n < BRACKETED + 2 * TWINS for n in range(len(every))],
        }
    )


def credit_codes(block: str, names: list[str], cells: np.ndarray, rng: np.random.Generator) -> list[str]:
    """A valid credit code for each name (GB 32100, inner code GB 11714; domain C.4), registered somewhere in the city.

    `block`, two characters, keeps the codes of different calls apart. The registering authority is the city's even
    for units beyond it, for it says nothing of the place.
    """
    serials = rng.choice(1_000_000, len(names), replace=False)
    codes = []
    for name, cell, serial in zip(names, cells.tolist(), serials.tolist(), strict=True):
        area = CELLS[cell].statutory if cell != OUTSIDE else None
        inner = f"{block}{serial:06d}"
        total = sum(int(digit, 36) * weight for digit, weight in zip(inner, (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
        check = {10: "X", 11: "0"}.get(11 - total % 11, str(11 - total % 11))
        body = f"{'12' if '大学' in name else '91'}{area if area and area != UNALLOCATED else CITY}{inner}{check}"
        values = (_CODE_ALPHABET.index(character) * pow(3, place, 31) for place, character in enumerate(body))
        codes.append(body + _CODE_ALPHABET[(31 - sum(values) % 31) % 31])
    return codes


def region(cells: np.ndarray, view: str) -> np.ndarray:
    """Region code of each cell number in `statutory` or `management`; empty string outside the city."""
    names = [getattr(cell, view) for cell in CELLS] + [""]
    return np.array(names)[cells]


def title_column(patent_type: str, number: pl.Expr) -> pl.Expr:
    """`【合成】一种…` built from the running number, so that titles differ and repeat no real one."""
    suffixes = SUFFIXES[patent_type]

    def pick(words: tuple[str, ...], step: int) -> pl.Expr:
        position = (number // step) % len(words)
        return position.replace_strict(list(range(len(words))), list(words), return_dtype=pl.String)

    opening = "【合成】" if patent_type == "design" else "【合成】一种"
    return pl.concat_str(
        pl.lit(opening),
        pick(MANNERS, 1),
        pick(SUBJECTS, 10),
        pick(suffixes, 100),
        pl.lit("第"),
        number.cast(pl.String),
        pl.lit("例"),
    )
