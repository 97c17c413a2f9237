"""What the page says, read from the published marts in a handful of queries. Makes no figure and no HTML."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import duckdb

from pipelines.contracts.reasons import REASONS
from pipelines.release.board import OBS_STATUS_WORDS, board, counted_first
from pipelines.release.display import rounded
from pipelines.release.revisions import Wanted, comparison, period_name, revised_targets, revised_values
from pipelines.release.rows import Row, rows

MOST_REVISIONS = 500
"""Lines of the revisions page; `revisions.csv` has them all."""

SOURCE_STATES = {
    "ok": ("正常", "in order"),
    "rows_quarantined": ("有隔离行", "rows quarantined"),
    "never_delivered": ("从未交付", "never delivered"),
}

FAMILIES = {
    "patents": ("专利", "Patents"),
    "marks_gi": ("商标与地理标志", "Marks and geographical indications"),
    "other_rights": ("版权与其他", "Copyright and other rights"),
    "protection": ("保护", "Protection"),
    "finance": ("金融", "Finance"),
    "programmes": ("项目与名单", "Programmes and lists"),
    "services": ("服务", "Services"),
    "national_plan": ("国家规划指标", "National plan"),
}
"""Indicator families in the order of display."""

# Months and quarters of the whole area, years and plan periods of every region: what fits on a page and is looked at.
_VALUES = """
select v.indicator_id, v.region_view, v.region_code, v.period_type, v.period_end, v.value, v.numerator, v.denominator,
       v.unit, v.obs_status, v.population_vintage, v.n_records
from fct_indicator_value as v
join dim_region as r on v.region_code = r.region_code and v.region_view = r.region_view
where v.period_type in ('year', 'plan') or (r.region_code = r.city_code and v.region_view = 'statutory')
order by v.indicator_id, v.region_view desc, r.sort_order, v.region_code, v.period_type, v.period_end
"""
_REGIONS = """
select region_code, region_view, city_code, level, name_zh, name_en from dim_region
order by city_code desc, region_view desc, sort_order, region_code
"""
_DOCUMENTS = """
select plan_id, subject_id, stage, title, document_no, event_date, source_path, source_row
from fct_task_evidence where withdrawn_on is null
order by plan_id, subject_id, event_date desc, title
"""
_RECONCILED = "select * from reconciliation order by indicator_id, region_code, period_end, document, published_on"
_TARGETS_OF = """
select distinct indicator_id, plan_id, target_id, title_zh, title_en from dim_plan_target
where indicator_id is not null order by plan_id, target_id
"""


@dataclass(frozen=True)
class Content:
    """Everything the templates need, each list in its order of display."""

    release: Row
    board: list[Row]
    """One row per target series and plan year, as `board` puts it, with `key` and `is_newest`."""
    indicators: list[Row]
    values: dict[str, list[Row]]
    """By indicator: the values of `_VALUES`."""
    regions: list[Row]
    tasks: list[Row]
    documents: dict[tuple[str, str], list[Row]]
    """By plan and task or target: its documents, newest first."""
    reconciliation: dict[str, list[Row]]
    targets_of: dict[str, list[Row]]
    sources: list[Row]
    comparison: Row | None
    revised_values: list[Row]
    revised_of: dict[str, list[Row]]
    """The same by indicator."""
    revised_targets: list[Row]

    @property
    def home(self) -> str:
        """The area whose records are counted: the one with districts, else the first region there is."""
        cities = [region["city_code"] for region in self.regions if region["level"] == "district"]
        return str(cities[0] if cities else self.regions[0]["region_code"])

    def of_home(self, view: str) -> list[Row]:
        """Regions of that area in one view, the whole first."""
        return [r for r in self.regions if r["city_code"] == self.home and r["region_view"] == view]


def read(connection: duckdb.DuckDBPyConnection) -> Content:
    """Read a published release through an open read-only connection to its `marts.duckdb`."""
    revised = revised_values(connection)
    named = cache(period_name)  # a few hundred periods, tens of thousands of values
    values = [row | {"period": named(row["period_type"], row["period_end"])} for row in rows(connection, _VALUES)]
    return Content(
        release=rows(connection, "select * from release")[0],
        board=_board(connection),
        indicators=rows(connection, "select * from dim_indicator order by sort_order, indicator_id"),
        values=_by(values, "indicator_id"),
        regions=rows(connection, _REGIONS),
        tasks=_tasks(connection),
        documents=_documents(connection),
        reconciliation=_by(rows(connection, _RECONCILED), "indicator_id"),
        targets_of=_by(rows(connection, _TARGETS_OF), "indicator_id"),
        sources=[_source(row) for row in rows(connection, "select * from source_health order by source")],
        comparison=comparison(connection),
        revised_values=revised,
        revised_of=_by(revised, "indicator_id"),
        revised_targets=revised_targets(connection, Wanted()),
    )


def figure(value: float | None, obs_status: str | None, decimals: int = 2) -> str:
    """A value for display; of a missing one, its state in words."""
    if value is None:
        return OBS_STATUS_WORDS.get(obs_status or "", "无数据 no data")
    return rounded(value, decimals)


def _by(found: Iterable[Row], name: str) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in found:
        groups[row[name]].append(row)
    return dict(groups)


def _board(connection: duckdb.DuckDBPyConnection) -> list[Row]:
    keys = ("plan_id", "target_id", "indicator_id", "region_code", "target_version")
    return [
        row
        | {"key": "/".join(str(row[name]) for name in keys), "year": int(row["year"]), "is_newest": row["newest"] == 1}
        for row in counted_first(connection, board(connection, every_year=True))
    ]


def _tasks(connection: duckdb.DuckDBPyConnection) -> list[Row]:
    """In the order of the plan: by section as dim_plan_task writes it, then by number."""
    found = rows(connection, "select *, status as status_id from task_status")
    return sorted(found, key=lambda row: (row["plan_id"], _number(row["task_id"])))


def _number(task_id: str) -> list[tuple[int, str]]:
    """3.3.10-a comes after 3.3.9-b."""
    return [(int(part), "") if part.isdigit() else (0, part) for part in task_id.replace("-", ".").split(".")]


def _documents(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], list[Row]]:
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows(connection, _DOCUMENTS):
        groups[row["plan_id"], row["subject_id"]].append(row)
    return dict(groups)


def _source(row: Row) -> Row:
    """With the reasons of its quarantined rows in words."""
    counts = json.loads(row["rejects_by_reason"] or "{}")
    zh, en = SOURCE_STATES[row["status"]]
    return row | {"reasons": [(REASONS[code].text, n) for code, n in counts.items()], "status_zh": zh, "status_en": en}
