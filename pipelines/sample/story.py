"""What happens after the sample city's last delivery: six later deliveries and a changed target, each a chapter.

Every chapter changes figures of years that were already reported. Who is in the story is chosen from the ledger by
what it is (`cast`), the files are written in the formats the sample already has, and what must change is counted by
the generator's own arithmetic from its ledgers (`expected`): the warehouse has no part in it. Told in docs/story.md.
"""

import datetime
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from pipelines.errors import ConfigError
from pipelines.plans import shipped_plan_files
from pipelines.sample import city, deliveries, records, truth
from pipelines.sample.events import ATTRIBUTION_BREAK, TITLES, anniversary
from pipelines.sample.figures import population_table, residents
from pipelines.sample.landing import Landing
from pipelines.sample.protection import cases
from pipelines.sample.protection.counts import Count
from pipelines.sample.protection.files import table
from pipelines.sample.protection.lines import Line
from pipelines.sample.records import LABEL_COLUMNS
from pipelines.sample.writers import encodings, notices

FOLDER = "story"
"""Where the chapters lie: beside the sources of a landing, each to be delivered when its day has come."""
EXPECTED = "expected.csv"
PLAN = "zibo_14fyp"

Day = datetime.date
JANUARY = Day(2026, 1, 20)
LAPSES, RESTORATION, INVALIDATION = Day(2026, 3, 20), Day(2026, 5, 20), Day(2026, 7, 20)
MOVE, LEDGER, PEOPLE, TARGET = Day(2026, 8, 20), Day(2026, 9, 20), Day(2026, 10, 20), Day(2026, 11, 1)
REASONS = {
    LAPSES: "late_notice",
    RESTORATION: "restoration",
    INVALIDATION: "invalidation",
    MOVE: "relocation",
    LEDGER: "corrected_delivery",
    PEOPLE: "new_population_vintage",
    TARGET: "target_change",
}
"""The day of each chapter and the reason of what it changes (seed `revision_reasons`)."""
FILES = {
    LAPSES: "patent_events/合成_法律状态_公告_20260320.txt",
    RESTORATION: "patent_events/CN-PRSS-10-202605_synthetic.XML",
    INVALIDATION: "patent_events/CN-PRSS-10-202607_synthetic.XML",
    MOVE: "patent_events/合成_法律状态_补交_20260820.csv",
    LEDGER: "case_ledger/合成_案件台账_更正_20260920.csv",
    PEOPLE: "population/合成_人口_修订_20261020.csv",
}

GRANTED = 2018
"""Patents that lapse or are invalidated were granted in this year, so that few deliveries are enough to tell it all."""
ZICHUAN, ZHANGDIAN, BOSHAN, LINZI, HUANTAI, HIGH_TECH = 0, 1, 2, 3, 5, 8
LAPSING = ((ZICHUAN, False), (ZHANGDIAN, True), (LINZI, True), (HUANTAI, False), (HIGH_TECH, False))
"""Cell of each patent that lapses, and whether it is of a strategic emerging industry, hence of high value."""
RESTORED = 1
"""Which of them is restored."""
# gazette days are Tuesdays
LAPSE_NOTICE, RESTORATION_NOTICE, INVALIDATION_NOTICE = Day(2026, 3, 10), Day(2026, 5, 12), Day(2026, 7, 14)
MOVE_NOTICE = Day(2024, 6, 11)
"""Published when the applicant moved, delivered two years later: a change of address counts from its notice."""
INVALIDATION_DECIDED = Day(2026, 5, 29)
CASES_DELIVERED = Day(2025, 10, 20)
"""The delivery of the two cases that a later one corrects."""
REBASED = ("2022-12-31", "常住人口", 4_690_000, "合成样例：修订数", "2026-10-12")
AMENDED_TARGET, AMENDED_VALUE = "T01", 12
AMENDMENT = (
    f"      - {{version: 2, valid_from: {TARGET}, decided_by: 合成样例：规划目标调整通知（虚构文件）, method: level, "
    f"comparator: ge, direction: up, value: {AMENDED_VALUE}, precision: exact, year: 2025, "
    f"wording: 合成样例：调整为{AMENDED_VALUE}件}}\n"
)
SCHEMA = {
    "delivered_on": pl.Date,
    "reason": pl.String,
    "indicator_id": pl.String,
    "region_view": pl.String,
    "region_code": pl.String,
    "year": pl.Int32,
    "old_value": pl.Float64,
    "new_value": pl.Float64,
    "difference": pl.Float64,
    "records_in": pl.Int64,
    "records_out": pl.Int64,
    "records_changed": pl.Int64,
    "cause": pl.String,
}
"""expected.csv: one yearly value that a chapter changes, with the records that count in it and did not, that no longer
do, and those that count otherwise; `cause` is the delivered file. 2026 stands as on its 20 January, for no later grant
is delivered."""

