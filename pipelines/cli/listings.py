"""The verbs that only read the published marts (and the quarantine). Each is one query and its headers."""

from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from pipelines.cli.marts import published, rows
from pipelines.cli.output import Format, console, messages, rounded, show
from pipelines.errors import ConfigError
from pipelines.intake.bronze import quarantined_rows, rejected_files
from pipelines.paths import Warehouse
from pipelines.release.board import BOARD_COLUMNS, board

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
_SYNTHETIC = "合成数据 SYNTHETIC DATA, not the city's figures"
_NARROW_LEAVES_OUT = {"unit", "gap", "obs_status", "reason_zh"}
_WIDE = 120  # columns of a terminal that shows the board without folding every word


def targets(warehouse: Warehouse, form: Format, *, every_year: bool = False) -> None:
    """Print the target board of the release in force."""
    with published(warehouse) as connection:
        lines = board(connection, every_year=every_year)
        (release,) = rows(connection, "select * from marts.release")
    if form is not Format.TABLE:
        show(lines, {column.name: column.en for column in BOARD_COLUMNS}, form)
        return
    title = f"目标进展 Target board · {', '.join(sorted({line['plan_id'] for line in lines}))} · "
    title += f"截至 as of {release['as_of']} · 已知 known at {release['known_at']}"
    if release["is_synthetic"]:
        title = f"{_SYNTHETIC}\n{title}"
    left_out = set() if console.width >= _WIDE else _NARROW_LEAVES_OUT
    show(lines, {name: text for name, text in _BOARD.items() if name not in left_out}, form, title=title)
    if left_out:
        messages.print("a wider terminal also shows unit, gap, observation status and reason; targets.csv has it all")


def tasks(warehouse: Warehouse, form: Format) -> None:
    """Print the plan's tasks."""
    query = "select task_id, section, strength, title_zh, title_en from marts.dim_plan_task order by plan_id, task_id"
    headers = {
        "task_id": "任务",
        "section": "章节",
        "strength": "强度",
        "title_zh": "任务内容",
        "title_en": "task",
    }
    with published(warehouse) as connection:
        show(rows(connection, query), headers, form)


def indicators(warehouse: Warehouse, form: Format, *, region: str, period: str, view: str) -> None:
    """Print the values of one region, with unit, status and the population vintage used."""
    query = """
      select v.indicator_id, i.title_zh, v.period_end, v.value, v.unit, v.obs_status, v.n_records, v.population_vintage
      from marts.fct_indicator_value as v join marts.dim_indicator as i using (indicator_id)
      where v.region_code = $region and v.period_type = $period and v.region_view = $view
      order by i.sort_order, v.period_end
    """
    headers = {
        "indicator_id": "指标 id", "title_zh": "指标", "period_end": "期末", "value": "值", "unit": "单位",
        "obs_status": "状态", "n_records": "记录数", "population_vintage": "人口口径",
    }  # fmt: skip
    with published(warehouse) as connection:
        _say_if_synthetic(connection)
        show(rows(connection, query, {"region": region, "period": period, "view": view}), headers, form)


def reconcile(warehouse: Warehouse, form: Format) -> None:
    """Print official figures beside computed ones."""
    query = "select * from marts.reconciliation order by indicator_id, region_code, period_end, document"
    headers = {
        "indicator_id": "指标", "region_code": "区划", "period_type": "期", "period_end": "期末", "document": "文件",
        "official_value": "公布值", "computed_value": "计算值", "unit": "单位", "gap": "差", "tolerance": "容差",
        "within_tolerance": "相符", "explanation": "说明",
    }  # fmt: skip
    with published(warehouse) as connection:
        _say_if_synthetic(connection)
        show(rows(connection, query), headers, form)


