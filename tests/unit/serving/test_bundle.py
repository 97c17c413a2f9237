"""The dashboards' files and the bundle made of them: nothing is left out, nothing stands twice, the same gives the same."""

from collections.abc import Iterator

import duckdb
import pytest
import yaml
from pydantic import ValidationError

from pipelines.release.database import marts_documentation
from pipelines.serving.bundle import Dashboard, bundle, dashboards
from pipelines.serving.superset import _without_password

DUCKDB = "duckdb:////data/marts.duckdb"


@pytest.fixture(scope="module")
def marts() -> Iterator[duckdb.DuckDBPyConnection]:
    """Every mart with the columns of its contract and no row."""
    with duckdb.connect() as connection:
        connection.execute("create schema marts")
        for model in marts_documentation():
            columns = ", ".join(f"{column['name']} {column['data_type']}" for column in model["columns"])
            connection.execute(f"create table marts.{model['name']} ({columns})")
        yield connection


@pytest.mark.parametrize("dashboard", dashboards(), ids=lambda one: one.slug)
def test_every_chart_stands_once_in_rows_that_fit(dashboard: Dashboard) -> None:
    placed = [key for row in dashboard.rows for key, _, _ in row]
    assert sorted(placed) == sorted(dashboard.charts)
    assert all(sum(width for _, width, _ in row) == 12 for row in dashboard.rows)
    assert dashboard.charts["release"].kind == "release"


@pytest.mark.parametrize("dashboard", dashboards(), ids=lambda one: one.slug)
def test_charts_and_filters_name_columns_that_their_datasets_have(
    marts: duckdb.DuckDBPyConnection, dashboard: Dashboard
) -> None:
    columns = {
        name: {column for column, *_ in marts.execute(f"describe {sql}").fetchall()}
        for name, sql in dashboard.datasets.items()
    }
    for key, chart in dashboard.charts.items():
        if chart.kind == "release":
            continue
        named = {*chart.columns, *chart.rows, *chart.group, *chart.order, chart.x, chart.series} - {None}
        assert named <= columns[chart.dataset], key
        where = f" where {chart.where}" if chart.where else ""
        for expression in [*chart.metrics.values(), *([chart.metric] if chart.metric else [])]:
            marts.execute(f"select {expression} from ({dashboard.datasets[chart.dataset]}) as dataset{where}")
    assert all(one.column in columns[one.dataset] for one in dashboard.filters)


def test_the_bundle_refers_only_to_what_is_in_it(marts: duckdb.DuckDBPyConnection) -> None:
    contents = {path: yaml.safe_load(text) for path, text in bundle(marts, uri=DUCKDB, name="ip_plan").items()}
    of_kind = {
        kind: [one for path, one in contents.items() if path.startswith(f"bundle/{kind}/")]
        for kind in ("databases", "datasets", "charts", "dashboards")
    }
    ids = [one["uuid"] for several in of_kind.values() for one in several]
    assert len(set(ids)) == len(ids)
    assert {one["database_uuid"] for one in of_kind["datasets"]} == {of_kind["databases"][0]["uuid"]}
    assert {one["dataset_uuid"] for one in of_kind["charts"]} <= {one["uuid"] for one in of_kind["datasets"]}
    placed = {
        part["meta"]["uuid"] for one in of_kind["dashboards"] for part in one["position"].values()
        if isinstance(part, dict) and part["type"] == "CHART"
    }  # fmt: skip
    assert placed == {one["uuid"] for one in of_kind["charts"]}


def test_the_same_files_give_the_same_bundle_and_only_duckdb_is_opened_read_only(
    marts: duckdb.DuckDBPyConnection,
) -> None:
    once = bundle(marts, uri=DUCKDB, name="ip_plan")
    assert once == bundle(marts, uri=DUCKDB, name="ip_plan")
    assert "read_only: true" in once["bundle/databases/ip_plan.yaml"]
    served = bundle(marts, uri="postgresql+psycopg2://reader@db.example/plan", name="ip_plan")
    assert "read_only" not in served["bundle/databases/ip_plan.yaml"]


def test_a_field_that_no_chart_has_is_refused() -> None:
    with pytest.raises(ValidationError, match="colour"):
        Dashboard.model_validate(
            {"slug": "x", "title": "x", "datasets": {}, "rows": [],
             "charts": {"a": {"title": "a", "kind": "bar", "colour": "red"}}}
        )  # fmt: skip


def test_a_password_is_never_repeated() -> None:
    assert _without_password("postgresql+psycopg2://reader:geheim@db.example:5432/plan") == (
        "postgresql+psycopg2://reader:***@db.example:5432/plan"
    )
    assert _without_password(DUCKDB) == DUCKDB