_COUNTED = {density: count for count, density in truth.DENSITIES.items()}
_NOBODY = "sample: this seed draws no record that fits a role of the story; choose another --seed"

Key = tuple[str, str, str, int]
"""Indicator, region view, region code, year."""


@dataclass(frozen=True)
class Cast:
    """Whose records the story changes: rows of the ledger of inventions and of the applicants."""

    lapsed: list[int]
    invalidated: int
    moved: list[int]
    new_place: int
    """An applicant of 临淄, whose address the moving one takes."""

    @property
    def restored(self) -> int:
        """The lapse that is taken back."""
        return self.lapsed[RESTORED]


class Story:
    """Takes in the parts of the city while they are drawn; tells the story of the first one."""

    def __init__(self, scale: int) -> None:
        self.scale = scale
        days = [JANUARY, *(day for day in REASONS if day != TARGET)]
        self.patents = {day: truth.Tally(np.datetime64(day), scale, running=deliveries.LAST) for day in days}
        self.cases = {day: Count(day) for day in days}
        self.events = pl.DataFrame()
        """Legal events of the story as `records.events` gives them."""
        self.lines: list[Line] = []
        """Case lines of the story."""

    def add(
        self,
        drawn_of: Mapping[str, tuple[pl.DataFrame, pl.DataFrame]],
        further: pl.DataFrame,
        people: pl.DataFrame,
        ledger: Sequence[Line],
    ) -> None:
        """One part: by type of patent its ledger and events, what else makes inventions valuable, applicants, cases.

        Raises ConfigError when a seed draws no patent or case that fits a role.
        """
        if self.events.is_empty():
            inventions, drawn = drawn_of["invention"]
            happened = _events(cast(inventions, drawn, further, people), inventions, drawn.schema)
            happened = records.with_cells(happened, people)
            self.events = records.events(happened, people, label=False)
            drawn_of = {**drawn_of, "invention": (inventions, pl.concat([drawn, happened.select(drawn.columns)]))}
            self.lines = _corrections(ledger)
            ledger = [*ledger, *self.lines]
        for day in self.patents:
            for patent_type, (patents, events) in drawn_of.items():
                self.patents[day].add(patents, events, further if patent_type == "invention" else None)
            cases.count(list(ledger), [], self.cases[day])

    def write(self, folder: Path) -> pl.DataFrame:
        """Write the chapters, the amended plan and expected.csv below `folder`/story; returns the last (SCHEMA)."""
        landing = Landing(folder / FOLDER)
        for day, rows in ((day, self.events.filter(delivered_on=day)) for day in FILES):
            if rows.height:
                is_xml, is_list = FILES[day].endswith("XML"), FILES[day].endswith("csv")
                content = notices.prs_xml(notices.notice_rows(rows)) if is_xml else notices.gazette_text(rows)
                _put(landing, day, encodings.gb18030(notices.flat(rows)) if is_list else content, rows.height)
        listed = table(self.lines, cases.written).drop(LABEL_COLUMNS)
        listed = listed.with_columns(pl.Series("撤回", ["是" if line.withdrawn else None for line in self.lines]))
        _put(landing, LEDGER, encodings.gb18030(listed), listed.height)
        people = population_table([REBASED], publisher="合成样例", scale=self.scale)
        _put(landing, PEOPLE, encodings.utf8_with_mark(people), people.height)
        (landing.folder / f"{PLAN}.yaml").write_text(amended_plan(), encoding="utf-8")
        table_of_changes = self.expected()
        table_of_changes.write_csv(landing.folder / EXPECTED)
        return table_of_changes

    def expected(self) -> pl.DataFrame:
        """Every yearly value that differs between one chapter and the one before: SCHEMA."""
        rows: list[tuple[Any, ...]] = []
        for before, day in itertools.pairwise(self.patents):
            old, new = self._values(before), self._values(day)
            for key in sorted(key for key in old.keys() | new.keys() if old.get(key) != new.get(key)):
                was, is_now = old.get(key, 0.0), new.get(key, 0.0)
                counted = (_COUNTED.get(key[0], key[0]), *key[1:])
                more = round(new.get(counted, 0.0) - old.get(counted, 0.0))
                moved = max(more, 0), max(-more, 0), int(day == PEOPLE)
                rows.append((day, REASONS[day], *key, was, is_now, is_now - was, *moved, delivered_as(day)))
        return pl.DataFrame(rows, schema=SCHEMA, orient="row")

    def _values(self, day: Day) -> dict[Key, float]:
        values: dict[Key, float] = {key: float(n) for key, n in self.patents[day].counts.items()}
        values |= self.cases[day].sums
        for (indicator, view, region, year), count in list(values.items()):
            density = truth.DENSITIES.get(indicator)
            if density and region == city.CITY and (persons := self._persons(day, year)):
                values[density, view, region, year] = count * 10_000 / persons
        return values

    def _persons(self, day: Day, year: int) -> int | None:
        if day >= PEOPLE and f"{year}-12-31" >= REBASED[0]:
            return REBASED[2] * self.scale
        return residents(JANUARY, Day(year, 12, 31), self.scale)


