"""Geographical indications in three registers, and the units allowed to use their sign.

The same name stands in more than one register, and one unit uses several indications: neither may be counted twice
where units are counted. Few enough to be drawn one by one.
"""

import datetime
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

import numpy as np
import polars as pl

from pipelines.sample import city, layout, truth
from pipelines.sample.deliveries import label
from pipelines.sample.layout import Documents, Format, List, Place
from pipelines.sample.part import Delivered, Part
from pipelines.sample.patents import YEARS, Applicants
from pipelines.sample.records import KEPT, LABEL_COLUMNS
from pipelines.sample.rights import damage, names
from pipelines.sample.rights.registers import Case, deliver_all, due, labelled, printed
from pipelines.sample.writers import archives, workbooks
from pipelines.sample.writers.documents import Row

STREAM = 20
SOURCE = "geographical_indications"
Day = datetime.date
# indications in each register at the end of 2010 and new ones by year
OLD = {"mark": 9, "product": 3, "agricultural": 6}
NEW = {
    "mark": dict(zip(YEARS, (3, 3, 4, 2, 3, 4, 3, 2, 2, 3, 2, 2, 2, 1, 2), strict=True)),
    "product": {2012: 1, 2014: 2, 2016: 1, 2017: 1, 2019: 1, 2021: 1, 2023: 1},
    "agricultural": dict(zip(range(2011, 2021), (2, 3, 2, 3, 2, 3, 3, 2, 3, 2), strict=True)),
}
ENDED = 2
"""Indications per register that were given up."""
USERS = dict(zip(range(2012, 2026), (4, 5, 6, 7, 9, 10, 12, 13, 14, 18, 22, 25, 26, 24), strict=True))
"""Authorisations by year."""
USER_SHARE_AGAIN = 0.3
USERS_ENDED = 6
PRODUCTS = (
    "香椿",
    "大米",
    "陶瓷",
    "琉璃",
    "苹果",
    "蜜桃",
    "山药",
    "韭菜",
    "桔梗",
    "金银花",
    "酥锅",
    "丝绸",
    "辣椒",
    "板栗",
    "核桃",
)
REGISTER_WORDS = {"mark": "地理标志证明商标", "product": "地理标志保护产品", "agricultural": "农产品地理标志"}
INDICATORS = {"mark": "gi_marks", "product": "gi_products", "agricultural": "gi_agricultural"}
AS_XML = 2
"""Protected products that come as XML, with the users that were authorised from the start."""


@dataclass
class Indication:
    """One entry of a register."""

    register: str
    number: str
    name: str
    cell: int
    registered: Day
    ended: Day | None = None
    users: list["User"] = field(default_factory=list)


@dataclass
class User:
    """One unit's right to use the sign of one indication."""

    owner: int
    registered: Day
    ended: Day | None = None


def deliver(part: Part) -> Delivered:
    """Write the indications and users of one part; returns their truth."""
    rng = part.rng(STREAM)
    indications = draw(rng, part)
    _deliver(part, rng, indications)
    return Delivered(count(part, indications))


def draw(rng: np.random.Generator, part: Part) -> list[Indication]:
    """The registers with their users, in order of registration."""
    found: list[Indication] = []
    for register, by_year in NEW.items():
        days = [_day(rng, int(year)) for year in rng.integers(2005, 2011, OLD[register])]
        days += [_day(rng, year) for year, new in by_year.items() for _ in range(new)]
        for n, day in enumerate(sorted(days)):
            number = f"{register[:2].upper()}{part.number:02d}{n + 1:04d}"
            # the same names in every register
            name = f"合成样例{PRODUCTS[n % len(PRODUCTS)]}{part.number:02d}{n // len(PRODUCTS) + 1}"
            cell = int(rng.integers(0, 8)) if rng.random() < 0.9 else len(city.CELLS) - 1
            found.append(Indication(register, number, name, cell, day))
        of_register = [one for one in found if one.register == register]
        for n in rng.choice(len(of_register), ENDED, replace=False).tolist():
            end = max(of_register[n].registered, Day(2015, 6, 1)) + datetime.timedelta(days=900)
            of_register[n].ended = min(end, Day(2025, 10, 15))
    _draw_users(rng, part, found)
    return sorted(found, key=lambda one: (one.registered, one.number))


