"""Dashboards as Superset imports them: from the files in `dashboards/` to those of an asset bundle. No network here.

Every id comes from a name, so that loading them again changes what is there instead of adding to it.
"""

import json
from collections.abc import Callable
from importlib.resources import files
from typing import Any, Literal
from uuid import UUID, uuid5

import duckdb
import yaml
from pydantic import BaseModel, ConfigDict, Field

_SPACE = UUID("6d4f5a0e-0c0e-5b0a-9d53-7a5c3d1f2b10")
_VERSION = "1.0.0"

RELEASE = "ip_release"
_RELEASE_SQL = """select
  release_id as "版本", as_of as "基准日", known_at as "已知至",
  case when is_synthetic then '合成数据 SYNTHETIC' else '交付数据 delivered' end as "数据性质"
from marts.release
"""
"""A dataset that every dashboard has, so that each says which release it shows and whether data are synthetic."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Chart(_Strict):
    """One chart; which fields it needs depends on its kind (`_KINDS`). `where` is SQL over the dataset's columns."""

    title: str
    kind: Literal["release", "number", "table", "pivot", "bar", "line", "pie"]
    dataset: str = RELEASE
    where: str | None = None
    x: str | None = None
    series: str | None = None
    metric: str | None = None
    metrics: dict[str, str] = Field(default_factory=dict)
    columns: list[str] = Field(default_factory=list)
    rows: list[str] = Field(default_factory=list)
    group: list[str] = Field(default_factory=list)
    order: list[str] = Field(default_factory=list)
    stacked: bool = False
    horizontal: bool = False
    format: str = ",.2~f"


class Filter(_Strict):
    """A filter above the dashboard; with `single` one value must be chosen, `default` at first."""

    name: str
    dataset: str
    column: str
    default: str | None = None
    single: bool = False


class Dashboard(_Strict):
    """One dashboard: its address, its datasets by name, its charts by key, and rows of (chart, width, height)."""

    slug: str
    title: str
    filters: list[Filter] = Field(default_factory=list)
    datasets: dict[str, str]
    charts: dict[str, Chart]
    rows: list[list[tuple[str, int, int]]]


def dashboards() -> list[Dashboard]:
    """All dashboards of the project, by file name."""
    folder = files(__package__).joinpath("dashboards")
    sources = sorted((file for file in folder.iterdir() if file.name.endswith(".yaml")), key=lambda file: file.name)
    return [Dashboard.model_validate(yaml.safe_load(file.read_text(encoding="utf-8"))) for file in sources]


def bundle(marts: duckdb.DuckDBPyConnection, *, uri: str, name: str) -> dict[str, str]:
    """Path → text of every file of the bundle, for a database at a SQLAlchemy `uri`; `marts` tells the column types."""
    database = _database(uri, name)
    contents = {"metadata.yaml": {"version": _VERSION, "type": "assets", "timestamp": "2000-01-01T00:00:00+00:00"}}
    contents[f"databases/{name}.yaml"] = database
    for dashboard in dashboards():
        for dataset, sql in {RELEASE: _RELEASE_SQL, **dashboard.datasets}.items():
            contents[f"datasets/{name}/{dataset}.yaml"] = _dataset(marts, dataset, sql, database["uuid"])
        for key, chart in dashboard.charts.items():
            contents[f"charts/{dashboard.slug}_{key}.yaml"] = _chart(dashboard, key, chart)
        contents[f"dashboards/{dashboard.slug}.yaml"] = _dashboard(dashboard)
    return {
        f"bundle/{path}": yaml.safe_dump(one, allow_unicode=True, sort_keys=False) for path, one in contents.items()
    }


def _id(*parts: str) -> str:
    return str(uuid5(_SPACE, "/".join(parts)))


def _database(uri: str, name: str) -> dict[str, Any]:
    read_only = {"engine_params": {"connect_args": {"read_only": True}}} if uri.startswith("duckdb:") else {}
    return {
        "database_name": name,
        "sqlalchemy_uri": uri,
        "expose_in_sqllab": True,
        "allow_dml": False,
        "allow_ctas": False,
        "allow_cvas": False,
        "extra": read_only,
        "uuid": _id("database", name),
        "version": _VERSION,
    }


