"""Activities and surveys. The trainings and seminars of 2016-20 are the plan's 390余场 and 2.2万人次."""

from typing import Any

from pipelines.sample.landing import Landing
from pipelines.sample.protection import files
from pipelines.sample.protection.counts import Count
from pipelines.sample.protection.files import Book, Cells
from pipelines.sample.protection.lines import YEARS, Day, Line, Plant, Town, due_half_yearly, known, shares
from pipelines.sample.writers import encodings

ACTIVITIES, SURVEYS = "activities", "surveys"
# by year 2011-25: (trainings and seminars, their attendances), publicity, service, exchange
HELD: dict[int, tuple[tuple[int, int], int, int, int]] = {
    2011: ((30, 1_500), 4, 0, 0),
    2012: ((34, 1_720), 5, 0, 0),
    2013: ((38, 1_950), 6, 2, 0),
    2014: ((45, 2_300), 8, 3, 1),
    2015: ((52, 2_760), 9, 4, 1),
    2016: ((62, 3_210), 10, 6, 2),
    2017: ((70, 3_780), 12, 8, 2),
    2018: ((78, 4_306), 14, 11, 3),
    2019: ((86, 4_920), 17, 15, 4),
    2020: ((98, 5_820), 20, 18, 4),
    2021: ((102, 6_400), 26, 24, 5),
    2022: ((110, 7_050), 30, 31, 6),
    2023: ((121, 7_900), 36, 40, 8),
    2024: ((130, 8_640), 41, 48, 9),
    2025: ((142, 9_350), 47, 55, 10),
}
WORDS = {"training": "培训班", "seminar": "报告会", "publicity": "宣传", "service": "服务", "exchange": "交流"}
TOPICS = ("专利导航", "专利检索分析", "商标品牌建设", "质押融资", "海外维权", "地理标志", "企业管理规范", "保护指南")
# survey: by year, scores with two decimals
SCORES: dict[str, dict[int, str]] = {
    "protection_satisfaction": {2018: "74.60", 2019: "76.15", 2020: "78.02", 2021: "79.44", 2022: "80.36"}
    | {2023: "81.27", 2024: "82.05", 2025: "82.61"},
    "public_awareness": {2019: "61.3", 2020: "63.0", 2021: "66.4", 2022: "69.8", 2023: "72.5"}
    | {2024: "74.9", 2025: "76.8"},
    "information_service": {2021: "70.1", 2022: "72.6", 2023: "76.2", 2024: "78.0", 2025: "79.9"},
    "agency_service": {2022: "75.5", 2023: "76.4", 2024: "77.1", 2025: "76.2"},
}
SURVEY_WORDS = {
    "protection_satisfaction": "知识产权保护社会满意度",
    "public_awareness": "公众认知度",
    "information_service": "信息公共服务满意度",
    "agency_service": "代理服务满意度",
}
SURVEYOR = "合成样例调查中心"


def activity_lines(town: Town) -> list[Line]:
    """One line per event."""
    drawn: list[Line] = []
    for year, ((events, people), *others) in HELD.items():
        attendances = shares(town.rng, people, events, 1)
        for cell, participants in zip(town.spread(events), attendances, strict=True):
            kind = "seminar" if town.chance(0.3) else "training"
            drawn.append(_event(town, kind, year, cell, participants, len(drawn)))
        for kind, number in zip(("publicity", "service", "exchange"), others, strict=True):
            for _ in range(number):
                cell = int(town.pick(town.spread(40)))
                visitors = town.number(20, 900) if town.chance(0.8) else None
                drawn.append(_event(town, kind, year, cell, visitors, len(drawn)))
    return drawn


def _event(town: Town, kind: str, year: int, cell: int, participants: int | None, running: int) -> Line:
    day = town.day(year)
    values: dict[str, Any] = {
        "activity_type": kind,
        "title": f"合成样例{town.pick(TOPICS)}{WORDS[kind]}第{town.part * 10_000 + running + 1}期",
        "held_on": day,
        "participants": participants,
        "district": town.district(cell),
    }
    return Line(due_half_yearly(day), (kind, day, values["title"], values["district"]), cell, values)