def _draw_users(rng: np.random.Generator, part: Part, indications: list[Indication]) -> None:
    """Organisations of the city; a third of the authorisations go to units that use another sign already."""
    # two namesakes under one indication could not be told apart by the register's own key
    is_unit = ((part.people["applicant_kind"] == "organisation") & ~part.people["is_twin"]).to_numpy()
    pick = Applicants(rng, part.people)
    standing = [one for one in indications if one.ended is None]
    known: list[int] = []
    for year, new in USERS.items():
        for _ in range(new):
            day = _day(rng, year)
            open_now = [one for one in standing if one.registered < day]
            one = open_now[int(rng.integers(len(open_now)))]
            again = [owner for owner in known if owner not in {user.owner for user in one.users}]
            if again and rng.random() < USER_SHARE_AGAIN:
                owner = again[int(rng.integers(len(again)))]
            else:
                owner = next(int(row) for row in pick.inside(40) if is_unit[row] and row not in known)
                known.append(owner)
            one.users.append(User(owner, day))
    users = [user for one in indications for user in one.users]
    alone = [user for user in users if sum(other.owner == user.owner for other in users) == 1]
    for n in rng.choice(len(alone), USERS_ENDED, replace=False).tolist():
        alone[n].ended = min(alone[n].registered + datetime.timedelta(days=1100), Day(2025, 11, 3))
    # two protected products come as XML, which knows the users of the first day only
    for one in _for_xml(indications):
        one.users = [User(user.owner, one.registered) for user in one.users if user.ended is None]


def _for_xml(indications: list[Indication]) -> list[Indication]:
    """Products of the years with deliveries that still stand."""
    standing = [one for one in indications if one.register == "product" and one.ended is None]
    return [one for one in standing if Day(2016, 1, 1) < one.registered < Day(2020, 1, 1)][:AS_XML]


def _day(rng: np.random.Generator, year: int) -> Day:
    return Day(year, 1, 5) + datetime.timedelta(days=int(rng.integers(0, 350)))


def _due(day: Day | None) -> Day | None:
    if day is None:
        return None
    delivered: Day = due(np.array([day], dtype="datetime64[D]"), months=12)[0].item()
    return delivered


def count(part: Part, indications: list[Indication]) -> pl.DataFrame:
    """Indications of each register, and units that use at least one sign, at each year's end."""
    tables = []
    for known_at in part.known_at:
        for register, indicator in INDICATORS.items():
            tables.append(
                _stock(
                    known_at,
                    indicator,
                    [
                        (one.cell, one.registered, _known(one.ended, known_at))
                        for one in indications
                        if one.register == register and _known(one.registered, known_at)
                    ],
                )
            )
        units: dict[int, list[tuple[Day, Day | None]]] = {}
        for one in indications:
            for user in one.users:
                if _known(user.registered, known_at):
                    units.setdefault(user.owner, []).append((user.registered, _known(user.ended, known_at)))
        # one with two rights has no end here: only units with a single right lose it
        spans = [
            (
                int(part.people["cell"][owner]),
                min(first for first, _ in rights),
                rights[0][1] if len(rights) == 1 else None,
            )
            for owner, rights in units.items()
        ]
        tables.append(_stock(known_at, "gi_authorised_users", spans))
    return pl.concat(tables)


def _known(day: Day | None, known_at: Day) -> Day | None:
    """The day, if a delivery brought it by then."""
    seen = _due(day)
    return day if seen is not None and seen <= known_at else None


