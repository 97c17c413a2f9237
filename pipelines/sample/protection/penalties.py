"""Penalty decisions: which authority punished whom for what, and when it was published. How files look: penalty_files.

The yearly numbers are exact; 2016-20 add up to the plan's 906, 405 and 15.
"""

import datetime
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from pipelines.codes import credit_code
from pipelines.sample import city
from pipelines.sample.protection.counts import Count
from pipelines.sample.protection.lines import (
    LAST_DELIVERY,
    YEARS,
    Day,
    Line,
    Plant,
    Town,
    WorkingDays,
    due_monthly,
    known,
)

DECISIONS: dict[str, tuple[int, ...]] = {
    # 2011-15, 2016-20 and 2021-25
    "patent_counterfeit": (60, 72, 90, 128, 150, 212, 205, 184, 163, 142, 120, 105, 98, 90, 84),
    "trademark": (34, 38, 45, 50, 56, 62, 71, 80, 92, 100, 118, 126, 139, 150, 161),
    "copyright": (1, 1, 2, 2, 2, 2, 3, 3, 3, 4, 5, 5, 6, 6, 7),
    "trade_secret": (0, 0, 1, 0, 1, 1, 1, 2, 1, 2, 2, 3, 2, 3, 4),
    "gi": (0, 0, 0, 0, 0, 0, 1, 2, 3, 3, 4, 6, 7, 9, 10),
    "special_sign": (0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 3, 9, 2, 3, 3),
    "none": (60, 60, 60, 60, 60, 110, 110, 120, 120, 130, 140, 140, 140, 150, 150),
}
WITHHELD_FORMS = ("v2016",)
_PUBLISHED_WITHIN = 7
_NEAR = datetime.timedelta(days=4)
AUTHORITY_PLACES = {
    **{0: "淄川区", 1: "张店区", 2: "博山区", 3: "临淄区", 4: "周村区", 5: "桓台县", 6: "高青县", 7: "沂源县"},
    **{8: "高新区", 9: "经济开发区", 11: "文昌湖区", 12: ""},
}
_TRADES = ("便民超市", "五金商店", "建材经营部", "服装商店", "电器经营部", "烟酒商店")


@dataclass(frozen=True)
class Offence:
    """How decisions of one kind are worded."""

    violation: str
    bases: tuple[tuple[str, str], ...]
    """(in force from, legal basis)"""
    facts: str
    department: str = "市场监督管理局"

    def basis(self, day: Day) -> str:
        """The provision in force on the day of the decision."""
        return [text for since, text in self.bases if since <= day.isoformat()][-1]


