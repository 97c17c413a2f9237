"""Pledges: registrations of patents and marks with their amounts, releases and roll-overs, as ledgers and registry.

One registration may list several rights and repeats its whole amount on every row. The registrations of 2016-20 are
the plan's 245 over 24.89亿元, those of 2011-15 the implied 38 over 3.88, and patents alone in 2020 11.1 (domain E.1).
The numbers are of a series of their own: pledges in the patent event stream are others.
"""

import datetime
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl

from pipelines.sample import city
from pipelines.sample.landing import Landing
from pipelines.sample.protection import files
from pipelines.sample.protection.counts import Count
from pipelines.sample.protection.files import Book, Cells
from pipelines.sample.protection.lines import YEARS, Day, Line, Plant, Town, due, known, shares
from pipelines.sample.writers import encodings

SOURCE = "pledges"
WAN, YI = 10_000, 100_000_000
HIGH_AMOUNT = 10_000_000
"""From this amount on a pledge makes an invention high-value (plan parameter high_pledge_amount)."""
# year: (projects, amount in 万元) of patents, of marks, and of both together
REGISTRATIONS: dict[int, tuple[tuple[int, int], tuple[int, int], tuple[int, int]]] = {
    2011: ((4, 3_000), (0, 0), (0, 0)),
    2012: ((5, 4_200), (1, 800), (0, 0)),
    2013: ((6, 6_000), (1, 1_000), (0, 0)),
    2014: ((8, 9_000), (1, 1_000), (0, 0)),
    2015: ((10, 11_800), (1, 1_000), (1, 1_000)),
    2016: ((24, 15_000), (3, 3_000), (1, 1_000)),
    2017: ((30, 22_500), (5, 5_000), (1, 1_000)),
    2018: ((37, 28_000), (7, 6_000), (1, 2_000)),
    2019: ((46, 35_400), (8, 8_000), (2, 2_000)),
    2020: ((67, 111_000), (11, 6_000), (2, 3_000)),
    2021: ((94, 118_000), (14, 14_000), (2, 3_000)),
    2022: ((128, 150_000), (18, 18_000), (4, 4_000)),
    2023: ((162, 188_000), (22, 24_000), (6, 6_000)),
    2024: ((196, 212_000), (28, 27_000), (6, 7_000)),
    2025: ((220, 246_000), (32, 34_000), (8, 9_000)),
}
KINDS = ("patent", "trademark", "mixed")
ONLY_IN_REGISTRY = {2022: 2, 2023: 3, 2024: 3, 2025: 2}
"""Further trademark pledges that only the registry knows, so that their amounts are unknown."""
SIZES = {"large": "大型", "medium": "中型", "small": "小型", "micro": "微型"}
BANKS = ("合成样例银行股份有限公司淄博分行", "合成样例农村商业银行股份有限公司", "合成样例村镇银行股份有限公司")
Right = tuple[str, str, str]
"""right_type, right_no, right_name"""


@dataclass
class Registration:
    """One pledge registration."""

    number: str
    kind: str
    day: Day
    pledgor: int
    rights: list[Right]
    amount: int | None
    """In yuan, of the whole registration; None where only the registry knows it."""
    released: Day | None = None
    is_rollover: bool = False
    was_rolled_over: bool = False


