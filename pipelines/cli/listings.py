"""The verbs that only read the published marts. Each is one query and its headers.

What intake set aside is listed by `rejects.py`, so that these verbs load nothing but DuckDB.
"""

from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import duckdb

from pipelines.cli.marts import published
from pipelines.cli.naming import indicator_named, region_named
from pipelines.cli.output import Format, console, messages, show
from pipelines.errors import ConfigError
from pipelines.paths import Warehouse
from pipelines.release.board import BOARD_COLUMNS, board
from pipelines.release.display import EXPLANATIONS, SYNTHETIC
from pipelines.release.rows import rows

_BOARD = {
    "target_id": "编号",
    "title_zh": "目标 target",
    "unit": "单位",
    "year": "年度",
    "comparator": "",
    "target_value": "目标值",
    "actual_value": "实际值",
    "gap": "差距 gap",
    "obs_status": "数据 obs.",
    "status": "状态 status",
    "reason_zh": "说明 reason",
}
_NARROW_LEAVES_OUT = {"unit", "gap", "obs_status", "reason_zh"}
_WIDE = 120  # columns of a terminal that shows the board without folding every word


def targets(warehouse: Warehouse, form: Format, *, plan: str | None = None, every_year: bool = False) -> None:
    """Print the target board of the release in force, one table per plan. Raises ConfigError for an unknown plan."""
    with published(warehouse) as connection:
        _require_plan(connection, plan)
        lines = _of_plan(board(connection, every_year=every_year), plan)
        (release,) = rows(connection, "select * from marts.release")
    if form is not Format.TABLE:
        columns = {column.name: column.en for column in BOARD_COLUMNS}
        show(lines, columns, form, is_synthetic=bool(release["is_synthetic"]))
        return
    dates = f"截至 as of {release['as_of']} · 已知 known at {release['known_at']}"
    left_out = set() if console.width >= _WIDE else _NARROW_LEAVES_OUT
    for name, some in groupby(lines, key=itemgetter("plan_id")):
        title = f"目标进展 Target board · {name} · {dates}"
        if release["is_synthetic"]:
            title = f"{SYNTHETIC}\n{title}"
        show(list(some), {name: text for name, text in _BOARD.items() if name not in left_out}, form, title=title)
    if left_out:
        messages.print("a wider terminal also shows unit, gap, observation status and reason; targets.csv has it all")


def tasks(warehouse: Warehouse, form: Format, *, plan: str | None = None) -> None:
    """Print the plans' tasks with what shows them. Raises ConfigError for an unknown plan."""
    query = "select * from marts.task_status order by plan_id, task_id"
    headers = {
        "plan_id": "规划 plan", "task_id": "任务", "strength": "强度", "title_zh": "任务内容 task",
        "evidence_count": "材料数", "last_evidence_on": "最近", "items_done": "已完成项", "items_needed": "应完成项",
        "trend": "趋势", "status": "状态 status", "reason_zh": "说明",
    }  # fmt: skip
    with published(warehouse) as connection:
        is_synthetic = say_if_synthetic(connection)
        _require_plan(connection, plan)
        lines = _of_plan(rows(connection, query), plan)
        for line in lines:
            line["status"] = f"{line['status_zh']} {line['status_en']}"
        show(lines, headers, form, is_synthetic=is_synthetic)
    if not lines:
        messages.print("no task: the plan lists none")


def _require_plan(connection: duckdb.DuckDBPyConnection, plan: str | None) -> None:
    """Raises ConfigError when a plan is named that the release does not hold."""
    query = "select distinct plan_id from marts.dim_plan_target order by 1"
    held = [line["plan_id"] for line in rows(connection, query)]
    if plan is not None and plan not in held:
        raise ConfigError(f"no plan {plan} in this release; it holds {', '.join(held)}")


def _of_plan(lines: list[dict[str, Any]], plan: str | None) -> list[dict[str, Any]]:
    return [line for line in lines if plan in (None, line["plan_id"])]


def indicators(
    warehouse: Warehouse, form: Format, indicator: str | None, *, region: str | None, period: str, view: str
) -> None:
    """Print values with unit, status and the population vintage used; `region` "all" means every one.

    Raises ConfigError for an indicator or a region that the release does not have.
    """
    query = """
      select v.indicator_id, i.title_zh, v.region_code, r.name_zh, v.period_end, v.value, v.unit, v.obs_status,
        v.n_records, v.population_vintage
      from marts.fct_indicator_value as v
      join marts.dim_indicator as i using (indicator_id)
      join marts.dim_region as r using (region_code, region_view)
      where v.period_type = $period and v.region_view = $view
        and ($region is null or v.region_code = $region) and ($indicator is null or v.indicator_id = $indicator)
      order by i.sort_order, r.sort_order, v.region_code, v.period_end
    """
    headers = {
        "indicator_id": "指标 id", "title_zh": "指标", "region_code": "区划", "name_zh": "区划名称",
        "period_end": "期末", "value": "值", "unit": "单位", "obs_status": "状态", "n_records": "记录数",
        "population_vintage": "人口口径",
    }  # fmt: skip
    with published(warehouse) as connection:
        is_synthetic = say_if_synthetic(connection)
        parameters = {
            "period": period,
            "view": view,
            "indicator": indicator_named(connection, indicator) if indicator else None,
            "region": _region(connection, region),
        }
        found = rows(connection, query, parameters)
        show(found, headers, form, is_synthetic=is_synthetic)
    if not found:
        messages.print(f"no value by {period} in the {view} view: another --period or --view may have some")


