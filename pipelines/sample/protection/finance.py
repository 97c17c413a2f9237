"""Insurance, securitisation, bonds and investments; and deals on the platform: transfers, licences, reserve, pools.

The reserve holds the plan's 106 high-value inventions at the end of 2020; what else was taken in does not count there.
"""

import datetime
from bisect import bisect_right
from typing import Any

import polars as pl

from pipelines.sample import city
from pipelines.sample.landing import Landing
from pipelines.sample.protection import files
from pipelines.sample.protection.counts import Count
from pipelines.sample.protection.files import Book, Cells
from pipelines.sample.protection.lines import YEARS, Day, Line, Plant, Town, due_half_yearly, known
from pipelines.sample.writers import encodings

FINANCE, DEALS = "ip_finance", "deals"
WAN, YI = 10_000, 100_000_000
# by year 2016-25
PRODUCTS: dict[str, tuple[int, ...]] = {
    "insurance": (3, 5, 8, 14, 22, 36, 52, 70, 88, 104),
    "securitisation": (0, 0, 0, 0, 1, 1, 1, 2, 2, 2),
    "bond": (0, 0, 0, 1, 0, 1, 1, 1, 1, 2),
    "investment": (0, 1, 2, 2, 3, 5, 6, 8, 9, 11),
}
PRODUCT_WORDS = {"insurance": "保险", "securitisation": "证券化", "bond": "债券", "investment": "股权投资"}
INSURANCES = {
    "enforcement": "专利执行保险",
    "overseas_liability": "海外侵权责任保险",
    "infringement_loss": "专利被侵权损失保险",
    "other": "其他",
}
TRANSFERS = (2, 4, 7, 12, 20, 32, 45, 60, 74, 88)
LICENCES = (0, 1, 3, 6, 11, 20, 34, 52, 66, 80)
INTAKES = (0, 0, 20, 38, 48, 30, 35, 40, 45, 50)
OTHER_INTAKES = (0, 0, 3, 4, 6, 5, 5, 6, 6, 6)
"""Inventions of the reserve that nobody calls high-value."""
POOLS = (0, 0, 0, 1, 1, 2, 2, 3, 3, 4)
DEAL_WORDS = {"transfer": "转让", "licence": "许可", "reserve_intake": "收储", "pool": "专利池"}
PLATFORM = "合成样例专利转化许可平台"
FIRST_YEAR = 2016


def finance_lines(town: Town) -> list[Line]:
    """One line per contract or product."""
    drawn = []
    for product, counts in PRODUCTS.items():
        running = 0
        for year, count in enumerate(counts, start=FIRST_YEAR):
            for cell in town.spread(count) if count > 12 else [town.pick(town.spread(30)) for _ in range(count)]:
                running += 1
                drawn.append(_product(town, product, running, year, cell))
    return drawn


def _product(town: Town, product: str, running: int, year: int, cell: int) -> Line:
    issued = town.day(year)
    # cover begins in the month in which the policy is signed
    begins = min(issued + datetime.timedelta(days=town.number(0, 5)), _month_end(issued))
    row = town.organisation(cell)
    insured = product == "insurance"
    amount = town.number(5, 300) * WAN if insured else town.number(20, 900) * 10 * WAN
    values: dict[str, Any] = {
        "contract_no": f"合成{PRODUCT_WORDS[product][:2]}{year}{town.part * 10_000 + running:05d}",
        "product_type": product,
        "insurance_kind": town.pick(tuple(INSURANCES)) if insured else None,
        "_row": row,
        "unit": town.name(row, issued),
        "credit_code": town.code(row) if town.chance(0.9) else None,
        "issued_on": issued,
        "amount": amount,
        "premium": amount // 100 if insured else None,
        "valid_from": begins if insured else None,
        "valid_until": begins + datetime.timedelta(days=364) if insured else None,
        "district": town.district(cell),
    }
    return Line(due_half_yearly(issued), (product, values["contract_no"]), cell, values)


def _month_end(day: Day) -> Day:
    following = (day.replace(day=1) + datetime.timedelta(days=32)).replace(day=1)
    return following - datetime.timedelta(days=1)


def count_finance(drawn: list[Line], into: Count) -> None:
    """By day of issue; bonds are issues like securities."""
    for line in known(drawn, into.known_at):
        v, cell, day = line.values, line.cell, line.values["issued_on"]
        if v["product_type"] == "insurance":
            into.flow("insurance_policies", cell, day)
            into.flow("insured_amount", cell, day, v["amount"] / YI)
            into.flow("insurance_premium", cell, day, v["premium"] / WAN)
        elif v["product_type"] == "investment":
            into.flow("investments", cell, day)
            into.flow("investment_amount", cell, day, v["amount"] / YI)
        else:
            into.flow("securitisation_issues", cell, day)
            into.flow("securitisation_amount", cell, day, v["amount"] / YI)