class Pledges:
    """Draws the registrations of one part."""

    def __init__(self, town: Town, inventions: pl.DataFrame) -> None:
        self.town = town
        self.drawn: list[Registration] = []
        self.held: dict[int, list[tuple[Day, str, str]]] = defaultdict(list)
        self.granted: list[tuple[Day, int]] = []
        eligible = inventions.filter(
            pl.col("granted").is_not_null()
            & (pl.col("patentee_cell") != city.OUTSIDE)
            & (pl.col("patentee_cell") != 10)
            & (pl.col("filing_date").dt.year() >= 2000)
        ).sort("granted", "application_no")
        people = {row for row in town.persons if row % 3}
        for day, patentee, number, title in eligible.select(
            "granted", "patentee", "application_no", "title"
        ).iter_rows():
            if patentee not in people:
                self.held[patentee].append((day, number, title))
                self.granted.append((day, patentee))
        self.granted.sort()

    def lines(self) -> list[Line]:
        """One line per right of a registration and delivery."""
        for year, by_kind in REGISTRATIONS.items():
            for kind, (projects, amount) in zip(KINDS, by_kind, strict=True):
                if projects:
                    amounts = shares(self.town.rng, amount * WAN, projects, 10 * WAN)
                    for each in _with_threshold(amounts):
                        self._register(year, kind, each)
            for _ in range(ONLY_IN_REGISTRY.get(year, 0)):
                self._register(year, "trademark", None)
        return [line for registration in self.drawn for line in self._delivered(registration)]

    def _register(self, year: int, kind: str, amount: int | None) -> None:
        town, day = self.town, self.town.day(year)
        running = len(self.drawn) + 1
        number = f"{'YSH'[KINDS.index(kind)]}Z{year}370300{town.part:02d}{running:05d}"
        earlier = self._renewable(day) if kind == "patent" and town.chance(0.09) else None
        if earlier:
            earlier.released, earlier.was_rolled_over = day, True
            pledgor, rights = earlier.pledgor, earlier.rights
        else:
            pledgor, rights = self._patents_of_someone(day)
            marks = [
                ("trademark", str(60_000_000 + town.part * 100_000 + running * 5 + n), f"合成样例商标{running}之{n}")
                for n in range(town.number(1, 3))
            ]
            code = ("copyright", f"{year}SR{town.part:02d}{running:05d}", f"合成样例软件{running}")
            both = [*rights[:2], *marks, *([code] if running % 2 else [])]
            rights = {"patent": rights, "trademark": marks, "mixed": both}[kind]
        released = day + datetime.timedelta(days=town.number(200, 1100)) if amount and town.chance(0.72) else None
        if released and released.month == 12 and released.day > 28:
            released -= datetime.timedelta(days=5)  # nothing ends on a day on which stocks are taken
        self.drawn.append(Registration(number, kind, day, pledgor, rights, amount, released, earlier is not None))

    def _renewable(self, day: Day) -> Registration | None:
        """A loan of patents one to three years old that has not ended by a day."""
        open_ones = [
            r
            for r in self.drawn
            if r.kind == "patent"
            and not r.was_rolled_over
            and 300 < (day - r.day).days < 1100
            and (r.released is None or r.released > day)
        ]
        return self.town.pick(open_ones) if open_ones else None

    def _patents_of_someone(self, day: Day) -> tuple[int, list[Right]]:
        """A patentee of the city and one to six of its inventions granted in the eight years before a day."""
        since = day - datetime.timedelta(days=8 * 365)
        first, last = (bisect_right(self.granted, (edge, 1 << 30)) for edge in (since, day))
        pledgor = self.granted[self.town.number(first, last - 1)][1]
        own = [("patent", number, title) for granted, number, title in self.held[pledgor] if since < granted <= day]
        return pledgor, own[: self.town.number(1, 6)]

    def _delivered(self, registration: Registration) -> list[Line]:
        """The registration when it was made and again when it was released; marks sometimes by the registry first."""
        town, r = self.town, registration
        cell = int(town.people[r.pledgor]["cell"])
        shared: dict[str, Any] = {
            "registration_no": r.number,
            "_kind": r.kind,
            "_row": r.pledgor,
            "_in_registry": r.amount is None,
            "registration_date": r.day,
            "pledgor": town.name(r.pledgor, r.day),
            "pledgor_credit_code": town.code(r.pledgor) if town.chance(0.85) else None,
            "pledgee": town.pick(BANKS),
            "amount": r.amount,
            "released_on": None,
            "is_rollover": r.is_rollover,
            "enterprise_size": town.pick((*SIZES, "small", "micro", None)) if r.amount else None,
            "district": town.district(cell),
            "address": town.people[r.pledgor]["address"],
        }
        lines = []
        for right_type, right_no, right_name in r.rights:
            values = shared | {"right_type": right_type, "right_no": right_no, "right_name": right_name}
            key = (r.number, right_type, right_no)
            first = due(r.day)
            if right_type == "trademark" and r.day.year in (2017, 2018):
                bare = values | {"amount": None, "enterprise_size": None, "_in_registry": True}
                lines.append(Line(first, key, cell, bare))
                first = due(first + datetime.timedelta(days=1))
            ended = r.released if r.released and r.released.year <= YEARS[-1] else None
            if ended and due(ended) <= first:
                lines.append(Line(first, key, cell, values | {"released_on": ended}))
                continue
            lines.append(Line(first, key, cell, values))
            if ended:
                lines.append(Line(due(ended), key, cell, values | {"released_on": ended}))
        return lines