def rejects(warehouse: Warehouse, form: Format, *, source: str | None, limit: int) -> None:
    """Print rejected files and quarantined rows; says how many there are when not all are shown."""
    files, found = rejected_files(warehouse), quarantined_rows(warehouse)
    if source:
        files, found = files.filter(pl.col("source") == source), found.filter(pl.col("source") == source)
    for file in files.iter_rows(named=True):
        messages.print(f"rejected file: {file['message']}")
    headers = {
        "source": "来源", "source_path": "文件 file", "source_row": "行 row", "reason": "原因 reason",
        "field": "字段 field", "value": "值 value", "raw": "原始行 raw",
    }  # fmt: skip
    if form is Format.TABLE:
        headers.pop("raw")
    show(found.sort("source", "source_path", "source_row").head(limit).to_dicts(), headers, form)
    if found.height > limit:
        messages.print(f"{found.height} rows in quarantine, {limit} shown; --limit shows more")


def explain(warehouse: Warehouse, indicator: str, *, region: str, period: str, limit: int) -> None:
    """Print one yearly value, its definition and the contributions behind it. Raises ConfigError when there is none."""
    end = f"{period}-12-31"
    with published(warehouse) as connection:
        _say_if_synthetic(connection)
        value = _value(connection, indicator, region, end)
        parts = [indicator] if value["kind"] != "ratio" else [value["numerator_id"]]
        for line in (
            f"{value['title_zh']} {value['title_en']} ({indicator}) · {region} · {period}",
            f"值 value: {rounded(value['value'], value['decimals'])} {value['unit']}  [{value['obs_status']}]",
            f"定义 definition: {value['definition_zh']} {value['definition_en']}",
            f"计算 formula: {value['formula']}",
        ):
            console.print(line)
        if value["kind"] == "ratio":
            console.print(
                f"分子 numerator: {rounded(value['numerator'])}  分母 denominator: {rounded(value['denominator'])} "
                f"{value['population_vintage'] or ''}"
            )
        for part in parts:
            _records(connection, part, region, end, limit)


def _say_if_synthetic(connection: duckdb.DuckDBPyConnection) -> None:
    if rows(connection, "select is_synthetic from marts.release") == [{"is_synthetic": True}]:
        messages.print(_SYNTHETIC)


def _value(connection: duckdb.DuckDBPyConnection, indicator: str, region: str, end: str) -> dict[str, Any]:
    query = """
      select v.*, i.title_zh, i.title_en, i.definition_zh, i.definition_en, i.formula, i.kind, i.decimals,
        i.numerator_id
      from marts.fct_indicator_value as v join marts.dim_indicator as i using (indicator_id)
      where v.indicator_id = $indicator and v.region_code = $region and v.period_end = $end::date
        and v.period_type = 'year' and v.region_view = 'statutory'
    """
    found = rows(connection, query, {"indicator": indicator, "region": region, "end": end})
    if not found:
        raise ConfigError(
            f"no value of {indicator} for {region} at {end}; `ipw indicators --region {region}` lists what there is"
        )
    return found[0]


def _records(connection: duckdb.DuckDBPyConnection, indicator: str, region: str, end: str, limit: int) -> None:
    arguments = {"indicator": indicator, "region": region, "end": end}
    query = "from marts.evidence($indicator, $region, $end::date)"
    (total,) = rows(connection, f"select count(*) as n, sum(delta) as delta {query}", arguments)
    console.print(f"记录 records: {total['n']:,}, 合计 sum of contributions: {rounded(total['delta'])}")
    headers = {
        "record_id": "记录 record", "region_code": "区划", "effective_date": "日期", "delta": "±",
        "source_path": "文件 file", "source_row": "行 row", "delivered_on": "交付 delivered",
    }  # fmt: skip
    shown = rows(connection, f"select * {query} order by effective_date desc, record_id limit {limit:d}", arguments)
    show(shown, headers, Format.TABLE)


def release_paths(warehouse: Warehouse) -> list[Path]:
    """The files people ask for after a run: the release folder, the target table and the marts."""
    folder = warehouse.current.resolve()
    return [folder, folder / "targets.csv", warehouse.marts]
