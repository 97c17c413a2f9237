"""The target board: which rows and columns of `target_vs_actual` people see, in which words. Makes no figure."""

from dataclasses import dataclass
from typing import Any

import duckdb

from pipelines.release.rows import Row, rows

OBS_STATUS_WORDS = {
    "A": "正常 normal",
    "P": "初步 provisional",
    "B": "口径变化 break",
    "E": "估计 estimated",
    "U": "低可靠 low reliability",
    "L": "缺数 missing",
}
COMPARATOR_WORDS = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<"}


@dataclass(frozen=True)
class Column:
    """A board column: field name and its Chinese and English headers."""

    name: str
    zh: str
    en: str


BOARD_COLUMNS = (
    Column("data_kind", "数据性质", "data"),
    Column("plan_id", "规划", "plan"),
    Column("target_id", "目标编号", "target"),
    Column("title_zh", "目标", "target (zh)"),
    Column("title_en", "目标英文", "target (en)"),
    Column("section", "规划章节", "section"),
    Column("indicator_id", "指标", "indicator"),
    Column("region_code", "区划", "region"),
    Column("year", "年度", "year"),
    Column("comparator", "比较", "comparator"),
    Column("target_value", "目标值", "target value"),
    Column("actual_value", "实际值", "actual value"),
    Column("unit", "单位", "unit"),
    Column("gap", "差距", "gap"),
    Column("completion_rate", "完成率", "completion rate"),
    Column("progress_rate", "进度完成率", "progress rate"),
    Column("time_progress", "时间进度", "time progress"),
    Column("needed_annual_growth", "今后所需年增速", "needed annual growth"),
    Column("obs_status", "数据状态", "observation status"),
    Column("status", "状态", "status"),
    Column("reason", "说明", "reason"),
)

_QUERY = """
select a.*, t.title_zh, t.title_en, t.section, t.wording, t.decided_by, r.is_synthetic,
       row_number() over (
         partition by a.plan_id, a.target_id, a.indicator_id, a.region_code
         order by (a.status = 'not_due'), (a.status = 'no_data'), a.year desc, a.target_version desc
       ) as newest
from marts.target_vs_actual as a
join marts.dim_plan_target as t
  on a.plan_id = t.plan_id and a.target_id = t.target_id and a.target_version = t.target_version
  and a.indicator_id is not distinct from t.indicator_id
cross join marts.release as r
order by a.plan_id, a.target_id, a.indicator_id nulls first, a.region_code, a.year
"""


def board(connection: duckdb.DuckDBPyConnection, *, every_year: bool = False) -> list[dict[str, Any]]:
    """Rows of the board in plan order, one per target series: its newest year with data, or every year of the plan.

    A series without any data shows the newest year that has begun.

    Statuses and codes are put into words (Chinese, then English), the status's own code stays as `status_id`; numbers
    stay unrounded.
    """
    return [_in_words(row) for row in target_years(connection) if every_year or row["newest"] == 1]


def target_years(connection: duckdb.DuckDBPyConnection) -> list[Row]:
    """The board's rows of every plan year in plan order, in codes; `newest` is 1 in the year the board shows."""
    return rows(connection, _QUERY)


def counted_first(connection: duckdb.DuckDBPyConnection, lines: list[Row]) -> list[Row]:
    """Lines of the board with the targets of areas that have districts first: their records are counted here."""
    found = rows(connection, "select region_code, city_code from dim_region where level = 'district'")
    areas = {code for row in found for code in row.values()}
    return sorted(lines, key=lambda line: line["region_code"] not in areas)


def _in_words(row: dict[str, Any]) -> dict[str, Any]:
    return row | {
        "year": str(row["year"]),
        "status_id": row["status"],
        "data_kind": "合成 SYNTHETIC" if row["is_synthetic"] else "交付 delivered",
        "status": f"{row['status_zh']} {row['status_en']}",
        "reason": f"{row['reason_zh']} {row['reason_en']}",
        "obs_status": OBS_STATUS_WORDS.get(row["obs_status"], row["obs_status"]),
        "comparator": COMPARATOR_WORDS.get(row["comparator"], ""),
    }