def _stock(known_at: Day, indicator: str, spans: list[tuple[int, Day, Day | None]]) -> pl.DataFrame:
    """Spans that end on the day before the third entry, where there is one."""
    last = [None if end is None else end - datetime.timedelta(days=1) for _, _, end in spans]
    return truth.stock(
        [known_at],
        indicator,
        np.array([cell for cell, _, _ in spans], dtype=np.int64),
        np.array([first for _, first, _ in spans], dtype="datetime64[D]"),
        np.array(last, dtype="datetime64[D]"),
        np.full(len(spans), np.datetime64(known_at)),
    )


def _deliver(part: Part, rng: np.random.Generator, indications: list[Indication]) -> None:
    """Every entry with its delivery, and once more when it ended; two products as XML in the first part."""
    as_xml = _for_xml(indications) if part.is_first else []
    rows: list[Row] = []
    for one in indications:
        if one not in as_xml:
            rows += _states(_indication_row(part, one), one.registered, one.ended)
        for user in [] if one in as_xml else one.users:
            rows += _states(_user_row(part, rng, one, user), user.registered, user.ended)
    schema = dict.fromkeys(rows[0], pl.String) | {"delivered_on": pl.Date, "registered": pl.Date, "ended": pl.Date}
    table = pl.DataFrame(rows, schema=schema).sort("delivered_on", "number", "record", "user", nulls_last=True)
    marked = labelled(table, _cases(), is_first=part.is_first)
    deliver_all(part, SOURCE, marked, lambda period: f"合成_地理标志_{period}", FORMATS, List(_list))
    for one in as_xml:
        _deliver_xml(part, rng, one)


def _states(row: Row, registered: Day, ended: Day | None) -> list[Row]:
    first = row | {"delivered_on": _due(registered), "registered": registered, "ended": None}
    if ended is None:
        return [first]
    last = first | {"delivered_on": _due(ended), "ended": ended}
    return [last] if last["delivered_on"] == first["delivered_on"] else [first, last]


def _shared(one: Indication) -> Row:
    return {
        "register": REGISTER_WORDS[one.register],
        "number": one.number,
        "indication": one.name,
        "holder": f"合成样例{one.name[4:6]}协会",
    }


def _indication_row(part: Part, one: Indication) -> Row:
    place = {"district": city.DISTRICTS[one.cell], "address": None}
    return _shared(one) | {"record": "地理标志", "user": None, "credit_code": None} | place


def _user_row(part: Part, rng: np.random.Generator, one: Indication, user: User) -> Row:
    person = part.person(user.owner)
    name, code = names.variant(person, rng, user.registered)
    part.parties.wrote(SOURCE, pl.Series([name]), pl.Series([code], dtype=pl.String), pl.Series([user.owner]))
    district = city.DISTRICTS[person["cell"]] if rng.random() < 0.5 else None
    place = {"district": district, "address": person["address"]}
    return _shared(one) | {"record": "专用标志使用人", "user": name, "credit_code": code} | place


def _cases() -> list[Case]:
    is_user = pl.col("record") == "专用标志使用人"
    return [
        ("indication_ended", pl.col("ended").is_not_null() & ~is_user, KEPT, "地理标志注销"),
        ("user_ended", pl.col("ended").is_not_null() & is_user, KEPT, "专用标志使用人注销"),
        ("user_again", is_user & pl.col("user").is_duplicated(), KEPT, "同一单位使用多个地理标志，只计一家"),
        ("indication_in_city", ~is_user & (pl.col("district") == "市本级"), KEPT, "未写区县，计入未分配"),
        ("indication_named_twice", ~is_user & pl.col("indication").is_duplicated(), KEPT, "三类登记中同名，不得相加"),
    ]


def _list(rows: pl.DataFrame) -> pl.DataFrame:
    """The yearly list of the registers and the users."""
    return rows.select(
        pl.col("register").alias("登记类别"),
        pl.col("record").alias("记录类型"),
        pl.col("number").alias("编号"),
        pl.col("indication").alias("地理标志名称"),
        pl.col("holder").alias("注册人"),
        pl.col("user").alias("专用标志使用人"),
        pl.col("credit_code").alias("统一社会信用代码"),
        printed("registered").alias("登记日期"),
        printed("ended").alias("注销日期"),
        pl.col("district").alias("区县"),
        pl.col("address").alias("地址"),
    )