def _with_threshold(amounts: list[int]) -> list[int]:
    """The amounts with one of them made exactly the threshold, where two others can make up for it."""
    large = sorted(range(len(amounts)), key=lambda i: -amounts[i])[:1]
    for i in large:
        if amounts[i] > 2 * HIGH_AMOUNT:
            other = min(range(len(amounts)), key=lambda i: amounts[i])
            amounts = list(amounts)
            amounts[i] += amounts[other] - HIGH_AMOUNT
            amounts[other] = HIGH_AMOUNT
    return amounts


def count(drawn: list[Line], into: Count) -> None:
    """A registration is one project with one amount, however many rights it lists."""
    registrations: dict[str, list[Line]] = defaultdict(list)
    for line in known(drawn, into.known_at):
        registrations[line.values["registration_no"]].append(line)
    for rows in registrations.values():
        values, cell = rows[0].values, rows[0].cell
        day, kind = values["registration_date"], values["_kind"]
        into.flow("pledge_projects", cell, day)
        if kind != "mixed":
            into.flow(f"pledge_projects_{kind}", cell, day)
        amount = max(line.values["amount"] or 0 for line in rows)
        into.flow("pledge_amount", cell, day, amount / YI)
        into.flow(f"pledge_amount_{kind}", cell, day, amount / YI)
        if values["is_rollover"]:
            into.flow("pledge_rollovers", cell, day)
        sizes = {line.values["enterprise_size"] for line in rows} - {None}
        if sizes:
            into.flow("pledge_projects_sized", cell, day)
            if sizes & {"medium", "small", "micro"}:
                into.flow("pledge_projects_sme", cell, day)
        into.stock("pledge_open", cell, [(day, values["released_on"])])


def high_value(drawn: list[Line]) -> list[tuple[str, str, Day, Day]]:
    """Patents pledged for a high amount: number, `pledged`, since when, and when the amount was delivered."""
    found: dict[tuple[str, str], tuple[str, str, Day, Day]] = {}
    for line in sorted(drawn, key=lambda line: line.delivered):
        v = line.values
        if v["right_type"] == "patent" and (v["amount"] or 0) >= HIGH_AMOUNT:
            key = (v["right_no"], v["registration_no"])
            found.setdefault(key, (v["right_no"], "pledged", v["registration_date"], line.delivered))
    return list(found.values())