def _dataset(marts: duckdb.DuckDBPyConnection, name: str, sql: str, database: str) -> dict[str, Any]:
    columns = [(column, kind) for column, kind, *_ in marts.execute(f"describe {sql}").fetchall()]
    return {
        "table_name": name,
        "sql": sql,
        "columns": [
            {"column_name": column, "type": kind, "is_dttm": kind == "DATE", "groupby": True, "filterable": True}
            for column, kind in columns
        ],
        "metrics": [{"metric_name": "count", "expression": "count(*)"}],
        "uuid": _id("dataset", name),
        "version": _VERSION,
        "database_uuid": database,
    }


def _chart(dashboard: Dashboard, key: str, chart: Chart) -> dict[str, Any]:
    kind, parameters = _KINDS[chart.kind](chart)
    filters = [{"expressionType": "SQL", "clause": "WHERE", "sqlExpression": chart.where}] if chart.where else []
    return {
        "slice_name": chart.title,
        "viz_type": kind,
        "params": {"viz_type": kind, "adhoc_filters": filters, "time_range": "No filter", **parameters},
        "uuid": _id("chart", dashboard.slug, key),
        "version": _VERSION,
        "dataset_uuid": _id("dataset", chart.dataset),
    }


def _metric(label: str, expression: str) -> dict[str, Any]:
    return {"expressionType": "SQL", "sqlExpression": expression, "label": label, "hasCustomLabel": True}


def _metrics(chart: Chart) -> list[dict[str, Any]]:
    return [_metric(label, expression) for label, expression in chart.metrics.items()]


def _release(_: Chart) -> tuple[str, dict[str, Any]]:
    columns = ["版本", "基准日", "已知至", "数据性质"]
    return "table", {"query_mode": "raw", "all_columns": columns, "row_limit": 10, "table_timestamp_format": "%Y-%m-%d"}


def _number(chart: Chart) -> tuple[str, dict[str, Any]]:
    return "big_number_total", {"metric": _metric(chart.title, str(chart.metric)), "y_axis_format": ",d"}


def _table(chart: Chart) -> tuple[str, dict[str, Any]]:
    common = {
        "row_limit": 1000,
        "table_timestamp_format": "%Y-%m-%d",
        "include_search": True,
        "page_length": 50,
        "show_cell_bars": False,
        "column_config": {
            name: {"d3NumberFormat": chart.format, "d3SmallNumberFormat": chart.format}
            for name in [*chart.columns, *chart.metrics]
        },
    }
    if chart.columns:
        order = [json.dumps([column, True], ensure_ascii=False) for column in chart.order]
        return "table", {**common, "query_mode": "raw", "all_columns": chart.columns, "order_by_cols": order}
    return "table", {**common, "query_mode": "aggregate", "groupby": chart.group, "metrics": _metrics(chart)}


def _pivot(chart: Chart) -> tuple[str, dict[str, Any]]:
    return "pivot_table_v2", {
        "groupbyRows": chart.rows,
        "groupbyColumns": chart.columns,
        "metrics": _metrics(chart),
        "metricsLayout": "COLUMNS",
        "aggregateFunction": "Maximum",  # figures of several districts or years do not add up here
        "rowTotals": False,
        "colTotals": False,
        "valueFormat": chart.format,
        "row_limit": 10_000,
    }


def _over_x(chart: Chart) -> dict[str, Any]:
    return {
        "x_axis": chart.x,
        "xAxisForceCategorical": True,
        "x_axis_sort_asc": True,
        "x_axis_sort": chart.x,
        "metrics": _metrics(chart),
        "groupby": [chart.series] if chart.series else [],
        "row_limit": 10_000,
        "truncate_metric": True,
        "show_empty_columns": True,
        "show_legend": bool(chart.series),
        "legendType": "scroll",
        "legendOrientation": "top",
        "rich_tooltip": True,
        "y_axis_format": chart.format,
        "color_scheme": "supersetColors",
    }