def count_activities(drawn: list[Line], into: Count) -> None:
    """Trainings and seminars with their attendances; publicity and service events by number."""
    for line in known(drawn, into.known_at):
        v, day = line.values, line.values["held_on"]
        if v["activity_type"] in ("training", "seminar"):
            into.flow("training_events", line.cell, day)
            into.flow("training_people", line.cell, day, v["participants"] / 10_000)
        elif v["activity_type"] in ("publicity", "service"):
            into.flow(f"{v['activity_type']}_events", line.cell, day)


def _activity_cells(line: Line) -> Cells:
    v = line.values
    return {
        "活动类型": WORDS[v["activity_type"]],
        "活动名称": v["title"],
        "举办日期": f"{v['held_on']:%Y%m%d}",
        "参加人次": f"{v['participants']:,}" if v["participants"] is not None else "暂无",
        "主办单位": "淄博市知识产权事业发展中心（合成样例）",
        "区县": v["district"],
    }


def write_activities(landing: Landing, drawn: list[Line], *, is_first: bool) -> None:
    """A list every delivery, a workbook with unit row and total in Julys."""
    for delivered, some in files.by_delivery(drawn):
        name = f"{ACTIVITIES}/{delivered}/合成_活动台账_{delivered:%Y%m%d}"
        if not is_first:
            files.put_list(landing, f"{name}_扩充.csv", files.table(some, _activity_cells))
            continue
        rows: list[Cells] = [_activity_cells(line) for line in some]
        plants: list[Plant | None] = [None] * len(rows)
        if delivered == Day(2022, 1, 20):
            sound = rows[0] | {"活动名称": "合成样例不存在的活动"}
            rows[5:5] = [
                sound | {"活动类型": "样例活动"},
                sound | {"举办日期": "20210931"},
                sound | {"参加人次": "百余人"},
                sound | {"活动名称": None},
            ]
            plants[5:5] = [
                ("activity_unknown_type", "quarantined:code_unknown", "不存在的活动"),
                ("activity_bad_date", "quarantined:date_unparseable", "不存在的活动"),
                ("activity_people_in_words", "quarantined:number_unparseable", "不存在的活动"),
                ("activity_without_title", "quarantined:required_missing", "不存在的活动"),
            ]
            rows.append(dict(rows[-1]))
            plants.append(("repeated_row", "duplicate", "同一行出现两次"))
        if delivered == Day(2022, 7, 15):
            held = some[2].values["held_on"]
            rows[2] |= {"举办日期": str((held - Day(1899, 12, 30)).days)}
            plants[2] = ("date_serial", "recovered", "日期是电子表格的序数")
            rows[4] |= {"活动名称": f"{rows[4]['活动名称']}\u00a0"}
            plants[4] = ("nbsp_after_title", "recovered", "名称后有不间断空格")
        table = files.labelled(rows, plants)
        if delivered.month == 7:
            units = tuple("人次" if column == "参加人次" else None for column in table.columns[:-3])
            files.put_book(landing, f"{name}.xlsx", table, Book(("合成样例：活动台账",), units=units, total="合计"))
        else:
            files.put_list(landing, f"{name}.csv", table)


def deliver_surveys(landing: Landing) -> None:
    """The scores of each year with the first delivery of the next: once for the whole city."""
    years = sorted({year for scores in SCORES.values() for year in scores})
    for year in years:
        rows: list[Cells] = [
            {
                "调查类型": SURVEY_WORDS[survey],
                "行政区划代码": "370300",
                "地区": "淄博市",
                "调查期间": f"{year}年",
                "得分": scores[year],
                "样本量": f"{1_000 + 20 * (year - 2018):,}",
                "调查机构": SURVEYOR,
                "公布日期": f"{year + 1}-01-08",
            }
            for survey, scores in SCORES.items()
            if year in scores
        ]
        delivered = survey_delivery(year)
        name = f"{SURVEYS}/{delivered}/合成_调查结果_{year}.csv"
        files.put_list(landing, name, files.labelled(rows, [None] * len(rows)), encodings.utf8)


def survey_delivery(year: int) -> Day:
    """When the scores of a year are delivered."""
    return Day(year + 1, 1, 25) if year < 2019 else Day(year + 1, 1, 20)


def count_surveys(into: Count) -> None:
    """The score of every year that was delivered."""
    for survey, scores in SCORES.items():
        for year, score in scores.items():
            if survey_delivery(year) <= into.known_at and year in YEARS:
                into.observed(survey, year, float(score))