def _plain_number(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _dotless(v: dict[str, Any], form: str) -> str:
    """The number of the right as the office of the day writes it."""
    if v["right_type"] != "patent":
        return str(v["right_no"])
    return {"wan": f"ZL{v['right_no']}", "yi": f"ZL {v['right_no'][:4]} {v['right_no'][4]} {v['right_no'][5:]}"}.get(
        form, v["right_no"].replace(".", "") if form == "yuan" else v["right_no"]
    )


RIGHT_WORDS = {"patent": "发明专利", "trademark": "注册商标专用权", "copyright": "软件著作权"}


def _ledger(line: Line, form: str, amount: str, written: str | None) -> Cells:
    v = line.values
    return {
        "登记号": v["registration_no"],
        "权利类型": RIGHT_WORDS[v["right_type"]],
        "权利号": _dotless(v, form),
        "权利名称": v["right_name"],
        "出质人": v["pledgor"],
        "统一社会信用代码": v["pledgor_credit_code"],
        "企业规模": SIZES.get(v["enterprise_size"] or ""),
        "质权人": v["pledgee"],
        amount: written,
        "质押登记日": str(v["registration_date"]).replace("-", "."),
        "解除日期": str(v["released_on"]).replace("-", ".") if v["released_on"] else None,
        "是否续贷": "是" if v["is_rollover"] else "否",
        "区县": v["district"],
    }


def in_wan(line: Line) -> Cells:
    """Amounts in 万元; the unit stands in the title only."""
    return _ledger(line, "wan", "质押金额", _plain_number(Decimal(line.values["amount"]) / WAN))


def in_yi(line: Line) -> Cells:
    """Amounts in 亿元, by the header."""
    return _ledger(line, "yi", "融资金额（亿元）", _plain_number(Decimal(line.values["amount"]) / YI))


def in_yuan(line: Line) -> Cells:
    """Amounts in yuan with thousands separators; a row of units says so."""
    return _ledger(line, "yuan", "担保金额", f"{line.values['amount']:,}")


def with_address(line: Line) -> Cells:
    """Amounts in 万元 by the header; the pledgor's address instead of a district."""
    cells = _ledger(line, "plain", "融资金额（万元）", _plain_number(Decimal(line.values["amount"]) / WAN))
    del cells["区县"]
    return cells | {"出质人地址": line.values["address"]}


def with_district(line: Line) -> Cells:
    """Amounts in 万元 by the header."""
    return _ledger(line, "plain", "融资金额（万元）", _plain_number(Decimal(line.values["amount"]) / WAN))


def in_registry(line: Line) -> Cells:
    """The enterprise register's notice of a trademark pledge: no amount, coded kinds, times of day behind dates."""
    v, day = line.values, line.values["registration_date"]
    return {
        "lic_id": v["registration_no"],
        "pripid": f"合成{v['right_no']}",
        "uni_social_crd_cd": v["pledgor_credit_code"] or "暂无",
        "tmreg_no": v["right_no"],
        "tm_nm": v["right_name"],
        "kinds": "1",
        "pledgor_nm": v["pledgor"],
        "imporg_nm": v["pledgee"],
        "state": "1",
        "public_dt": f"{day.year}-{day.month}-{day.day} 0:00:00",
        "区县": v["district"],
    }


def write(landing: Landing, drawn: list[Line], *, is_first: bool) -> None:
    """The ledger of every delivery in the form of its time, and the registry beside it."""
    for delivered, some in files.by_delivery(drawn):
        stem = f"{SOURCE}/{delivered}/合成_"
        day = f"{delivered:%Y%m%d}"
        registry = [line for line in some if line.values["_in_registry"]]
        ledger = [line for line in some if not line.values["_in_registry"]]
        more = "" if is_first else "_扩充"
        if registry:
            table = files.labelled([in_registry(line) for line in registry], _registry_plants(registry, is_first))
            files.put_list(landing, f"{stem}出质登记公示_{day}{more}.csv", table, encodings.utf8)
        if not ledger:
            continue
        if is_first:
            _write_ledger(landing, f"{stem}质押台账_{day}", delivered, ledger)
        else:
            files.put_list(landing, f"{stem}质押台账_{day}{more}.csv", files.table(ledger, with_district))


def _registry_plants(registry: list[Line], is_first: bool) -> list[Plant | None]:
    plants: list[Plant | None] = [None] * len(registry)
    if is_first:
        plants[0] = ("pledge_without_amount", "kept", "公示系统无金额")
    return plants


MERGED = (("出质登记", 1), ("出质权利", 3), ("出质人", 3), ("融资", 2), ("日期", 2), ("", 2))


def _write_ledger(landing: Landing, stem: str, delivered: Day, lines: list[Line]) -> None:
    if delivered < Day(2019, 2, 1):
        titles = ("合成样例：知识产权质押融资台账", "制表：合成样例  单位：万元")
        table = files.labelled([in_wan(line) for line in lines], _plants(lines))
        files.put_book(landing, f"{stem}.xlsx", table, Book(titles, groups=MERGED, total="合计"))
    elif delivered < Day(2020, 2, 1):
        files.put_list(landing, f"{stem}.csv", files.labelled([in_yi(line) for line in lines], _plants(lines)))
    elif delivered < Day(2021, 2, 1):
        table = files.labelled([in_yuan(line) for line in lines], _plants(lines))
        units = tuple("元" if column == "担保金额" else None for column in table.columns[:-3])
        files.put_book(
            landing, f"{stem}.xlsx", table, Book(("合成样例：质押登记",), units=units, remark="注：合成样例")
        )
    else:
        form = with_address if delivered.month == 10 else with_district
        rows, plants = [form(line) for line in lines], _plants(lines)
        if delivered == Day(2022, 4, 15):
            _damage(rows, plants)
        files.put_list(landing, f"{stem}.csv", files.labelled(rows, plants), encodings.utf8_with_mark)


def _plants(lines: list[Line]) -> list[Plant | None]:
    """Labels on what a reader of the ledger could get wrong; few of each."""
    plants: list[Plant | None] = [None] * len(lines)
    rights: dict[str, int] = defaultdict(int)
    for line in lines:
        rights[line.values["registration_no"]] += 1
    cases = (
        ("package_repeats_amount", "一次登记多件权利，各行重复整笔金额", lambda v: rights[v["registration_no"]] > 2),
        ("rollover", "续贷另立登记号", lambda v: v["is_rollover"]),
        ("pledge_at_threshold", "金额恰为一千万元", lambda v: v["amount"] == HIGH_AMOUNT),
        ("mixed_pledge", "专利与商标同一登记", lambda v: v["_kind"] == "mixed"),
    )
    for kind, note, holds in cases:
        found = [i for i, line in enumerate(lines) if plants[i] is None and holds(line.values)]
        if found:
            plants[found[0]] = (kind, "kept", note)
    return plants


def _damage(rows: list[Cells], plants: list[Plant | None]) -> None:
    """Rows that must be set aside, of registrations that do not exist, and sound ones written badly."""
    sound = rows[0] | {"权利号": "99999999", "权利类型": "商标"}
    cases: list[tuple[str, str, Cells]] = [
        ("pledge_without_number", "required_missing", {"登记号": "暂无"}),
        ("pledge_of_unknown_kind", "code_unknown", {"权利类型": "样例权"}),
        ("pledge_bad_amount", "number_unparseable", {"融资金额（万元）": "约三百万"}),
        ("pledge_released_before", "date_order", {"解除日期": "2001.01.05"}),
        ("pledge_bad_date", "date_unparseable", {"质押登记日": "2022.02.30"}),
    ]
    for n, (kind, reason, cells) in enumerate(cases, start=1):
        rows.insert(4 * n, sound | {"登记号": f"合成不存在{n}"} | cells)
        plants.insert(4 * n, (kind, f"quarantined:{reason}", "不存在的登记"))
    free = [i for i, plant in enumerate(plants) if plant is None and rows[i]["融资金额（万元）"]][8:]
    wide = str.maketrans("0123456789.", "０１２３４５６７８９．")
    at = free[0]
    rows[at] |= {"融资金额（万元）": (rows[at]["融资金额（万元）"] or "").translate(wide)}
    plants[at] = ("full_width_amount", "recovered", "全角数字")
    at = free[1]
    rows[at] |= {"融资金额（万元）": f"{rows[at]['融资金额（万元）']}万元"}
    plants[at] = ("unit_in_cell", "recovered", "单位写在单元格内")
    at = free[2]
    rows[at] |= {"质权人": f"{rows[at]['质权人']}\r\n"}
    plants[at] = ("broken_cell", "recovered", "单元格内换行")
    at = next(i for i in free[3:] if rows[i]["统一社会信用代码"])
    rows[at] |= {"统一社会信用代码": (rows[at]["统一社会信用代码"] or "").lower()}
    plants[at] = ("lower_case_code", "recovered", "信用代码小写")
    rows.append(dict(rows[free[-1]]))
    plants.append(("repeated_row", "duplicate", "同一行出现两次"))
