"""The sheets of the workbook and their charts, from the published marts. How cells look is in `grid`."""

import csv
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import duckdb
import xlsxwriter
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from pipelines.release.board import OBS_STATUS_WORDS, board, counted_first
from pipelines.release.display import EXPLANATIONS, STATUS_STYLES
from pipelines.release.revisions import comparison, revised_values
from pipelines.release.rows import Row, rows
from pipelines.release.workbook.grid import HEADER_ROW, Column, Grid, in_wan

NOTES = Path(__file__).with_name("notes.csv")
MOST_REVISIONS = 5_000
"""Lines of the revisions sheet; `revisions.csv` has them all."""
_CHART = {"width": 1200, "height": 520}

_BOARD = (
    Column("target_id", "编号", "id", "id", 7),
    Column("title_zh", "目标", "target (zh)", width=30),
    Column("title_en", "目标英文", "target", width=28),
    Column("section", "章节", "section", "id", 11),
    Column("year", "年度", "year", "year", 7),
    Column("comparator", "比较", "is", "id", 6),
    Column("target_value", "目标值", "target value", "value", 15),
    Column("actual_value", "实际值", "actual", "value", 16),
    Column("actual_wan", "实际值(万)", "actual, 10,000s", "wan", 11),
    Column("gap", "差距", "gap", "value", 16),
    Column("status", "状态", "status", "status", 22),
    Column("completion_rate", "完成率", "completion", "share", 11),
    Column("progress_rate", "进度完成率", "progress", "share", 11),
    Column("time_progress", "时间进度", "time elapsed", "share", 10),
    Column("reason", "说明", "reason", width=42),
    Column("plan_id", "规划", "plan", "id", 16),
    Column("region_code", "区划", "region", "id", 9),
    Column("obs_status", "数据状态", "observation", width=18),
    Column("baseline_value", "基期值", "baseline", "value", 15),
    Column("path_linear", "线性路径", "linear path", "value", 15),
    Column("path_geometric", "几何路径", "geometric path", "value", 15),
    Column("cagr_observed", "实际年均增速", "observed growth", "share", 12),
    Column("cagr_required", "所需年均增速", "required growth", "share", 12),
    Column("progress_ratio", "R", "observed ÷ required", "value", 10),
    Column("needed_annual_growth", "今后所需年增速", "growth needed", "share", 14),
)
_DRAWN = (
    Column("name", "图表数据", "drawn in the chart", "id", 34),
    Column("completion_rate", "完成率", "completion", "share", 11),
    Column("time_progress", "时间进度", "time elapsed", "share", 11),
)
_PRINTED = [column.name for column in _BOARD].index("reason")
"""Last column of the board on paper; the workings to its right are for the screen."""
_DISTRICTS = (
    Column("indicator_id", "指标", "indicator", "id", 20),
    Column("title_zh", "名称", "name (zh)", width=26),
    Column("view", "口径", "view", width=13),
    Column("region_code", "区划", "region", "id", 9),
    Column("region_zh", "区划名称", "region (zh)", width=15),
    Column("region_en", "区划英文", "region", width=22),
    Column("year", "年度", "year", "year", 8),
    Column("value", "数值", "value", "value", 17),
    Column("value_wan", "数值(万)", "value, 10,000s", "wan", 12),
    Column("previous", "上年", "year before", "value", 17),
    Column("obs_status", "数据状态", "observation", width=18),
    Column("n_records", "记录数", "records", "count", 10),
)
_TASKS = (
    Column("task_id", "编号", "id", "id", 9),
    Column("title_zh", "任务", "task (zh)", width=46),
    Column("title_en", "任务英文", "task", width=46),
    Column("plan_id", "规划", "plan", "id", 13),
    Column("section", "章节", "section", "id", 10),
    Column("strength", "性质", "strength", "id", 9),
    Column("status", "状态", "status", "status", 17),
    Column("evidence_count", "材料", "documents", "count", 9),
    Column("first_evidence_on", "首份", "first", "date", 11),
    Column("last_evidence_on", "末份", "last", "date", 11),
    Column("reason", "说明", "reason", width=44),
)
_REVISIONS = (
    Column("indicator_id", "指标", "indicator", "id", 22),
    Column("title_zh", "名称", "name (zh)", width=26),
    Column("region_code", "区划", "region", "id", 9),
    Column("region_zh", "区划名称", "region (zh)", width=14),
    Column("region_view", "口径", "view", "id", 12),
    Column("period", "期间", "period", "id", 11),
    Column("change_words", "变化", "change", width=16),
    Column("old_value", "原值", "earlier", "value", 16),
    Column("new_value", "现值", "now", "value", 16),
    Column("difference", "差", "difference", "value", 15),
    Column("records_in", "计入", "in", "count", 8),
    Column("records_out", "剔除", "out", "count", 8),
    Column("reason_words", "原因", "reasons", width=50),
)
_BASELINES = (
    Column("baseline_id", "编号", "id", "id", 22),
    Column("title_zh", "规划基期数", "the plan's figure", width=34),
    Column("plan_text", "规划表述", "wording", width=24),
    Column("plan_value", "规划值", "plan", "value", 16),
    Column("computed_value", "计算值", "computed", "value", 16),
    Column("gap", "差", "gap", "value", 14),
    Column("tolerance", "容差", "tolerance", "count", 10),
    Column("agrees", "相符", "agrees", "flag", 10),
    Column("explanation", "说明", "explanation", width=30),
    Column("plan_id", "规划", "plan", "id", 14),
)
_RECONCILED = (
    Column("indicator_id", "指标", "indicator", "id", 22),
    Column("document", "文件", "document", width=34),
    Column("publisher", "发布者", "publisher", width=24),
    Column("official_value", "公布值", "published", "value", 16),
    Column("computed_value", "计算值", "computed", "value", 16),
    Column("gap", "差", "gap", "value", 14),
    Column("tolerance", "容差", "tolerance", "count", 10),
    Column("within_tolerance", "相符", "agrees", "flag", 10),
    Column("explanation", "说明", "explanation", width=30),
    Column("region_code", "区划", "region", "id", 14),
    Column("period_end", "期末", "period end", "date", 12),
)
_SOURCES = (
    Column("source", "数据源", "source", "id", 26),
    Column("last_delivery", "最近交付", "last delivery", "date", 13),
    Column("freshness_days", "距参考日天数", "days before as-of", "count", 13),
    Column("files", "文件", "files", "count", 10),
    Column("rows_in", "行数", "rows in", "count", 12),
    Column("rows_out", "采用", "used", "count", 12),
    Column("rows_quarantined", "隔离", "quarantined", "count", 12),
    Column("rows_duplicate", "重复", "duplicates", "count", 12),
    Column("outside_area_rows", "区域外", "outside the area", "count", 12),
    Column("rejects_by_reason", "隔离原因", "reasons", width=60),
)
_DISTRICT_VALUES = """
with wanted as (
  select distinct t.indicator_id from dim_plan_target as t
  where t.indicator_id is not null and t.region_code in (select city_code from dim_region where level = 'district')
),
ended as (
  select v.*, extract(year from v.period_end) as year,
         lag(v.value) over (
           partition by v.indicator_id, v.region_view, v.region_code order by v.period_end
         ) as previous,
         row_number() over (
           partition by v.indicator_id, v.region_view, v.region_code order by v.period_end desc
         ) as newest
  from fct_indicator_value as v
  cross join release
  where v.period_type = 'year' and v.period_end <= release.as_of
)
select e.*, i.title_zh, i.decimals, r.name_zh as region_zh, r.name_en as region_en, r.level
from ended as e
join wanted using (indicator_id)
join dim_indicator as i using (indicator_id)
join dim_region as r on e.region_code = r.region_code and e.region_view = r.region_view
where e.newest = 1 and r.city_code in (select city_code from dim_region where level = 'district')
order by i.sort_order, e.region_view desc, r.sort_order
"""
_SERIES_VALUES = """
select v.indicator_id, i.title_zh, i.title_en, i.unit_zh as unit, i.decimals, v.region_code, v.value,
       cast(extract(year from v.period_end) as integer) as year
from fct_indicator_value as v
join dim_indicator as i using (indicator_id)
join dim_region as r on v.region_code = r.region_code and v.region_view = r.region_view
where v.period_type = 'year' and v.region_view = 'statutory' and r.region_code = r.city_code
  and extract(year from v.period_end) > (select extract(year from as_of) from release) - 16
order by r.city_code desc, i.sort_order, v.indicator_id, year
"""