def _finance_cells(line: Line) -> Cells:
    v = line.values
    return {
        "合同编号": v["contract_no"],
        "产品类型": PRODUCT_WORDS[v["product_type"]],
        "险种": INSURANCES.get(v["insurance_kind"] or ""),
        "企业名称": v["unit"],
        "统一社会信用代码": v["credit_code"],
        "签发日期": str(v["issued_on"]),
        "金额（万元）": f"{v['amount'] // WAN:,}",
        "保费（元）": f"{v['premium']:,}" if v["premium"] else None,
        "有效期自": str(v["valid_from"]) if v["valid_from"] else None,
        "有效期至": str(v["valid_until"]) if v["valid_until"] else None,
        "区县": v["district"],
    }


def write_finance(landing: Landing, drawn: list[Line], *, is_first: bool) -> None:
    """A list every delivery; a workbook with its unit in the header in Januaries."""
    for delivered, some in files.by_delivery(drawn):
        name = f"{FINANCE}/{delivered}/合成_知识产权金融_{delivered:%Y%m%d}"
        if not is_first:
            files.put_list(landing, f"{name}_扩充.csv", files.table(some, _finance_cells))
            continue
        rows: list[Cells] = [_finance_cells(line) for line in some]
        plants: list[Plant | None] = [None] * len(rows)
        if delivered == Day(2023, 7, 15):
            sound = rows[0] | {"合同编号": "合成不存在1"}
            rows[4:4] = [
                sound | {"产品类型": "样例产品"},
                sound | {"签发日期": "2023-06-31"},
                sound | {"金额（万元）": "若干"},
            ]
            plants[4:4] = [
                ("product_unknown", "quarantined:code_unknown", "不存在的产品"),
                ("product_bad_date", "quarantined:date_unparseable", "不存在的产品"),
                ("product_bad_amount", "quarantined:number_unparseable", "不存在的产品"),
            ]
        table = files.labelled(rows, plants)
        if delivered.month == 1 and delivered.year > 2016:
            files.put_book(landing, f"{name}.xlsx", table, Book(("合成样例：知识产权金融产品清单",), total="合计"))
        else:
            files.put_list(landing, f"{name}.csv", table)


def deal_lines(town: Town, inventions: pl.DataFrame) -> list[Line]:
    """One line per patent of a deal; intakes and pools take in several patents under one number."""
    granted = inventions.filter(
        pl.col("granted").is_not_null() & (pl.col("patentee_cell") != city.OUTSIDE) & (pl.col("patentee_cell") != 10)
    ).sort("granted", "application_no")
    deals = _Deals(town, granted.select("granted", "application_no", "patentee", "patentee_cell").rows())
    for year in range(FIRST_YEAR, YEARS[-1] + 1):
        n = year - FIRST_YEAR
        deals.priced("transfer", year, TRANSFERS[n])
        deals.priced("licence", year, LICENCES[n])
        deals.packages("reserve_intake", year, INTAKES[n], is_high_value=True)
        deals.packages("reserve_intake", year, OTHER_INTAKES[n], is_high_value=False)
        deals.packages("pool", year, POOLS[n] * 6, is_high_value=None)
    return deals.drawn


