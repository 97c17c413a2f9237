"""A finished build made by hand: every mart, a handful of synthetic rows in those that publishing looks at."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import duckdb
import polars as pl

from pipelines.paths import Warehouse
from pipelines.plans import RunParameters
from pipelines.release.database import marts_documentation
from tests.unit.history.releases import contributions, row, values


def build(
    warehouse: Warehouse,
    parameters: RunParameters,
    *,
    records: Sequence[str] = ("a", "b"),
    previous: str | None = None,
    figure: float = 2,
) -> None:
    """Write `build.duckdb` as dbt would for these parameters: every mart with the columns of its contract."""
    release = _release(parameters)
    target = {
        "plan_id": "p", "target_id": "T02", "target_version": 1, "indicator_id": "inv_grants", "region_code": "370303",
        "year": 2023, "comparator": "ge", "target_value": 2.0, "actual_value": figure, "status": "achieved", "obs_status": "A",
    }  # fmt: skip
    compared = {"old_release_id": previous, "new_release_id": release["release_id"]}
    rows: dict[str, pl.DataFrame] = {
        "release": pl.DataFrame([release]),
        "fct_contribution": contributions(*records),
        "fct_indicator_value": values(figure),
        "dim_plan_target": pl.DataFrame(
            [{name: target[name] for name in ("plan_id", "target_id", "target_version", "indicator_id")}]
        ),
        "target_vs_actual": pl.DataFrame([target]),
        "release_comparison": pl.DataFrame([compared] if previous else [], schema=dict.fromkeys(compared, pl.String)),
    }
    warehouse.build.mkdir(parents=True, exist_ok=True)
    warehouse.build_database.unlink(missing_ok=True)
    with duckdb.connect(str(warehouse.build_database)) as connection:
        connection.execute("create schema marts")
        for model in marts_documentation():
            columns = ", ".join(
                f"{column['name']} {column['data_type']}"
                for column in model["columns"]
                if column["name"] != "gates_passed"  # known only when all is built: publishing adds it
            )
            connection.execute(f"create table marts.{model['name']} ({columns})")
        for name, frame in rows.items():
            connection.register("frame", frame.to_arrow())
            connection.execute(f"insert into marts.{name} by name from frame")


def _release(parameters: RunParameters) -> dict[str, Any]:
    release = row(f"{parameters.as_of:%Y%m%d}-{parameters.input_fingerprint[:12]}", parameters.known_at)
    return {
        **{name: value for name, value in release.items() if name != "gates_passed"},
        "as_of": parameters.as_of,
        "input_fingerprint": parameters.input_fingerprint,
    }


def day(month: int) -> date:
    """The first of a month of 2024."""
    return date(2024, month, 1)