def write(file: Path, marts: Path) -> None:
    """Write the workbook of a published `marts.duckdb`; the same release gives the same bytes."""
    with duckdb.connect(str(marts), read_only=True) as connection:
        (release,) = rows(connection, "select * from release")
        options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        with xlsxwriter.Workbook(str(file), options) as book:
            day = release["known_at"]
            book.set_properties({
                "title": "知识产权规划目标与实际 IP plan: targets and actuals",
                "subject": release["release_id"],
                "created": datetime(day.year, day.month, day.day),
            })  # fmt: skip
            grid = Grid(book, release)
            _board(book, grid, connection)
            _districts(book, grid, connection)
            _series(book, grid, connection)
            _tasks(grid, connection)
            _revisions(grid, connection)
            _reconciliation(grid, connection)
            _health(grid, connection)
            _notes(grid, release)


def _board(book: xlsxwriter.Workbook, grid: Grid, connection: duckdb.DuckDBPyConnection) -> None:
    sheet = grid.sheet("目标", "Board")
    lines = [
        row | {"year": int(row["year"]), "actual_wan": in_wan(row["actual_value"], row["unit"])}
        for row in counted_first(connection, board(connection))
    ]
    end = grid.table(sheet, _BOARD, lines)
    sheet.print_area(0, 0, end + 28, _PRINTED)
    drawn = [
        row | {"name": f"{row['target_id']} {row['title_zh']}"} for row in lines if row["completion_rate"] is not None
    ]
    if drawn:
        left, first = len(_BOARD) + 1, HEADER_ROW + 1
        grid.table(sheet, _DRAWN, drawn, left=left)  # a chart reads lines that follow each other
        chart = book.add_chart({"type": "bar"})
        for name, colour in (("completion_rate", "#14508F"), ("time_progress", "#B9C2CF")):
            chart.add_series(_points(sheet, _DRAWN, name, "name", first, HEADER_ROW + len(drawn), colour, left=left))
        chart.set_title({"name": "完成率与时间进度 Completion and time elapsed", "name_font": {"size": 12}})
        chart.set_y_axis({"reverse": True})
        chart.set_x_axis({"num_format": "0%", "min": 0})
        chart.set_legend({"position": "bottom"})
        chart.set_size(_CHART)
        sheet.insert_chart(
            end + 1, 1, chart, {"object_position": 2, "description": "各目标完成率 completion of each target"}
        )


