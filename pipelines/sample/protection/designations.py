"""Official lists: enterprises with three-year terms, districts and parks, centres and projects per year, key units,
institutions, well-known marks, awards.

At the end of 2020 the lists hold what the plan says: 35 advantage and 9 demonstration enterprises, 11 aid sub-centres,
26 workstations, 6 national and 7 provincial pilot districts, one zone, one park, three years of the award. Until 2025
the well-known marks stay below the plan's hundred, the centres of 2025 below its ten, and the library of key units
gets its second level in 2024.
"""

import datetime
from collections import defaultdict
from typing import Any

import polars as pl

from pipelines.sample import city
from pipelines.sample.landing import Landing
from pipelines.sample.protection import files
from pipelines.sample.protection.counts import Count, Interval
from pipelines.sample.protection.files import Book, Cells
from pipelines.sample.protection.lines import (
    DISTRICT_WORDS,
    UNALLOCATED_CELL,
    Day,
    Line,
    Plant,
    Town,
    due_half_yearly,
    known,
)
from pipelines.sample.writers import encodings

SOURCE = "designations"
TERM_YEARS = 3
"""How long an advantage or demonstration enterprise stays on the list where the list prints no term (ours)."""
TERMS_PRINTED_FROM = 2021
WORDS = {
    "advantage": "国家知识产权优势企业",
    "demonstration": "国家知识产权示范企业",
    "traditional_ip_zone": "国家级传统知识产权保护示范区",
    "district_national_pilot": "国家级知识产权试点示范区县",
    "park_national_demo": "国家级知识产权示范园区",
    "district_provincial_pilot": "省级知识产权试点示范区县",
    "well_known_mark": "驰名商标",
    "cultivation_centre": "高价值专利培育中心",
    "navigation_project": "专利导航计划项目",
    "key_unit": "知识产权保护重点单位",
    "workstation": "知识产权保护工作站",
    "aid_subcentre": "知识产权维权援助分中心",
    "guidance_station": "商标品牌指导站",
    "alliance": "产业知识产权联盟",
    "mediation_body": "知识产权调解组织",
    "award_advanced_collective": "国家知识产权示范城市工作先进集体",
    "national_patent_award": "中国专利奖",
    "national_science_award": "国家科学技术奖",
    "service_cluster": "知识产权服务业集聚区",
    "rapid_centre": "知识产权快速维权中心",
    "other": "其他",
}
LEVELS = {"national": "国家级", "provincial": "省级", "city": "市级", "county": "区县级"}
# Batches of enterprises: approved on, renewed ones of which earlier batch, and new ones. An entry renewed in time goes
# on without a break; one renewed late counts anew.
Batch = tuple[str, dict[str, int], int]
ADVANTAGE: tuple[Batch, ...] = (
    ("2013-11-20", {}, 6),
    ("2014-11-21", {}, 5),
    ("2015-12-10", {}, 9),
    ("2016-11-18", {"2013-11-20": 4}, 4),  # two days before the end of the first batch
    ("2017-11-24", {"2014-11-21": 3}, 6),  # three days after: a break, but not at a year's end
    ("2018-11-16", {"2015-12-10": 5}, 8),  # one of these is removed in 2020
    ("2019-10-25", {"2016-11-18": 5}, 6),
    ("2020-12-10", {"2017-11-24": 3}, 9),
    ("2021-10-20", {"2018-11-16": 8}, 7),
    ("2022-10-14", {"2019-10-25": 8}, 9),
    ("2023-11-17", {"2020-12-10": 9}, 10),
    ("2024-10-11", {"2021-10-20": 12}, 9),
    ("2025-10-17", {"2022-10-14": 13}, 8),
)
DEMONSTRATION: tuple[Batch, ...] = (
    ("2016-11-18", {}, 2),
    ("2017-11-24", {}, 2),
    ("2018-11-16", {}, 3),
    ("2019-10-25", {"2016-11-18": 1}, 2),
    ("2020-12-10", {"2017-11-24": 1}, 2),
    ("2021-10-20", {"2018-11-16": 3}, 2),
    ("2022-10-14", {"2019-10-25": 2}, 3),
    ("2023-11-17", {"2020-12-10": 3}, 3),
    ("2024-10-11", {"2021-10-20": 4}, 3),
    ("2025-10-17", {"2022-10-14": 4}, 2),
)
CENTRES = {2019: 8, 2020: 10, 2021: 12, 2022: 12, 2023: 12, 2024: 12, 2025: 4}
PROJECTS = {2018: 4, 2019: 6, 2020: 9, 2021: 12, 2022: 15, 2023: 11, 2024: 13, 2025: 10}
# institutions: by year how many more, and how many of them are removed again
STATIONS = {2013: 1, 2014: 2, 2015: 2, 2016: 3, 2017: 3, 2018: 4, 2019: 5, 2020: 6}
STATIONS |= {2021: 9, 2022: 10, 2023: 11, 2024: 10, 2025: 12}
GUIDANCE = {2019: 4, 2020: 6, 2021: 8, 2022: 9, 2023: 10, 2024: 8, 2025: 7}
ALLIANCES = {2015: 1, 2017: 1, 2019: 2, 2020: 1, 2021: 2, 2023: 3, 2024: 2, 2025: 2}
SUBCENTRES = {2013: (1,), 2014: (3,), 2015: (0, 2), 2016: (5,), 2017: (4, 8), 2018: (6, 7), 2019: (9,), 2020: (11,)}
SUBCENTRES |= {2022: (8,), 2023: (3,), 2024: (5,)}
MEDIATION = {2018: (1,), 2019: (3,), 2020: (8, 5, UNALLOCATED_CELL), 2021: (0, 2, 1), 2022: (4, 7, 9), 2023: (6, 11)}
MEDIATION |= {2024: (3, 5), 2025: (1, 8)}
NATIONAL_PILOT = {2012: (1,), 2014: (3,), 2016: (5, 0), 2018: (2,), 2019: (1, 7), 2023: (6,)}
"""Districts by cell; the one that stands twice was a pilot first and a demonstration district later."""
PROVINCIAL_PILOT = {2011: (1,), 2013: (3, 5), 2016: (0, 2), 2018: (4,), 2020: (7,), 2022: (6,)}
# by the year up to which the marks of one route were recognised: how many
WELL_KNOWN = {"administrative": {2008: 24, 2012: 20, 2014: 8}, "judicial": {2005: 2, 2010: 6, 2014: 6}}
WELL_KNOWN_YEARLY = {"administrative": (4, 4, 3, 3, 2, 2, 2, 2, 1, 1), "judicial": (1, 1, 1, 0, 0, 1, 1, 1, 1, 0)}
"""2016 to 2025."""
KEY_UNITS_CITY = {2021: 58, 2022: 16, 2023: 14, 2024: 6, 2025: 8}
KEY_UNITS_COUNTY = {2024: (46, 24), 2025: (4, 10)}
"""By year: how many that the city's library holds too, and how many that it does not."""
PATENT_AWARDS = {year: 2 + (year - 2012) // 3 for year in range(2012, 2026)}


class Lists:
    """Draws the lists of one part."""

    def __init__(self, town: Town, inventions: pl.DataFrame) -> None:
        self.town = town
        self.running = 0
        self.drawn: list[Line] = []
        self.listed: dict[str, set[int]] = defaultdict(set)
        granted = inventions.filter(pl.col("granted").is_not_null() & (pl.col("patentee_cell") != city.OUTSIDE)).sort(
            "granted", "application_no"
        )
        self.granted = granted.select("granted", "application_no", "patentee", "title").rows()

    def lines(self) -> list[Line]:
        """One line per entry of a list, and another when it is removed."""
        self._enterprises("advantage", ADVANTAGE, 5)
        self._enterprises("demonstration", DEMONSTRATION, 4)
        self._districts()
        self._institutions()
        self._programmes()
        self._key_units()
        self._marks()
        self._awards()
        return self.drawn

    def entry(self, list_type: str, approved: Day, cell: int, **values: Any) -> Line:
        """Put an entry on a list; returns its line."""
        row = values.get("_row")
        unit = values.get("unit") or (self.town.name(row, approved) if row is not None else None)
        code = self.town.code(row) if row is not None and values.get("_coded", True) else None
        full: dict[str, Any] = {
            "list_type": list_type,
            "list_year": approved.year,
            "batch": None,
            "level": None,
            "document_no": f"合成认字〔{approved.year}〕{approved.month}{approved.day}号",
            "approved_on": approved,
            "credit_code": code,
            **dict.fromkeys(
                ("item_name", "item_no", "route", "award_class", "valid_from", "valid_until", "removed_on")
            ),
            "district": self.town.district(cell),
            "_row": None,
            "_until": None,
            "_month_only": list_type == "well_known_mark" and approved.year <= 2014,
        }
        full |= values | {"unit": unit}
        full["_unit"] = f"row {row}" if row is not None else unit
        key = (list_type, full["level"], full["list_year"], full["batch"], unit, full["item_name"], full["item_no"])
        line = Line(due_half_yearly(approved), key, cell, full)
        self.drawn.append(line)
        return line

    def remove(self, line: Line, day: Day) -> None:
        """Say in a later delivery that the entry was taken off the list."""
        plant = ("removed_from_list", "kept", "已移出名单")
        self.drawn.append(line.again(due_half_yearly(day), plant=plant, removed_on=day))

    def fresh(self, list_type: str, cell: int) -> int:
        """An organisation of a cell that was never on this list."""
        while True:
            row = self.town.organisation(cell)
            if row not in self.listed[list_type]:
                self.listed[list_type].add(row)
                return row

    def _enterprises(self, list_type: str, batches: tuple[Batch, ...], shift: int) -> None:
        of_batch: dict[str, list[tuple[int, int]]] = {}
        for number, (approved, renewed, new) in enumerate(batches, start=1):
            members = [member for earlier, count in renewed.items() for member in of_batch[earlier][:count]]
            for n in range(new):
                # a walk over the cells, so that a small batch meets different ones
                cell = (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12)[(n * shift + number) % 12]
                members.append((self.fresh(list_type, cell), cell))
            of_batch[approved] = members
            day = Day.fromisoformat(approved)
            printed = day.year >= TERMS_PRINTED_FROM
            until = day.replace(year=day.year + TERM_YEARS)
            for n, (row, cell) in enumerate(members):
                line = self.entry(
                    list_type,
                    day,
                    cell,
                    _row=row,
                    level="national",
                    batch=f"第{number}批",
                    valid_from=day if printed else None,
                    valid_until=until if printed else None,
                    _until=until,
                )
                if list_type == "advantage" and approved == "2018-11-16" and n == len(members) - 1:
                    self.remove(line, Day(2020, 6, 15))

    def _districts(self) -> None:
        for list_type, level, by_year in (
            ("district_national_pilot", "national", NATIONAL_PILOT),
            ("district_provincial_pilot", "provincial", PROVINCIAL_PILOT),
        ):
            for year, cells in by_year.items():
                for cell in cells:
                    unit = self._office(f"{DISTRICT_WORDS[cell][0]}人民政府")
                    self.entry(list_type, Day(year, 9, 12), cell, unit=unit, level=level, batch=f"{year}年")
        zone = self._office("周村区陶瓷琉璃传统知识产权保护示范区管理中心")
        self.entry("traditional_ip_zone", Day(2018, 5, 17), 4, unit=zone, level="national")
        park = self._office("高新技术产业开发区管理委员会")
        self.entry("park_national_demo", Day(2017, 8, 22), 8, unit=park, level="national", batch="试点转示范")
        park = self._office("经济开发区管理委员会")
        self.entry("park_national_demo", Day(2023, 8, 15), 9, unit=park, level="national")
        cluster = self._office("知识产权服务业集聚区运营中心")
        self.entry("service_cluster", Day(2023, 11, 9), 8, unit=cluster, level="provincial")
        centre = self._office("博山区知识产权快速维权中心")
        self.entry("rapid_centre", Day(2024, 9, 5), 2, unit=centre, level="national")

    def _office(self, name: str) -> str:
        more = f"{self.town.part:02d}" if self.town.part else ""
        return f"合成样例{more}{name}"

    def _institutions(self) -> None:
        town = self.town
        for list_type, by_year, level in (("workstation", STATIONS, "city"), ("guidance_station", GUIDANCE, "city")):
            for year, count in by_year.items():
                places = town.spread(count + 6)[:count]
                if year == 2020:
                    places[:2] = [9, 11]  # the small zones have one too
                for n, cell in enumerate(places):
                    self.running += 1
                    unit = self._office(f"{DISTRICT_WORDS[cell][0]}{self.running:04d}号{WORDS[list_type][-5:]}")
                    line = self.entry(list_type, town.day(year, 3, 11), cell, unit=unit, level=level)
                    if list_type == "workstation" and year in (2021, 2022) and n == 0:
                        self.remove(line, Day(year + 2, 6, 20))
        for year, count in ALLIANCES.items():
            for cell in town.spread(count + 8)[:count]:
                self.running += 1
                unit = self._office(f"产业知识产权联盟{self.running:04d}号")
                self.entry("alliance", town.day(year, 3, 11), cell, unit=unit, level="provincial")
        # task 3.3.5-c
        membrane = self._office("膜材料产业专利联盟")
        self.entry("alliance", Day(2022, 9, 8), 5, unit=membrane, level="provincial", item_no="合成联备2022001")
        for list_type, cells_by_year in (("aid_subcentre", SUBCENTRES), ("mediation_body", MEDIATION)):
            for year, cells in cells_by_year.items():
                for n, cell in enumerate(cells):
                    self.running += 1
                    place = "" if cell == UNALLOCATED_CELL else DISTRICT_WORDS[cell][0]
                    unit = self._office(f"{place}{WORDS[list_type][4:]}{self.running:04d}号")
                    day = Day(year, 4 + n, 8 + self.running % 15)
                    line = self.entry(list_type, day, cell, unit=unit, level="city" if not place else "county")
                    if list_type == "mediation_body" and year == 2021 and cell == 1:
                        self.remove(line, Day(2025, 3, 14))  # another one stays in the same district

    def _programmes(self) -> None:
        town = self.town
        for year, count in CENTRES.items():
            used: set[int] = set()
            lines = []
            for cell in town.spread(count + 6)[:count]:
                row = town.organisation(cell)
                while row in used:
                    row = town.organisation(cell)
                used.add(row)
                lines.append(
                    self.entry("cultivation_centre", Day(year, 6, 18), cell, _row=row, level="city", batch="第一批")
                )
            if year == 2022:
                # the supplement names a centre of the year's list again: still one
                row, cell = lines[0].values["_row"], lines[0].cell
                again = self.entry("cultivation_centre", Day(year, 9, 21), cell, _row=row, level="city", batch="增补")
                plant = ("centre_named_twice", "kept", "同一年名单内再次列出，只算一个")
                self.drawn[-1] = again.again(again.delivered, plant=plant)
        for year, count in PROJECTS.items():
            rows: list[tuple[int, int]] = []
            for n, cell in enumerate(town.spread(count + 6)[:count]):
                # one unit has two projects a year: projects are counted, not units
                row, cell = rows[0] if n == count - 1 else (town.organisation(cell), cell)
                rows.append((row, cell))
                self.running += 1
                name = f"合成样例专利导航项目{town.part * 10_000 + self.running}"
                number = f"合成导航{year}{n + 1:03d}"
                day = Day(year, 7, 6)
                self.entry("navigation_project", day, cell, _row=row, item_name=name, item_no=number, level="city")

    def _key_units(self) -> None:
        town = self.town
        in_city: list[tuple[int, int]] = []
        for year, count in KEY_UNITS_CITY.items():
            for cell in town.spread(count):
                row = self.fresh("key_unit", cell)
                in_city.append((row, cell))
                line = self.entry("key_unit", Day(year, 8, 10), cell, _row=row, level="city", batch=f"{year}年")
                if year == 2021 and len(in_city) in (3, 17):
                    self.remove(line, Day(2023, 4, 19))
        for year, (shared, own) in KEY_UNITS_COUNTY.items():
            both = in_city[5 : 5 + shared] if year == 2024 else in_city[60 : 60 + shared]
            for n, (row, cell) in enumerate(both):
                self._key_unit_of_county(year, row, cell, n)
            for n, cell in enumerate(town.spread(own)):
                self._key_unit_of_county(year, self.fresh("key_unit", cell), cell, -n - 1)

    def _key_unit_of_county(self, year: int, row: int, cell: int, n: int) -> None:
        """An entry of the county's library; those that the city lists too are one unit, however written."""
        day = Day(year, 10, 15)
        name = self.town.name(row, day)
        renamed = self.town.people[row].get("renamed_on") is not None
        written, coded, plant = name, True, None
        if n >= 0 and n % 9 == 2 and not renamed:
            written, coded = name.replace("合成样例", "合成样例 ", 1), False
            plant = ("key_unit_by_name", "kept", "无信用代码、名称带空格，与市级库为同一单位")
        elif n >= 0 and n % 9 == 5:
            plant = ("key_unit_lower_case_code", "kept", "信用代码小写，与市级库为同一单位")
        self.entry(
            "key_unit",
            day,
            cell,
            _row=row,
            unit=written,
            level="county",
            batch=f"{year}年",
            _coded=coded,
            _lower=bool(plant and coded),
        )
        if plant:
            self.drawn[-1] = self.drawn[-1].again(self.drawn[-1].delivered, plant=plant)

    def _marks(self) -> None:
        town = self.town
        for route, before in WELL_KNOWN.items():
            by_year = before | dict(zip(range(2016, 2026), WELL_KNOWN_YEARLY[route], strict=True))
            for year, count in by_year.items():
                for cell in town.spread(count) if count > 12 else town.spread(count + 12)[:count]:
                    self.running += 1
                    number = str(1_000_000 + town.part * 100_000 + self.running)
                    self.entry(
                        "well_known_mark",
                        Day(year, 4, 1) + datetime.timedelta(days=town.number(0, 200)),
                        cell,
                        _row=town.organisation(cell),
                        item_name=f"合成样例驰名商标{self.running}",
                        item_no=number,
                        route=route,
                        level="national",
                    )

    def _awards(self) -> None:
        town = self.town
        bureau = "合成样例淄博市知识产权局"
        if not town.part:
            for year in (2015, 2018, 2019, 2020):
                self.entry(
                    "award_advanced_collective", Day(year, 11, 26), UNALLOCATED_CELL, unit=bureau, level="national"
                )
        used: set[str] = set()
        for year, count in PATENT_AWARDS.items():
            day = Day(year, 11, 5)
            eligible = [right for right in self.granted if right[0] <= day and right[0].year >= year - 6]
            for n in range(count):
                _, number, patentee, title = town.pick([right for right in eligible if right[1] not in used])
                used.add(number)
                cell = int(town.people[patentee]["cell"])
                self.entry(
                    "national_patent_award",
                    day,
                    cell,
                    _row=patentee,
                    item_name=title,
                    item_no=number,
                    award_class=("优秀奖", "优秀奖", "银奖", "金奖")[n % 4],
                    level="national",
                    district=town.district(cell) if cell != 10 else "",
                )
            if year % 3 == 0:
                cell = town.spread(12)[0]
                name = f"合成样例科技成果{town.part * 100 + year}"
                self.entry(
                    "national_science_award",
                    Day(year, 1, 9),
                    cell,
                    _row=town.organisation(cell),
                    item_name=name,
                    award_class="二等奖",
                    level="national",
                )


STOCKS = {
    "advantage": "ent_advantage",
    "demonstration": "ent_demonstration",
    "traditional_ip_zone": "zone_traditional_ip",
    "district_national_pilot": "district_national_pilot",
    "park_national_demo": "park_national_demo",
    "district_provincial_pilot": "district_provincial_pilot",
    "aid_subcentre": "aid_subcentres",
    "workstation": "workstations",
    "guidance_station": "guidance_stations",
    "alliance": "alliances",
    "mediation_body": "mediation_bodies",
    "key_unit": "key_units",
}
"""List type: the indicator that counts its distinct units at the year's end."""


def count(drawn: list[Line], into: Count) -> None:
    """Units on a list at each year's end, each once; centres and projects of each year's lists; marks by route."""
    spans: dict[tuple[str, int, str], list[Interval]] = defaultdict(list)
    covered: dict[int, list[Interval]] = defaultdict(list)
    centres: dict[tuple[str, int], tuple[int, Day]] = {}
    for line in known(drawn, into.known_at):
        v, day = line.values, line.values["approved_on"]
        until = min((d for d in (v["_until"], v["removed_on"]) if d), default=None)
        if v["list_type"] in STOCKS:
            spans[STOCKS[v["list_type"]], line.cell, v["_unit"]].append((day, until))
        if v["list_type"] == "key_unit":
            spans[f"key_units_{v['level']}", line.cell, v["_unit"]].append((day, until))
        elif v["list_type"] == "mediation_body":
            covered[line.cell].append((day, until))
        elif v["list_type"] == "cultivation_centre":
            centres.setdefault((v["_unit"], v["list_year"]), (line.cell, day))
        elif v["list_type"] == "navigation_project":
            into.flow("navigation_projects", line.cell, day)
        elif v["list_type"] == "award_advanced_collective":
            into.flow("award_advanced_collective", line.cell, day)
        elif v["list_type"] == "well_known_mark":
            into.stock("tm_well_known", line.cell, [(day, None)])
            into.stock(f"tm_well_known_{v['route']}", line.cell, [(day, None)])
    for (indicator, cell, _), intervals in spans.items():
        into.stock(indicator, cell, intervals)
    for cell, day in centres.values():
        into.flow("cultivation_centres", cell, day)
    into.districts("mediation_districts", covered)


def high_value(drawn: list[Line]) -> list[tuple[str, str, Day, Day]]:
    """Inventions with a national patent award: number, `awarded`, since when, and when the list was delivered."""
    return [
        (line.values["item_no"], "awarded", line.values["approved_on"], line.delivered)
        for line in drawn
        if line.values["list_type"] == "national_patent_award"
    ]


def _month_only(day: Day) -> str:
    return f"{day.year}年{day.month}月"


def _cells(line: Line) -> Cells:
    v = line.values

    def day(name: str) -> str | None:
        return str(v[name]) if v[name] else None

    code = v["credit_code"]
    return {
        "名单类型": WORDS[v["list_type"]],
        "年度": str(v["list_year"]),
        "批次": v["batch"],
        "级别": LEVELS.get(v["level"] or ""),
        "文号": v["document_no"],
        "认定日期": _month_only(v["approved_on"]) if v["_month_only"] else day("approved_on"),
        "单位名称": v["unit"],
        "统一社会信用代码": code.lower() if code and v.get("_lower") else code,
        "项目名称": v["item_name"],
        "项目编号": f"ZL{v['item_no']}" if v["list_type"] == "national_patent_award" else v["item_no"],
        "认定途径": {"administrative": "行政认定", "judicial": "司法认定"}.get(v["route"] or ""),
        "奖项等级": v["award_class"],
        "有效期自": day("valid_from"),
        "有效期至": day("valid_until"),
        "移出日期": day("removed_on"),
        "区县": v["district"] or None,
    }


IN_WORKBOOKS = ("advantage", "demonstration", "cultivation_centre", "navigation_project", "national_patent_award")


def _family(line: Line) -> str:
    return "企业与项目" if line.values["list_type"] in IN_WORKBOOKS else "单位与机构"


def write(landing: Landing, drawn: list[Line], *, is_first: bool) -> None:
    """By delivery and family of lists: a workbook of enterprises and projects, a text list of the rest."""
    for delivered, some in files.by_delivery(drawn):
        for family, lines in files.split(some, _family):
            name = f"{SOURCE}/{delivered}/合成_{family}名单_{delivered:%Y%m%d}"
            if not is_first:
                files.put_list(landing, f"{name}_扩充.csv", files.table(lines, _cells))
                continue
            rows: list[Cells] = [_cells(line) for line in lines]
            plants = [line.plant for line in lines]
            _label(lines, plants)
            if family == "单位与机构" and delivered == Day(2023, 1, 20):
                _damage(rows, plants)
            table = files.labelled(rows, plants)
            if family == "企业与项目":
                book = Book((f"合成样例：{family}名单", "制表：合成样例"), total="合计", remark="注：合成样例数据")
                files.put_book(landing, f"{name}.xlsx", table, book)
            else:
                files.put_list(landing, f"{name}.csv", table, encodings.gb18030)


def _label(lines: list[Line], plants: list[Plant | None]) -> None:
    seen: set[str] = set()
    for i, line in enumerate(lines):
        v, kind, note = line.values, None, ""
        if v["list_type"] == "advantage" and v["approved_on"] == Day(2018, 11, 16) and i < 2:
            kind, note = "renewed_before_end", "期满前再次认定，期间不断"
        elif v["list_type"] == "advantage" and v["approved_on"] == Day(2020, 12, 10) and i < 2:
            kind, note = "term_by_rule", "名单未印有效期，按三年计"
        elif v["_month_only"] and v["route"] == "administrative":
            kind, note = "month_only_date", "认定日期只有年月"
        elif v["list_type"] == "well_known_mark" and v["route"] == "judicial":
            kind, note = "judicial_mark", "司法认定，与行政认定分别可查"
        elif v["list_type"] == "mediation_body" and line.cell == UNALLOCATED_CELL:
            kind, note = "mediation_body_of_city", "市级组织不属任何区县，不计入覆盖"
        if kind and plants[i] is None and kind not in seen:
            seen.add(kind)
            plants[i] = (kind, "kept", note)


def _damage(rows: list[Cells], plants: list[Plant | None]) -> None:
    sound = rows[0] | {"单位名称": "淄博合成样例化工有限公司9999号", "统一社会信用代码": None}
    cases: list[tuple[str, str, Cells]] = [
        ("list_of_unknown_type", "code_unknown", {"名单类型": "样例名单"}),
        ("list_entry_without_date", "required_missing", {"认定日期": "无"}),
        ("list_entry_bad_date", "date_unparseable", {"认定日期": "2022.13.01"}),
        ("list_entry_term_reversed", "date_order", {"有效期自": "2022-01-01", "有效期至": "2021-01-01"}),
        ("list_entry_of_nobody", "key_missing", {"单位名称": None}),
    ]
    for n, (kind, reason, cells) in enumerate(cases, start=1):
        rows.insert(2 * n, sound | cells)
        plants.insert(2 * n, (kind, f"quarantined:{reason}", "不存在的单位"))
    rows.append(dict(rows[-1]))
    plants.append(("repeated_row", "duplicate", "同一行出现两次"))