def delivered_as(day: Day) -> str:
    """Path of a chapter's file in the landing."""
    source, name = FILES[day].split("/")
    return f"{source}/{day}/{name}"


def _put(landing: Landing, day: Day, content: bytes, rows: int) -> None:
    landing.put(f"{day}/{delivered_as(day)}", content, rows)


def cast(inventions: pl.DataFrame, drawn: pl.DataFrame, further: pl.DataFrame, people: pl.DataFrame) -> Cast:
    """The first patents of the ledger that fit each role, held by one organisation and never touched by an event, of
    high value by their class or not at all.

    Raises ConfigError when there are none.
    """
    ledger = inventions.with_row_index("row").filter(pl.col("granted").is_not_null())
    is_unit = (people["applicant_kind"] == "organisation").gather(ledger["patentee"])
    is_plain = is_unit & (pl.col("applicant_count") == 1) & ~pl.col("is_divisional")
    is_young = pl.col("filing_date") > pl.lit(JANUARY).dt.offset_by("-10y")
    is_touched = pl.col("row").is_in(drawn["row"].unique().to_list())
    is_valued = pl.col("application_no").is_in(further["application_no"].to_list())
    quiet = ledger.filter(is_plain & is_young & ~is_touched & ~is_valued)
    moved = _moving(ledger, quiet)
    free = quiet.filter((pl.col("granted").dt.year() == GRANTED) & ~pl.col("row").is_in(moved))

    def first(cell: int, is_sei: bool) -> int:
        return int(_first(free.filter((pl.col("patentee_cell") == cell) & (pl.col("is_sei") == is_sei)), "row"))

    in_linzi = (pl.col("cell") == LINZI) & (pl.col("applicant_kind") == "organisation")
    return Cast(
        lapsed=[first(cell, is_sei) for cell, is_sei in LAPSING],
        invalidated=first(BOSHAN, True),
        moved=moved,
        new_place=int(_first(people.with_row_index("row").filter(in_linzi), "row")),
    )