def _districts(book: xlsxwriter.Workbook, grid: Grid, connection: duckdb.DuckDBPyConnection) -> None:
    sheet = grid.sheet("区县", "Districts")
    views = {"statutory": "法定 statutory", "management": "管理 management"}
    lines = [
        row
        | {
            "view": views[row["region_view"]],
            "obs_status": OBS_STATUS_WORDS.get(row["obs_status"], row["obs_status"]),
            "value_wan": in_wan(row["value"], row["unit"]),
        }
        for row in rows(connection, _DISTRICT_VALUES)
    ]
    end = grid.table(sheet, _DISTRICTS, lines)
    place = 0
    for indicator in dict.fromkeys(row["indicator_id"] for row in lines):
        shown = [
            y
            for y, row in enumerate(lines, HEADER_ROW + 1)
            if row["indicator_id"] == indicator and row["region_view"] == "management"
            and row["level"] != "city" and row["value"] is not None
        ]  # fmt: skip
        if len(shown) < 3 or place == 4:
            continue
        chart = book.add_chart({"type": "column"})
        first = lines[shown[0] - HEADER_ROW - 1]
        chart.add_series(_points(sheet, _DISTRICTS, "value", "region_zh", shown[0], _run(shown), "#14508F"))
        chart.set_title({"name": f"{first['title_zh']} {first['year']}", "name_font": {"size": 12}})
        chart.set_legend({"none": True})
        chart.set_y_axis({"min": 0})
        chart.set_size({"width": 640, "height": 280})
        sheet.insert_chart(end + 1 + 15 * (place // 2), 1 if place % 2 == 0 else 6, chart)
        place += 1


def _series(book: xlsxwriter.Workbook, grid: Grid, connection: duckdb.DuckDBPyConnection) -> None:
    sheet = grid.sheet("序列", "Series")
    found = rows(connection, _SERIES_VALUES)
    years = sorted({row["year"] for row in found})
    lines: dict[tuple[str, str], Row] = {}
    for row in found:
        lines.setdefault((row["region_code"], row["indicator_id"]), dict(row))[str(row["year"])] = row["value"]
    columns = (
        Column("indicator_id", "指标", "indicator", "id", 26),
        Column("title_zh", "名称", "name (zh)", width=30),
        Column("title_en", "英文名称", "name", width=34),
        Column("region_code", "区划", "region", "id", 9),
        *(Column(str(year), str(year), "", "value", 14) for year in years),
    )
    table = list(lines.values())
    end = grid.table(sheet, columns, table)
    targets = {row["indicator_id"] for row in rows(connection, "select distinct indicator_id from dim_plan_target")}
    drawn = [(y, row) for y, row in enumerate(table, HEADER_ROW + 1) if row["indicator_id"] in targets]
    for place, (y, row) in enumerate(drawn[:6]):
        chart = book.add_chart({"type": "line"})
        first, last = columns.index(columns[4]), len(columns) - 1
        chart.add_series({
            "name": row["title_zh"],
            "categories": [sheet.get_name(), HEADER_ROW, first, HEADER_ROW, last],
            "values": [sheet.get_name(), y, first, y, last],
            "line": {"color": "#14508F", "width": 2},
            "marker": {"type": "circle", "size": 4},
        })  # fmt: skip
        chart.set_title({"name": f"{row['title_zh']} ({row['unit']})", "name_font": {"size": 11}})
        chart.set_legend({"none": True})
        chart.set_size({"width": 560, "height": 270})
        sheet.insert_chart(end + 1 + 14 * (place // 2), 1 if place % 2 == 0 else 5, chart)


def _tasks(grid: Grid, connection: duckdb.DuckDBPyConnection) -> None:
    sheet = grid.sheet("任务", "Tasks")
    found = rows(connection, "select *, status as status_id from task_status order by plan_id, task_id")
    grid.table(sheet, _TASKS, [row | {"reason": f"{row['reason_zh']} {row['reason_en']}"} for row in found])


def _revisions(grid: Grid, connection: duckdb.DuckDBPyConnection) -> None:
    sheet = grid.sheet("修订", "Revisions")
    found = revised_values(connection)
    end = grid.table(sheet, _REVISIONS, found[:MOST_REVISIONS])
    compared = comparison(connection)
    if compared is None:
        note = "首个版本，没有可比较的版本。The first release: there is none to compare with."
    elif len(found) > MOST_REVISIONS:
        note = f"共 {len(found)} 行，全部见 revisions.csv。{len(found)} lines in all: see revisions.csv."
    else:
        note = f"与版本 {compared['old_release_id']} 相比。Compared with release {compared['old_release_id']}."
    grid.text(sheet, end + 1, 0, note)


def _reconciliation(grid: Grid, connection: duckdb.DuckDBPyConnection) -> None:
    sheet = grid.sheet("核对", "Reconciliation")
    baselines = rows(connection, "select * from plan_baseline_status order by plan_id, baseline_id")
    end = grid.table(sheet, _BASELINES, [_explained(row) for row in baselines])
    found = rows(connection, "select * from reconciliation order by indicator_id, region_code, period_end, document")
    grid.table(sheet, _RECONCILED, [_explained(row) for row in found], top=end + 1)


def _explained(row: Row) -> Row:
    return row | {"explanation": EXPLANATIONS[row["explanation"]]}


def _health(grid: Grid, connection: duckdb.DuckDBPyConnection) -> None:
    sheet = grid.sheet("数据健康", "Data health")
    grid.table(sheet, _SOURCES, rows(connection, "select * from source_health order by source"))


def _notes(grid: Grid, release: Row) -> None:
    sheet = grid.sheet("阅读说明", "Reading notes")
    sheet.set_column(0, 0, 130)
    y = HEADER_ROW
    with NOTES.open(encoding="utf-8", newline="") as stream:
        for note in csv.DictReader(stream):
            sheet.write_string(y, 0, f"{note['zh']}\n{note['en']}", grid.format(text_wrap=True))
            sheet.set_row(y, 50)
            y += 1
    y += 1
    facts = ("release_id", "as_of", "known_at", "targets_known_at", "population_known_at", "plans", "code_version")
    for name in (*facts, "input_fingerprint", "gates_passed"):
        sheet.write_string(y, 0, f"{name}: {release[name]}", grid.format())
        y += 1
    y += 1
    for status, style in STATUS_STYLES.items():
        look = grid.format(font_color=style.colour, bg_color=style.background)
        sheet.write_string(y, 0, f"{style.symbol} {status}", look)
        y += 1
    sheet.print_area(0, 0, y, 0)


def _run(lines: Sequence[int]) -> int:
    """The last of the lines that follow each other from the first on: what one series of a chart can show."""
    last = lines[0]
    for line in lines[1:]:
        if line != last + 1:
            break
        last = line
    return last


def _points(
    sheet: Worksheet,
    columns: Sequence[Column],
    values: str,
    names: str,
    first: int,
    last: int,
    colour: str,
    left: int = 0,
) -> dict[str, object]:
    """A series of a chart: a column of a table, lines `first` to `last`, named by another column."""
    at = {column.name: x for x, column in enumerate(columns, left)}
    cell = f"='{sheet.get_name()}'!${xl_col_to_name(at[values])}${HEADER_ROW + 1}"
    return {
        "name": cell,
        "categories": [sheet.get_name(), first, at[names], last, at[names]],
        "values": [sheet.get_name(), first, at[values], last, at[values]],
        "fill": {"color": colour},
        "gap": 60,
    }