def _region(connection: duckdb.DuckDBPyConnection, region: str | None) -> str | None:
    if region == "all":
        return None
    return region_named(connection, region) if region else planned_city(connection)


def reconcile(warehouse: Warehouse, form: Format, *, plan: str | None = None) -> None:
    """Print what the plans state beside what comes out, official figures beside computed ones, and sums that must hold.

    A machine format has one table only: the official figures. Raises ConfigError for an unknown plan.
    """
    query = """
      select * from marts.reconciliation
      where $plan is null or region_code in (select region_code from marts.dim_plan_target where plan_id = $plan)
      order by indicator_id, region_code, period_end, document
    """
    headers = {
        "indicator_id": "指标", "region_code": "区划", "period_type": "期", "period_end": "期末", "document": "文件",
        "official_value": "公布值", "computed_value": "计算值", "unit": "单位", "gap": "差", "tolerance": "容差",
        "within_tolerance": "相符", "explanation": "说明",
    }  # fmt: skip
    with published(warehouse) as connection:  # one for all tables, so that they show one release
        _require_plan(connection, plan)
        if form is Format.TABLE:
            _baselines(connection, plan)
            _identities(connection, plan)
        is_synthetic = say_if_synthetic(connection)
        found = rows(connection, query, {"plan": plan})
        show(_in_words(found) if form is Format.TABLE else found, headers, form, is_synthetic=is_synthetic)


def _in_words(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Codes and truth values as people read them; machine formats keep them."""
    said = {True: "是 yes", False: "否 no", None: ""}
    return [
        line
        | {"explanation": EXPLANATIONS[line["explanation"]]}
        | {name: said[line[name]] for name in ("agrees", "within_tolerance") if name in line}
        for line in lines
    ]


def _baselines(connection: duckdb.DuckDBPyConnection, plan: str | None) -> None:
    """What the plans state about their start, beside what the records give."""
    headers = {
        "plan_id": "规划 plan", "baseline_id": "编号", "title_zh": "基期数", "plan_text": "规划表述",
        "plan_value": "规划值", "computed_value": "计算值", "unit": "单位", "shown_state": "材料显示",
        "agrees": "相符", "explanation": "说明",
    }  # fmt: skip
    query = "select * from marts.plan_baseline_status order by plan_id, baseline_id"
    if lines := _of_plan(rows(connection, query), plan):
        show(_in_words(lines), headers, Format.TABLE, title="规划基期数 The plans' own figures")


def _identities(connection: duckdb.DuckDBPyConnection, plan: str | None) -> None:
    """Sums that must hold: whole years and plan periods of the city; a sum that fails is shown wherever it fails."""
    headers = {
        "plan_id": "规划 plan", "identity_id": "编号", "title_zh": "恒等式", "region_code": "区划",
        "period_end": "期末", "total_value": "合计", "parts_sum": "分项之和", "gap": "差", "holds": "成立",
    }  # fmt: skip
    query = """
      select checks.*
      from marts.identity_check as checks
      join (select distinct city_code from marts.dim_region) as cities on checks.region_code = cities.city_code
      where checks.period_type in ('year', 'plan') and checks.region_view = 'statutory'
        and (checks.total_value <> 0 or checks.parts_sum <> 0)
      union
      select * from marts.identity_check where not holds
      order by plan_id, identity_id, region_code, region_view, period_end, period_type
    """
    if lines := _of_plan(rows(connection, query), plan):
        show(lines, headers, Format.TABLE, title="恒等式 Sums that must hold")


def planned_city(connection: duckdb.DuckDBPyConnection) -> str:
    """The city of the release whose records are counted: the one with districts. Raises ConfigError if unclear."""
    cities = rows(connection, "select distinct city_code from marts.dim_region where level = 'district' order by 1")
    if len(cities) != 1:
        raise ConfigError("this release holds several cities or none; say which with --region CODE")
    return str(cities[0]["city_code"])


def say_if_synthetic(connection: duckdb.DuckDBPyConnection) -> bool:
    """Say beside the output that the figures are no real ones; whether it is so."""
    is_synthetic = rows(connection, "select is_synthetic from marts.release") == [{"is_synthetic": True}]
    if is_synthetic:
        messages.print(SYNTHETIC)
    return is_synthetic


def release_paths(warehouse: Warehouse) -> list[Path]:
    """The files people ask for after a run: the page, the workbook, the target table and the marts."""
    folder = warehouse.current.resolve()
    return [folder / "page" / "index.html", folder / "targets.xlsx", folder / "targets.csv", warehouse.marts]