def _moving(ledger: pl.DataFrame, quiet: pl.DataFrame) -> list[int]:
    """The quiet patents of one organisation of 张店: of those whose old patents (up to 2020, which a move takes along)
    are all quiet, the one with the most; among equals the one with the most later ones, which a move leaves behind."""
    is_old = pl.col("granted") <= pl.lit(ATTRIBUTION_BREAK.item())
    announced = pl.col("granted") < MOVE_NOTICE
    candidates = (
        quiet.filter((pl.col("patentee_cell") == ZHANGDIAN) & announced)
        .group_by("patentee")
        .agg("row", old=is_old.sum(), later=(~is_old).sum())
        .join(ledger.group_by("patentee").agg(owned=is_old.sum()), on="patentee")
        .filter((pl.col("old") > 0) & (pl.col("old") == pl.col("owned")))
        .sort("old", "later", "patentee", descending=[True, True, False])
    )
    return sorted(_first(candidates, "row"))


def _first(candidates: pl.DataFrame, column: str) -> Any:
    if candidates.is_empty():
        raise ConfigError(_NOBODY)
    value = candidates[column][0]
    return value.to_list() if isinstance(value, pl.Series) else value


def _events(people: Cast, inventions: pl.DataFrame, schema: pl.Schema) -> pl.DataFrame:
    """The story's legal events, as `events.draw_invention_events` gives them."""
    happened: list[dict[str, Any]] = []

    def add(row: int, code: str, delivered: Day, notice: Day, **more: Any) -> None:
        facts = inventions.row(row, named=True)
        known = {name: facts[name] for name in schema if name in facts}
        title = {"row": row, "event_code": code, "event_title": TITLES[code], "contract": 0, "before": -1, "after": -1}
        happened.append(known | title | {"delivered_on": delivered, "event_date": notice} | more)

    for row in people.lapsed:
        filed = np.array([inventions["filing_date"][row]], dtype="datetime64[D]")
        (lost,) = anniversary(filed, np.array([2025])).tolist()
        add(row, "CF01", LAPSES, LAPSE_NOTICE, effective_date=lost)
    add(people.restored, "RR01", RESTORATION, RESTORATION_NOTICE, decision_date=LAPSE_NOTICE)
    decision = {"decision_date": INVALIDATION_DECIDED, "decision_no": "合成2026001"}
    add(people.invalidated, "IW01", INVALIDATION, INVALIDATION_NOTICE, **decision)
    for row in people.moved:
        add(row, "CP02", MOVE, MOVE_NOTICE, before=inventions["patentee"][row], after=people.new_place)
    return pl.DataFrame(happened, schema=schema)


def _corrections(ledger: Sequence[Line]) -> list[Line]:
    """A mediation of 张店 that was one of 临淄, and one of 张店 that was entered by mistake; both closed in 2025."""
    found = [
        line for line in ledger
        if line.key[0] == "mediation" and line.cell == ZHANGDIAN and line.values["closed_on"]
        and line.delivered == CASES_DELIVERED
    ]  # fmt: skip
    if len(found) < 2:
        raise ConfigError(_NOBODY)
    misplaced, mistaken = found[:2]
    return [replace(misplaced.again(LEDGER, district="临淄区"), cell=LINZI), mistaken.again(LEDGER, withdrawn=True)]


def amended_plan() -> str:
    """The shipped plan with a second version of one target, decided by an invented document."""
    (file,) = (file for file in shipped_plan_files() if file.stem == PLAN)
    text = file.read_text(encoding="utf-8")
    before, mark, after = text.partition(f"  - id: {AMENDED_TARGET}\n")
    head, version, rest = after.partition("      - {version: 1,")
    line, end, following = rest.partition("\n")
    if not (mark and version and end) or "  - id:" in head:
        raise ConfigError(f"sample: {PLAN} has no target {AMENDED_TARGET} with a first version to amend")
    note = "# 合成样例 / synthetic: the shipped plan, amended by a document that does not exist.\n"
    return f"{note}{before}{mark}{head}{version}{line}{end}{AMENDMENT}{following}"
