"""The published macros over a test world's marts, and whether their evidence gives the values.

The value is worked out here in Python from the rows the macro gives, as an auditor with a pocket calculator would.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

import duckdb
import pytest

from pipelines.release.database import EVIDENCE
from pipelines.release.revisions import period_name
from tests.dbt.world import World

# A few values of every kind, denominator, period type and view, those with records first.
SAMPLE = """
  select
    kind, denominator_kind, period_type, indicator_id, region_code, region_view, period_end, value, numerator,
    denominator, n_records, unit_multiplier, ratio_multiplier
  from (
    select
      facts.*, indicators.kind, indicators.unit_multiplier, indicators.ratio_multiplier,
      case when indicators.denominator in ('population', 'regions') then indicators.denominator
        when indicators.denominator is not null then 'indicator' end as denominator_kind,
      row_number() over (
        partition by indicators.kind, denominator_kind, facts.period_type, facts.region_view
        order by facts.n_records is null, facts.n_records = 0, hash(facts.indicator_id, facts.region_code, facts.period_end)
      ) as nth
    from fct_indicator_value as facts join dim_indicator as indicators using (indicator_id)
  )
  where nth <= $some
  order by all
"""


@contextmanager
def published(world: World) -> Iterator[duckdb.DuckDBPyConnection]:
    """The world's marts with the macros, as a release has them."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{world.warehouse.build_database}' as build (read_only)")
        for (table,) in connection.execute(
            "select table_name from information_schema.tables where table_catalog = 'build' and table_schema = 'marts'"
        ).fetchall():
            connection.execute(f"create table {table} as from build.marts.{table}")
        connection.execute(EVIDENCE.read_text(encoding="utf-8"))
        yield connection


def dictionaries(connection: duckdb.DuckDBPyConnection, query: str, **parameters: Any) -> list[dict[str, Any]]:
    """Rows of a query by column name."""
    result = connection.execute(query, parameters or None)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def kinds_that_evidence_gives(world: World) -> set[tuple[str, str | None, str]]:
    """Kind, divisor and period type of some values with evidence; of all of them it gives the value."""
    with published(world) as connection:
        values = sampled(connection)
    for value in values:
        expected = {name: value[name] for name in ("value", "numerator", "denominator", "n_records")}
        assert worked_out(value) == pytest.approx(expected), value
    return {(value["kind"], value["denominator_kind"], value["period_type"]) for value in values if value["rows"]}


def sampled(connection: duckdb.DuckDBPyConnection, some: int = 4) -> list[dict[str, Any]]:
    """Some values of every kind, period type and view, each with the rows of its evidence as `rows`."""
    values = dictionaries(connection, SAMPLE, some=some)
    for value in values:
        value["rows"] = dictionaries(
            connection,
            "from evidence($of, $place, $period, in_view := $view)",
            of=value["indicator_id"],
            place=value["region_code"],
            period=period_name(value["period_type"], value["period_end"]),
            view=value["region_view"],
        )
    return values


def worked_out(value: dict[str, Any]) -> dict[str, Any]:
    """Value, numerator, denominator and number of records that the rows of the evidence give."""
    sides = {
        name: [row for row in value["rows"] if row["side"] == name] for name in ("value", "numerator", "denominator")
    }
    assert sum(map(len, sides.values())) == len(value["rows"])
    if value["n_records"] is None:
        (row,) = sides["value"]
        return {"value": row["amount"], "numerator": None, "denominator": None, "n_records": None}
    if value["kind"] == "ratio":
        over, under = _sum(sides["numerator"]), _sum(sides["denominator"]) if sides["denominator"] else None
        share = over * value["ratio_multiplier"] / under / value["unit_multiplier"] if under else None
        return {"value": share, "numerator": over, "denominator": under, "n_records": len(sides["numerator"])}
    if value["kind"] == "distribution":
        measure = median(row["amount"] for row in sides["value"])
    else:
        measure = _sum(sides["value"])
    number = measure / value["unit_multiplier"]
    return {"value": number, "numerator": None, "denominator": None, "n_records": len(sides["value"])}


def _sum(rows: list[dict[str, Any]]) -> float:
    return float(sum(row["delta"] if row["amount"] is None else row["amount"] for row in rows))