def _deliver_xml(part: Part, rng: np.random.Generator, one: Indication) -> None:
    """One protected product with its users in ST.96."""
    users = ""
    for user in one.users:
        person = part.person(user.owner)
        name, _ = names.variant(person, rng, user.registered)
        part.parties.wrote(SOURCE, pl.Series([name]), None, pl.Series([user.owner]))
        users += (
            f"<gin:AuthorizedUser>{_contact(name, person['address'])}"
            "<gin:AuthorizedUserCategory>Manufacturer</gin:AuthorizedUserCategory></gin:AuthorizedUser>"
        )
    district = city.DISTRICTS[one.cell]
    place = "山东省淄博市" + ("" if district == "市本级" else str(district))
    space = "http://www.wipo.int/standards/XMLSchema/ST96"
    shared = _shared(one)
    text = f"""<?xml version="1.0" encoding="UTF-8"?>
<gin:GIApplication xmlns:gin="{space}/GeographicalIndication" xmlns:com="{space}/Common" com:st96Version="V6_0">
<gin:GIData com:officeCode="CN" com:languageCode="zh">
<com:RegistrationNumber>{one.number}</com:RegistrationNumber>
<com:RegistrationDate>{one.registered}</com:RegistrationDate>
<gin:GINameBag><gin:GINameText com:languageCode="zh">{escape(one.name)}</gin:GINameText></gin:GINameBag>
<gin:GeographicRegionDescriptionBag><gin:GeographicRegionDescription>\
<gin:GeographicRegionDescriptionText>{place}</gin:GeographicRegionDescriptionText>\
</gin:GeographicRegionDescription></gin:GeographicRegionDescriptionBag>
<gin:GICategory>Geographical Indication</gin:GICategory>
</gin:GIData>
{users}
<gin:ApplicantBag><gin:Applicant com:sequenceNumber="1">{_contact(shared["holder"], None)}</gin:Applicant>\
</gin:ApplicantBag>
</gin:GIApplication>
"""
    delivered = _due(one.registered)
    rows = pl.DataFrame({name: [None] for name in LABEL_COLUMNS}, schema=dict.fromkeys(LABEL_COLUMNS, pl.String))
    rows = pl.concat([rows] * (len(one.users) + 1))
    member = f"{one.number}_synthetic.xml"

    def render(_: pl.DataFrame) -> tuple[bytes, list[Place]]:
        return archives.archive([(member, text.encode())]), [(member, 1)] * rows.height

    stem = f"合成_地理标志保护产品_{one.number}_{label(str(delivered))}"
    layout.deliver(part.landing, SOURCE, stem, str(delivered), rows, [(Documents("_st96.zip", render), None)])


def _contact(name: str, address: str | None) -> str:
    lines = (
        "<com:PostalAddressBag><com:PostalAddress><com:PostalStructuredAddress>"
        f"<com:AddressLineText>{escape(address)}</com:AddressLineText>"
        "</com:PostalStructuredAddress></com:PostalAddress></com:PostalAddressBag>"
        if address
        else ""
    )
    return (
        "<com:Contact><com:Name><com:OrganizationName><com:OrganizationStandardName>"
        f"{escape(name)}</com:OrganizationStandardName></com:OrganizationName></com:Name>{lines}</com:Contact>"
    )


def _workbook(table: pl.DataFrame, *, header: bool = True) -> bytes:
    groups = (("地理标志", 5), ("使用人", 2), ("日期", 2), ("所在地", 2))
    return workbooks.workbook(table, titles=("合成样例：地理标志清单",), total="合计", groups=groups)


FORMATS: dict[str, list[tuple[Format, int | None]]] = {
    "2018H2": [(List(_list, _workbook, ".xlsx", rows_before=3, is_whole=True), None)],
    "2020Q4": [(List(_list, damage=damage.indications), None)],
}
