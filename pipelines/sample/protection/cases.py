"""The case ledger: disputes, rulings, mediation, aid, customs seizures, court cases, transfers to the police.

A case that is open at one delivery comes again, with its end, when it is closed. The disputes closed in 2016-20 are
the plan's 59.
"""

import datetime
from typing import Any

from pipelines.sample.landing import Landing
from pipelines.sample.protection import files
from pipelines.sample.protection.counts import Count
from pipelines.sample.protection.files import Book, Cells
from pipelines.sample.protection.lines import (
    UNALLOCATED_CELL,
    YEARS,
    Day,
    Line,
    Plant,
    Town,
    due,
    known,
)
from pipelines.sample.protection.penalties import transferred
from pipelines.sample.writers import encodings

SOURCE = "case_ledger"
# by year of the day that counts, 2011-15, 2016-20 and 2021-25
CASES: dict[str, tuple[int, ...]] = {
    "patent_dispute": (4, 5, 6, 7, 8, 9, 10, 12, 13, 15, 18, 22, 25, 27, 30),
    "administrative_ruling": (0, 0, 0, 0, 0, 0, 0, 0, 2, 4, 6, 9, 12, 15, 18),
    "mediation": (0, 0, 0, 0, 0, 0, 0, 6, 14, 25, 48, 70, 96, 120, 142),
    "aid": (3, 4, 5, 6, 8, 10, 12, 15, 19, 24, 33, 45, 58, 70, 84),
    "customs_seizure": (0, 0, 1, 0, 1, 1, 1, 2, 2, 3, 3, 4, 5, 6, 8),
    "court_case": (6, 8, 9, 11, 13, 16, 20, 25, 31, 38, 50, 66, 79, 90, 104),
    "criminal_transfer": (0, 1, 0, 1, 1, 1, 2, 2, 3, 3, 4, 5, 6, 6, 7),
}
BY_OPENING = ("aid",)
ON_ONE_DAY = ("customs_seizure", "criminal_transfer")
WORDS = {
    "patent_dispute": ("专利纠纷", "专纠"),
    "administrative_ruling": ("行政裁决", "裁"),
    "mediation": ("调解", "调"),
    "aid": ("维权援助", "援"),
    "customs_seizure": ("海关扣留", "关"),
    "court_case": ("司法审判", "民初"),
    "criminal_transfer": ("移送公安", "移"),
}
KINDS = {"patent": "专利", "trademark": "商标", "copyright": "著作权", "gi": "地理标志", "trade_secret": "商业秘密"}
RESULTS = {
    "patent_dispute": ("责令停止侵权", "调解结案", "撤回请求"),
    "administrative_ruling": ("侵权成立", "侵权不成立"),
    "mediation": ("达成协议", "未达成协议"),
    "aid": ("已提供援助",),
    "customs_seizure": ("没收",),
    "court_case": ("判决", "调解", "撤诉"),
    "criminal_transfer": ("公安机关立案",),
}


def lines(town: Town, punished: list[tuple[str, int, Day]]) -> list[Line]:
    """Every case as delivered: once when it is closed in the quarter it began, else open first and closed later.

    `punished` are penalty decisions handed to the police (number, cell, day): the ledger has every other one of them
    under the number of the decision, and that is one case.
    """
    drawn: list[Line] = []
    for case_type, counts in CASES.items():
        running = 0
        for year, count in zip(YEARS, counts, strict=True):
            for cell in town.spread(count) if count > 3 else [int(town.pick(town.spread(40))) for _ in range(count)]:
                running += 1
                drawn += _case(town, case_type, running, year, cell)
    for number, cell, day in punished[::2]:
        (line,) = _case(town, "criminal_transfer", 0, day.year, cell)
        values = line.values | {"case_no": number, "opened_on": day, "closed_on": day}
        plant = ("transfer_in_both", "kept", "行政处罚与台账均有的移送，案号相同，只算一件")
        drawn.append(Line(due(day), ("criminal_transfer", number), cell, values, plant=plant))
    return drawn


def _case(town: Town, case_type: str, running: int, year: int, cell: int) -> list[Line]:
    counted = town.day(year)
    length = datetime.timedelta(days=town.number(15, 190))
    opened, closed = (counted, counted + length) if case_type in BY_OPENING else (counted - length, counted)
    if case_type in ON_ONE_DAY:
        opened = closed = counted
    if case_type == "customs_seizure":
        cell = UNALLOCATED_CELL if town.chance(0.5) else cell
    ip_kind = "patent" if case_type in ("patent_dispute", "administrative_ruling") else town.pick(tuple(KINDS))
    seizure = case_type == "customs_seizure"
    values: dict[str, Any] = {
        "case_no": f"合成{WORDS[case_type][1]}〔{opened.year}〕{town.part * 10_000 + running:05d}号",
        "case_type": case_type,
        "ip_kind": "trademark" if seizure else ip_kind,
        "opened_on": opened,
        "closed_on": closed,
        "procedure": "simple" if length.days < 60 else "ordinary",
        "result": town.pick(RESULTS[case_type]),
        "items": town.number(2, 480) * 50 if seizure else None,
        "value_yuan": town.number(2, 900) * 1_000 if seizure else None,
        "batches": town.pick((None, 1, 1, 2, 3)) if seizure else None,
        "district": town.district(cell),
        "authority": "青岛海关所属淄博海关" if seizure else "淄博市知识产权事业发展中心（合成样例）",
    }
    key = (case_type, values["case_no"])
    ended = Line(due(closed), key, cell, values)
    open_line = Line(due(opened), key, cell, values | {"closed_on": None, "result": None})
    if closed > Day(YEARS[-1], 12, 31):
        return [open_line]
    return [ended] if due(opened) == due(closed) else [open_line, ended]