OFFENCES: dict[str, tuple[Offence, ...]] = {
    "patent_counterfeit": (
        Offence(
            "假冒专利",
            (
                ("2009", "《中华人民共和国专利法》第六十三条、《中华人民共和国专利法实施细则》第八十四条"),
                ("2021-06-01", "《中华人民共和国专利法》第六十八条、《中华人民共和国专利法实施细则》第八十四条"),
            ),
            "当事人销售的{goods}包装上标注专利号，经查该专利权已终止，属假冒专利行为",
        ),
        Offence(
            "假冒专利行为",
            (
                ("2009", "《中华人民共和国专利法》第六十三条"),
                ("2021-06-01", "《中华人民共和国专利法》第六十八条"),
            ),
            "当事人在{goods}上标注他人的专利号，未经许可，构成假冒他人专利",
        ),
    ),
    "trademark": (
        Offence(
            "侵犯注册商标专用权",
            (
                ("2001", "《中华人民共和国商标法》第五十二条、第五十三条"),
                ("2014-05-01", "《中华人民共和国商标法》第五十七条第（三）项、第六十条第二款"),
            ),
            "当事人销售的{goods}使用与注册商标相同的标识，属侵犯注册商标专用权的商品",
        ),
        Offence(
            "冒充注册商标",
            (
                ("2001", "《中华人民共和国商标法》第四十八条"),
                ("2014-05-01", "《中华人民共和国商标法》第五十二条"),
            ),
            "当事人将未注册商标冒充注册商标，用于{goods}的包装",
        ),
        # the words of the type say nothing: only the law does
        Offence(
            "其他违法行为",
            (("2001", "《中华人民共和国商标法》第五十二条"), ("2014-05-01", "《中华人民共和国商标法》第五十七条")),
            "当事人未经商标注册人许可，在{goods}上使用其注册商标",
        ),
    ),
    "copyright": (
        Offence(
            "侵犯著作权",
            (
                ("2010", "《中华人民共和国著作权法》第四十八条第（一）项"),
                ("2021-06-01", "《中华人民共和国著作权法》第五十三条第（一）项"),
            ),
            "当事人未经著作权人许可，复制、发行其作品，损害公共利益",
            "文化和旅游局",
        ),
    ),
    "trade_secret": (
        Offence(
            "侵犯商业秘密",
            (
                ("1993", "《中华人民共和国反不正当竞争法》第十条、第二十五条"),
                ("2018-01-01", "《中华人民共和国反不正当竞争法》第九条、第二十一条"),
            ),
            "当事人违反保密义务，披露、使用所掌握的经营信息，侵犯商业秘密",
        ),
    ),
    "gi": (
        Offence(
            "地理标志侵权假冒",
            (("2005", "《地理标志产品保护规定》第二十一条"), ("2024-02-01", "《地理标志产品保护办法》第三十条")),
            "当事人擅自使用地理标志专用标志销售{goods}",
        ),
    ),
    "special_sign": (
        Offence(
            "侵犯奥林匹克标志专有权",
            (("2002", "《奥林匹克标志保护条例》第四条、第十二条"),),
            "当事人未经许可，为商业目的在{goods}上使用奥林匹克标志",
        ),
        Offence("擅自使用特殊标志", (("1996", "《特殊标志管理条例》第十六条"),), "当事人擅自在{goods}上使用特殊标志"),
    ),
    "none": (
        Offence(
            "经营标签不符合规定的食品",
            (("2009", "《中华人民共和国食品安全法》第一百二十五条"),),
            "当事人经营的预包装食品标签未标注生产日期",
        ),
        Offence(
            "未明码标价",
            (("1998", "《中华人民共和国价格法》第四十二条"),),
            "当事人销售{goods}未按规定明码标价",
        ),
        Offence(
            "使用未经检定的计量器具",
            (("1986", "《中华人民共和国计量法》第二十五条"),),
            "当事人使用未经检定的电子秤",
        ),
        # the law against unfair competition is not always about secrets
        Offence(
            "虚假宣传",
            (
                ("1993", "《中华人民共和国反不正当竞争法》第九条、第二十四条"),
                ("2018-01-01", "《中华人民共和国反不正当竞争法》第八条、第二十条"),
            ),
            "当事人对{goods}的性能作引人误解的商业宣传",
        ),
    ),
}
GOODS = ("样例五金件", "样例灯具", "样例文具", "样例服装", "样例酒类", "样例电器", "样例陶瓷", "样例配件")


@dataclass
class Draft:
    """A decision before it is put into words."""

    day: Day
    cell: int
    kind: str
    form: str
    number: str = ""
    parties: list[tuple[str, str | None, int | None]] = field(default_factory=list)
    """(name, credit code, row of people)"""


def form_of(day: Day, cell: int) -> str:
    """In which of the four official forms the authority of a cell reports a decision of a day."""
    if day < Day(2018, 7, 1):
        return "v2016"
    if day < Day(2021, 1, 1):
        return "cf2018" if cell <= 7 else "chinese"
    if day < Day(2022, 1, 1):
        return "municipal" if cell >= 8 else ("chinese" if cell <= 3 else "cf2018")
    return "municipal" if cell in (1, 3, 5, 8, 9, 11, 12) else "chinese"