class _Deals:
    def __init__(self, town: Town, granted: list[tuple[Day, str, int, int]]) -> None:
        self.town = town
        self.granted = granted
        self.used: set[str] = set()
        self.running = 0
        self.drawn: list[Line] = []

    def priced(self, kind: str, year: int, count: int) -> None:
        """Deals with a price, mostly over one patent; the price of a package stands at each of its patents."""
        for _ in range(count):
            day = self.town.day(year)
            self.running += 1
            price = self.town.number(1, 90) * WAN if kind == "transfer" else self.town.number(1, 40) * 5_000
            self._add(kind, day, price, None)
            if self.town.chance(0.06):
                self._add(kind, day, price, None, self.drawn[-1])

    def packages(self, kind: str, year: int, count: int, *, is_high_value: bool | None) -> None:
        """Up to eight patents under one number and on one day."""
        for n in range(count):
            if n % 8 == 0:
                day = self.town.day(year, 3)
                self.running += 1
            self._add(kind, day, None, is_high_value)

    def _add(
        self, kind: str, day: Day, price: int | None, is_high_value: bool | None, first: Line | None = None
    ) -> None:
        """One patent of a deal; further ones of a package have the parties and the place of the first."""
        town = self.town
        last = bisect_right(self.granted, day, key=lambda row: row[0])
        while True:
            _, number, patentee, cell = self.granted[town.number(0, last - 1)]
            if number not in self.used:
                break
        self.used.add(number)
        buyer = town.organisation(cell if town.chance(0.7) else city.OUTSIDE)
        deal_no = f"合成{DEAL_WORDS[kind][0]}{day.year}{town.part * 10_000 + self.running:05d}"
        values: dict[str, Any] = {
            "deal_no": deal_no,
            "deal_type": kind,
            "application_no": number,
            "deal_date": day,
            "amount": price,
            "_seller": patentee,
            "seller": town.name(patentee, day),
            "_buyer": buyer,
            "buyer": PLATFORM + "运营中心" if kind in ("reserve_intake", "pool") else town.name(buyer, day),
            "is_high_value": is_high_value,
            "district": town.district(cell),
        }
        if first is not None:
            values |= {name: first.values[name] for name in ("_seller", "seller", "_buyer", "buyer", "district")}
            cell = first.cell
        self.drawn.append(Line(due_half_yearly(day), (kind, deal_no, number), cell, values))


def count_deals(drawn: list[Line], into: Count) -> None:
    """Transfers and licences by deal number, each price once; the reserve by its distinct high-value patents."""
    reserve: dict[str, tuple[int, Day]] = {}
    counted: set[str] = set()
    for line in known(drawn, into.known_at):
        v, day = line.values, line.values["deal_date"]
        if v["deal_type"] in ("transfer", "licence"):
            if v["deal_no"] in counted:
                continue
            counted.add(v["deal_no"])
            into.flow(f"deal_{v['deal_type']}s", line.cell, day)
            into.flow("deal_amount", line.cell, day, v["amount"] / WAN)
        elif v["deal_type"] == "reserve_intake" and v["is_high_value"]:
            reserve[v["application_no"]] = line.cell, day
    for cell, day in reserve.values():
        into.stock("reserved_high_value", cell, [(day, None)])


def _deal_cells(line: Line) -> Cells:
    v = line.values
    return {
        "交易编号": v["deal_no"],
        "交易类型": DEAL_WORDS[v["deal_type"]],
        "专利号": f"ZL{v['application_no']}",
        "成交日期": str(v["deal_date"]).replace("-", "/"),
        "成交金额（元）": f"{v['amount']:,}" if v["amount"] else None,
        "转让方": v["seller"],
        "受让方": v["buyer"],
        "是否高价值": None if v["is_high_value"] is None else ("是" if v["is_high_value"] else "否"),
        "交易平台": PLATFORM,
        "区县": v["district"],
    }


def write_deals(landing: Landing, drawn: list[Line], *, is_first: bool) -> None:
    """A list every delivery."""
    for delivered, some in files.by_delivery(drawn):
        name = f"{DEALS}/{delivered}/合成_交易台账_{delivered:%Y%m%d}"
        if not is_first:
            files.put_list(landing, f"{name}_扩充.csv", files.table(some, _deal_cells))
            continue
        rows: list[Cells] = [_deal_cells(line) for line in some]
        plants: list[Plant | None] = [None] * len(rows)
        for i, line in enumerate(some):
            if line.values["is_high_value"] is False:
                plants[i] = ("intake_not_high_value", "kept", "收储但非高价值，不计入106件一类")
                break
        if delivered == Day(2023, 1, 20):
            sound = rows[0] | {"交易编号": "合成不存在1"}
            # without a number a patent of a pool is still a patent of a pool
            spoiled = sound | {"交易类型": "专利池", "专利号": "2.02E+12", "成交金额（元）": None}
            rows[3:3] = [spoiled, sound | {"交易类型": "样例"}, sound | {"成交日期": None}]
            plants[3:3] = [
                ("deal_spoiled_number", "kept", "专利号被电子表格破坏：号码不入库，行保留"),
                ("deal_unknown_type", "quarantined:code_unknown", "不存在的交易"),
                ("deal_without_date", "quarantined:required_missing", "不存在的交易"),
            ]
            rows.append(dict(rows[-1]))
            plants.append(("repeated_row", "duplicate", "同一行出现两次"))
        files.put_list(landing, f"{name}.csv", files.labelled(rows, plants), encodings.utf8_with_mark)