FLOWS = {
    "patent_dispute": ("enf_patent_disputes", "enf_patent_cases"),
    "administrative_ruling": ("administrative_rulings",),
    "mediation": ("mediations",),
    "aid": ("aid_cases",),
    "court_case": ("court_cases",),
}


def count(drawn: list[Line], decisions: list[Line], into: Count) -> None:
    """Aid by the day it was taken on, all else by the day it was closed; a seizure is one batch or as many as told.

    Transfers to the police are those of the ledger and of the penalty decisions together, one number once.
    """
    handed_over = {number: (cell, day) for number, cell, day in transferred(known(decisions, into.known_at))}
    for line in known(drawn, into.known_at):
        values = line.values
        day = values["opened_on"] if values["case_type"] in BY_OPENING else values["closed_on"]
        if day is None:
            continue
        for indicator in FLOWS.get(values["case_type"], ()):
            into.flow(indicator, line.cell, day)
        if values["case_type"] == "criminal_transfer":
            handed_over[values["case_no"]] = line.cell, day
        elif values["case_type"] == "customs_seizure":
            into.flow("customs_seizures", line.cell, day, values["batches"] or 1)
            into.flow("customs_seized_items", line.cell, day, values["items"])
            into.flow("customs_seized_amount", line.cell, day, values["value_yuan"] / 10_000)
    for cell, day in handed_over.values():
        into.flow("enf_criminal_transfers", cell, day)


def _items(items: int | None, delivered: Day) -> str | None:
    """Numbers of items with thousands separators; from 2023 on large ones in 万件."""
    if items is None:
        return None
    return f"{items / 10_000:g}万件" if items >= 10_000 and delivered.year >= 2023 else f"{items:,}"


def written(line: Line) -> Cells:
    """One case as a row of the ledger."""
    v = line.values
    return {
        "案号": v["case_no"],
        "案件类型": WORDS[v["case_type"]][0],
        "知识产权类型": KINDS[v["ip_kind"]],
        "受理日期": str(v["opened_on"]),
        "结案日期": str(v["closed_on"]) if v["closed_on"] else None,
        "处理程序": {"simple": "简易", "ordinary": "普通"}[v["procedure"]],
        "处理结果": v["result"],
        "件数": _items(v["items"], line.delivered),
        "批次": str(v["batches"]) if v["batches"] else None,
        "货值（元）": f"{v['value_yuan']:,}" if v["value_yuan"] else None,
        "区县": v["district"],
        "承办单位": v["authority"],
    }


def write(landing: Landing, drawn: list[Line], *, is_first: bool) -> None:
    """One list a delivery; at the year's end a workbook with title, unit row and total."""
    for delivered, some in files.by_delivery(drawn):
        name = f"{SOURCE}/{delivered}/合成_案件台账_{delivered:%Y%m%d}"
        if not is_first:
            files.put_list(landing, f"{name}_扩充.csv", files.table(some, written))
            continue
        rows, plants = [written(line) for line in some], _plants(some, delivered)
        if delivered == Day(2020, 7, 15):
            _damage(rows, plants)
        table = files.labelled(rows, plants)
        if delivered.month == 1 and delivered > Day(2017, 1, 1):
            table = table.rename({"货值（元）": "货值"})
            units = tuple({"件数": "件", "货值": "元"}.get(column) for column in table.columns[:-3])
            book = Book(("合成样例：知识产权案件台账",), units=units, total="合计")
            files.put_book(landing, f"{name}.xlsx", table, book)
        else:
            files.put_list(landing, f"{name}.csv", table, encodings.gb18030)


def _plants(some: list[Line], delivered: Day) -> list[Plant | None]:
    plants: list[Plant | None] = [line.plant for line in some]
    for kind, note, holds in (
        (
            "case_closed_later",
            "先按未结案交付，结案后再次交付",
            lambda v: v["closed_on"] and due(v["opened_on"]) < delivered,
        ),
        ("items_in_ten_thousands", "件数写作“万件”", lambda v: (v["items"] or 0) >= 10_000),
        ("case_open", "交付时尚未结案", lambda v: v["closed_on"] is None),
        (
            "district_of_city_level",
            "区县列写“市本级”等",
            lambda v: v["district"] in ("市本级", "市级", "市直", "市辖区"),
        ),
        ("district_is_zone", "区县列写功能区", lambda v: "高新" in v["district"] or "开发区" in v["district"]),
    ):
        if delivered not in (Day(2021, 4, 15), Day(2021, 7, 15), Day(2025, 7, 15)):
            break
        found = [i for i, line in enumerate(some) if plants[i] is None and holds(line.values)]
        for i in found[:2]:
            plants[i] = (kind, "kept", note)
    return plants


def _damage(rows: list[Cells], plants: list[Plant | None]) -> None:
    sound = rows[0] | {"案件类型": "调解", "受理日期": "2020-05-06", "结案日期": "2020-06-08"}
    cases: list[tuple[str, str, Cells]] = [
        ("case_unknown_type", "code_unknown", {"案件类型": "样例类型"}),
        ("case_without_number", "required_missing", {"案号": None}),
        ("case_closed_before_opened", "date_order", {"结案日期": "2020-04-01"}),
        ("case_bad_date", "date_unparseable", {"受理日期": "2020年春"}),
    ]
    for n, (kind, reason, cells) in enumerate(cases, start=1):
        rows.insert(3 * n, sound | {"案号": f"合成不存在〔2020〕{n}号"} | cells)
        plants.insert(3 * n, (kind, f"quarantined:{reason}", "不存在的案件"))
    rows.append(dict(rows[-1]))
    plants.append(("repeated_row", "duplicate", "同一行出现两次"))