class Penalties:
    """Draws the decisions of one part."""

    def __init__(self, town: Town, days: WorkingDays) -> None:
        self.town = town
        self.days = days
        self.seen: dict[str, list[Day]] = defaultdict(list)
        self.shops = 0

    def lines(self) -> list[Line]:
        """One line per offender of a decision and delivery."""
        drafts = self._drafts()
        running: dict[int, int] = defaultdict(int)
        lines: list[Line] = []
        for draft in drafts:
            running[draft.day.year] += 1
            office = AUTHORITY_PLACES[draft.cell][:1] or "市"
            draft.number = (
                f"合成{office}监罚〔{draft.day.year}〕{self.town.part * 10_000 + running[draft.day.year]:04d}号"
            )
            self._choose_parties(draft)
            lines += self._written(draft)
        return lines + self._later(lines)

    def _drafts(self) -> list[Draft]:
        drafts = []
        for kind, counts in DECISIONS.items():
            for year, count in zip(YEARS, counts, strict=True):
                for cell in self.town.spread(count):
                    day = self.town.day(year)
                    if not self.days.is_working(day):
                        day = self.days.after(day, 1)
                    if day.year > year:
                        day = Day(year, 12, 25)
                    drafts.append(Draft(day, cell, kind, form_of(day, cell)))
        return sorted(drafts, key=lambda draft: (draft.day, draft.kind, draft.cell))

    def _choose_parties(self, draft: Draft) -> None:
        """Mostly one organisation; sometimes several, a person, or a shop that is met once and has no code."""
        town, drawn = self.town, town_chance(self.town)
        if drawn < 0.10:
            row = town.person()
            draft.parties.append((town.name(row, draft.day), None, None))
        elif drawn < 0.16:
            draft.parties.append(self._shop(draft, with_code=False))
        elif drawn < 0.30:
            draft.parties.append(self._shop(draft, with_code=True))
        else:
            draft.parties.append(self._organisation(draft))
            if draft.kind != "none" and drawn > 0.98:
                draft.parties.append(self._shop(draft, with_code=True))
        for name, code, _ in draft.parties:
            if code and draft.kind != "none":
                self.seen[name_of_party(name, code)].append(draft.day)

    def _organisation(self, draft: Draft) -> tuple[str, str | None, int | None]:
        """An organisation; one punished for the same before with some likelihood, never quite five years before."""
        town = self.town
        cell = city.OUTSIDE if town.chance(0.04) else draft.cell
        for _ in range(20):
            row = town.organisation(cell)
            name, code = town.name(row, draft.day), town.code(row)
            if draft.kind == "none" or self._is_clear(name_of_party(name, code), draft.day):
                break
        return name, code, row

    def _is_clear(self, party: str, day: Day) -> bool:
        """Whether no earlier decision is so close to the five years' edge, or to this day, that one could quarrel."""
        edge = five_years_before(day)
        earlier = self.seen[party]
        return not any(abs(other - edge) < _NEAR or abs(other - day) < _NEAR for other in earlier)

    def _shop(self, draft: Draft, *, with_code: bool) -> tuple[str, str | None, int | None]:
        """A small trader of its own name, met in one decision only."""
        self.shops += 1
        place = AUTHORITY_PLACES[draft.cell] or "淄博市"
        trade = _TRADES[self.shops % len(_TRADES)]
        name = f"{place}合成样例{trade}{self.town.part:02d}{self.shops:05d}号"
        body = f"92370300MA{self.town.part:02d}{self.shops:05d}"
        return name, body + credit_code.check_character(body) if with_code else None, None

    def _written(self, draft: Draft) -> list[Line]:
        town = self.town
        offences = OFFENCES[draft.kind]
        offence = offences[0] if len(offences) == 1 or town.chance(0.6) else town.pick(offences[1:])
        simple = town.chance(0.45)
        filed = draft.day - datetime.timedelta(days=town.number(2, 24) if simple else town.number(25, 110))
        published, plant = self._publication(draft)
        transferred = draft.kind in ("trademark", "patent_counterfeit") and not simple and town.chance(0.03)
        shared: dict[str, Any] = {
            "_kind": draft.kind,
            "_form": draft.form,
            "decision_no": draft.number,
            "violation_type": offence.violation,
            "facts": offence.facts.format(goods=town.pick(GOODS)),
            "basis": offence.basis(draft.day),
            "decision_date": draft.day,
            "published_on": published,
            "filed_on": filed if draft.form in ("chinese", "municipal") else None,
            "procedure": ("simple" if simple else "ordinary") if draft.form == "municipal" else None,
            "authority": f"淄博市{AUTHORITY_PLACES[draft.cell]}{offence.department}",
            "is_transferred": transferred if draft.form == "municipal" else None,
            "transferred_on": draft.day if transferred and draft.form == "municipal" else None,
        }
        delivered = due_monthly(max(draft.day, published or draft.day))
        lines = []
        for name, code, row in draft.parties:
            fine = town.pick((0, 500, 1_000, 2_000, 3_500, 5_000, 8_000, 10_000, 26_250, 61_853, 150_000))
            confiscated = town.pick((0, 0, 0, 1_200, 4_680, 20_000))
            values = shared | {
                "offender": name,
                "offender_credit_code": code,
                "_row": row,
                "_party": name_of_party(name, code) if code else None,
                "penalty_class": "罚款" if fine else "警告",
                "content": f"罚款人民币{fine}元" if fine else "警告",
                "fine": None if draft.form in WITHHELD_FORMS else fine,
                "confiscated": None if draft.form in WITHHELD_FORMS else confiscated,
            }
            lines.append(Line(delivered, (draft.number, name, code), draft.cell, values, plant=plant))
        return lines

    def _publication(self, draft: Draft) -> tuple[Day | None, Plant | None]:
        """When it was published, where the form says so, and what is special about the days in between."""
        if draft.form not in ("chinese", "municipal"):
            return None, None
        town = self.town
        late = town.chance(0.14)
        if Day(2020, 12, 10) <= draft.day <= Day(2020, 12, 31):
            count = town.number(18, 22)  # into January: not known when the year's figures are first drawn up
        else:
            count = town.number(8, 22) if late else town.pick((0, 1, 2, 3, 3, 4, 5, 6, 7, 7, 7))
        published = self.days.after(draft.day, count) if count else draft.day
        if published > LAST_DELIVERY - datetime.timedelta(days=4):
            published = self.days.after(draft.day, 2)
        count = self.days.between(draft.day, published)
        special = self.days.specialities(draft.day, published)
        within = "以内" if count <= _PUBLISHED_WITHIN else "以外"
        if "make_up_day" in special and count in (7, 8):
            return published, (
                "published_round_make_up_day",
                "kept",
                f"公示期内有调休上班日，{count}个工作日，七日{within}",
            )
        if "holiday" in special and count in (7, 8):
            return published, ("published_round_holiday", "kept", f"公示期内有法定假日，{count}个工作日，七日{within}")
        return published, None

    def _later(self, lines: list[Line]) -> list[Line]:
        """What later deliveries say again: fines put right, decisions taken back, rows of the month before."""
        later: list[Line] = []
        municipal = [line for line in lines if line.values["_form"] == "municipal"]
        for n, line in enumerate(municipal):
            following = due_monthly(line.delivered + datetime.timedelta(days=1))
            if following <= line.delivered:
                continue
            if n % 61 == 7 and line.values["fine"]:
                plant = ("corrected_fine", "corrected", "opt_type=u，罚款金额更正")
                later.append(line.again(following, plant=plant, fine=line.values["fine"] // 2, _opt="u"))
            elif n % 11 == 3 and line.delivered >= Day(2025, 2, 1):
                later.append(line.again(following, plant=("delivered_again", "kept", "上月已交付的记录")))
        return later + self._mistaken(lines)

    def _mistaken(self, lines: list[Line]) -> list[Line]:
        """Decisions that never were: reported for November 2020 and mid-2023, and taken back one delivery later."""
        mistaken = []
        for n, (day, cell) in enumerate(((Day(2020, 11, 18), 8), (Day(2020, 11, 24), 12), (Day(2023, 6, 14), 1))):
            model = next(
                line
                for line in lines
                if line.cell == cell and line.values["_kind"] == "trademark" and line.values["_form"] != "v2016"
            )
            name, code, _ = self._shop(Draft(day, cell, "trademark", ""), with_code=True)
            number = f"合成误监罚〔{day.year}〕{self.town.part * 10_000 + n + 1:04d}号"
            changes = {
                **{"decision_no": number, "offender": name, "offender_credit_code": code, "_party": None, "_row": None},
                **{"decision_date": day, "published_on": self.days.after(day, 3), "_form": form_of(day, cell)},
                **{"filed_on": day - datetime.timedelta(days=30), "basis": OFFENCES["trademark"][0].basis(day)},
                **{
                    "procedure": "ordinary" if day.year > 2020 else None,
                    "is_transferred": None,
                    "transferred_on": None,
                },
                **{"violation_type": "侵犯注册商标专用权", "facts": "当事人销售侵犯注册商标专用权的样例文具"},
                **{"fine": 3_000, "confiscated": 0, "penalty_class": "罚款", "content": "罚款人民币3000元"},
            }
            first = Line(
                due_monthly(self.days.after(day, 3)),
                (number, name, code),
                cell,
                model.values | changes | {"_party": name_of_party(name, code or "")},
                plant=("withdrawn_later", "withdrawn", "误报的决定，下一期撤回"),
            )
            taken_back = due_monthly(first.delivered + datetime.timedelta(days=1))
            plant = ("withdrawal", "withdrawn", "opt_type=d，撤回误报的决定")
            mistaken += [first, first.again(taken_back, withdrawn=True, plant=plant, _opt="d")]
        return mistaken


def town_chance(town: Town) -> float:
    """One draw from zero to one."""
    return float(town.rng.random())


def name_of_party(name: str, code: str | None) -> str:
    """What tells parties apart here: the credit code, which outlives a change of name."""
    return code or name


def five_years_before(day: Day) -> Day:
    """The same day five years earlier; the last of February where there is none."""
    return day.replace(year=day.year - 5, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 5)


def transferred(lines: list[Line]) -> list[tuple[str, int, Day]]:
    """Decisions whose case was handed to the police, each once: number, cell, day of the transfer."""
    found = {
        line.values["decision_no"]: (line.cell, line.values["transferred_on"])
        for line in lines
        if line.values["transferred_on"] and line.values["_kind"] != "none"
    }
    return [(number, cell, day) for number, (cell, day) in found.items()]


FLOWS = {
    "patent_counterfeit": ("enf_patent_counterfeit", "enf_patent_cases"),
    "trademark": ("enf_trademark",),
    "copyright": ("enf_copyright",),
    "trade_secret": ("enf_trade_secret",),
    "gi": ("enf_gi",),
    "special_sign": ("enf_special_signs",),
}


def count(lines: list[Line], days: WorkingDays, into: Count) -> None:
    """IP decisions by kind, publication, repetition, length and fines; a decision is one case whomever it punishes."""
    decisions: dict[str, list[Line]] = defaultdict(list)
    for line in known(lines, into.known_at):
        if line.values["_kind"] != "none":
            decisions[line.values["decision_no"]].append(line)
    punished: dict[str, list[Day]] = defaultdict(list)
    for rows in decisions.values():
        for line in rows:
            if line.values["_party"]:
                punished[line.values["_party"]].append(line.values["decision_date"])
    for dates in punished.values():
        dates.sort()
    for rows in decisions.values():
        _count_decision(rows, punished, days, into)


def _count_decision(rows: list[Line], punished: dict[str, list[Day]], days: WorkingDays, into: Count) -> None:
    values, cell = rows[0].values, rows[0].cell
    day: Day = values["decision_date"]
    for indicator in (*FLOWS[values["_kind"]], "enf_penalties"):
        into.flow(indicator, cell, day)
    into.flow("enf_fines", cell, day, sum(line.values["fine"] or 0 for line in rows) / 10_000)
    if values["published_on"]:
        into.flow("enf_published", cell, day)
        if days.between(day, values["published_on"]) <= _PUBLISHED_WITHIN:
            into.flow("enf_published_7wd", cell, day)
    parties = [line.values["_party"] for line in rows if line.values["_party"]]
    if parties:
        into.flow("enf_identified_decisions", cell, day)
        if any(_punished_before(punished[party], day) for party in parties):
            into.flow("enf_repeat_decisions", cell, day)
    if values["filed_on"]:
        length = float((day - values["filed_on"]).days)
        into.case("enf_median_days", cell, day, length)
        if values["procedure"]:
            into.case(f"enf_median_days_{values['procedure']}", cell, day, length)


def _punished_before(dates: list[Day], day: Day) -> bool:
    """Whether one of the sorted dates lies within the five years before the day."""
    first = bisect_left(dates, five_years_before(day))
    return first < len(dates) and dates[first] < day