def _bar(chart: Chart) -> tuple[str, dict[str, Any]]:
    stack = {"stack": "Stack"} if chart.stacked else {}
    return "echarts_timeseries_bar", {
        **_over_x(chart),
        "orientation": "horizontal" if chart.horizontal else "vertical",
        **stack,
    }


def _line(chart: Chart) -> tuple[str, dict[str, Any]]:
    return "echarts_timeseries_line", {**_over_x(chart), "markerEnabled": True, "connectNulls": False}


def _pie(chart: Chart) -> tuple[str, dict[str, Any]]:
    return "pie", {
        "groupby": [chart.series],
        "metric": _metric(chart.title, str(chart.metric)),
        "label_type": "value",
        "number_format": ",d",
        "show_legend": True,
        "legendOrientation": "bottom",
        "legendType": "scroll",
        "row_limit": 100,
        "color_scheme": "supersetColors",
    }


_KINDS: dict[str, Callable[[Chart], tuple[str, dict[str, Any]]]] = {
    "release": _release,
    "number": _number,
    "table": _table,
    "pivot": _pivot,
    "bar": _bar,
    "line": _line,
    "pie": _pie,
}


def _dashboard(dashboard: Dashboard) -> dict[str, Any]:
    return {
        "dashboard_title": dashboard.title,
        "slug": dashboard.slug,
        "uuid": _id("dashboard", dashboard.slug),
        "version": _VERSION,
        "published": True,
        "position": _position(dashboard),
        "metadata": {
            "native_filter_configuration": [_filter(dashboard, one) for one in dashboard.filters],
            "color_scheme": "supersetColors",
            "cross_filters_enabled": True,
        },
    }


def _position(dashboard: Dashboard) -> dict[str, Any]:
    grid: dict[str, Any] = {"type": "GRID", "id": "GRID_ID", "parents": ["ROOT_ID"], "children": []}
    position: dict[str, Any] = {
        "DASHBOARD_VERSION_KEY": "v2",
        "ROOT_ID": {"type": "ROOT", "id": "ROOT_ID", "children": ["GRID_ID"]},
        "HEADER_ID": {"type": "HEADER", "id": "HEADER_ID", "meta": {"text": dashboard.title}},
        "GRID_ID": grid,
    }
    for row_id, charts in ((f"ROW-{i}", row) for i, row in enumerate(dashboard.rows)):
        grid["children"].append(row_id)
        placed = {f"CHART-{key}": (key, width, height) for key, width, height in charts}
        position[row_id] = {
            "type": "ROW", "id": row_id, "parents": ["ROOT_ID", "GRID_ID"], "children": list(placed),
            "meta": {"background": "BACKGROUND_TRANSPARENT"},
        }  # fmt: skip
        for chart_id, (key, width, height) in placed.items():
            position[chart_id] = {
                "type": "CHART", "id": chart_id, "parents": ["ROOT_ID", "GRID_ID", row_id], "children": [],
                "meta": {
                    "uuid": _id("chart", dashboard.slug, key), "chartId": 0, "width": width, "height": height,
                    "sliceName": dashboard.charts[key].title,
                },
            }  # fmt: skip
    return position


def _filter(dashboard: Dashboard, one: Filter) -> dict[str, Any]:
    chosen = [one.default] if one.default else []
    query = {"filters": [{"col": one.column, "op": "IN", "val": chosen}]} if chosen else {}
    return {
        "id": f"NATIVE_FILTER-{_id('filter', dashboard.slug, one.name)[:8]}",
        "name": one.name,
        "filterType": "filter_select",
        "type": "NATIVE_FILTER",
        "targets": [{"datasetUuid": _id("dataset", one.dataset), "column": {"name": one.column}}],
        "defaultDataMask": {"extraFormData": query, "filterState": {"value": chosen} if chosen else {}},
        "controlValues": {
            "multiSelect": not one.single,
            "enableEmptyFilter": one.single,
            "defaultToFirstItem": False,
            "inverseSelection": False,
            "searchAllOptions": False,
        },
        "cascadeParentIds": [],
        "scope": {"rootPath": ["ROOT_ID"], "excluded": []},
        "description": "",
    }
