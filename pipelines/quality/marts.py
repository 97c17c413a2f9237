"""What the published marts must satisfy before anyone reads them. The rules that make the figures are dbt's to test."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from pipelines.paths import Warehouse
from pipelines.quality import kept
from pipelines.quality.expectations import Expectation, Suite, Verdict, validate_suites

if TYPE_CHECKING:
    import pandas as pd

STATUSES = [
    "achieved", "on_track", "moderate", "limited", "deteriorating", "not_computable",
    "in_progress", "missed", "not_due", "no_data", "no_source_yet", "reported",
]  # fmt: skip
TASK_STATUSES = [*STATUSES, "done", "active", "declining", "no_evidence"]
AMOUNT_STATUSES = ["known", "missing", "contradictory"]
OBS_STATUSES = ["A", "P", "B", "E", "U", "L"]


def _unique(*columns: str) -> Expectation:
    why = "the table's grain holds: no key twice"
    if len(columns) == 1:
        return Expectation("ExpectColumnValuesToBeUnique", {"column": columns[0]}, why)
    return Expectation("ExpectCompoundColumnsToBeUnique", {"column_list": list(columns)}, why)


def _present(column: str) -> Expectation:
    return Expectation("ExpectColumnValuesToNotBeNull", {"column": column}, "is always filled")


def _among(column: str, values: Sequence[str]) -> Expectation:
    return Expectation(
        "ExpectColumnValuesToBeInSet",
        {"column": column, "value_set": list(values)},
        f"is one of {', '.join(values)}",
    )


def _between(column: str, low: float | None, high: float | None, why: str) -> Expectation:
    return Expectation("ExpectColumnValuesToBeBetween", {"column": column, "min_value": low, "max_value": high}, why)


_NOT_EMPTY = Expectation("ExpectTableRowCountToBeBetween", {"min_value": 1}, "is not empty")

MART_EXPECTATIONS: Mapping[str, Sequence[Expectation]] = {
    "fct_indicator_value": (
        _unique("indicator_id", "region_code", "region_view", "period_type", "period_end"),
        _among("region_view", ["statutory", "management"]),
        _among("period_type", ["month", "quarter", "half", "year", "plan"]),
        _among("obs_status", OBS_STATUSES),
        _between("value", 0, None, "counts, amounts and densities are never negative"),
        _present("unit"),
    ),
    "target_vs_actual": (
        _NOT_EMPTY,
        _unique("plan_id", "target_id", "target_version", "indicator_id", "region_code", "year"),
        _among("status", STATUSES),
        _among("comparator", ["ge", "gt", "le", "lt"]),
        _present("method"),
        _present("reason"),
        _between("time_progress", 0, 1, "lies between the plan's first and last day"),
    ),
    "reconciliation": (
        _unique("indicator_id", "region_code", "period_type", "period_end", "document"),
        _present("official_value"),
        _present("explanation"),
    ),
    "source_health": (
        _NOT_EMPTY,
        _unique("source"),
        _between("freshness_days", 0, None, "nothing was delivered after the reference date"),
    ),
    "dim_indicator": (_NOT_EMPTY, _unique("indicator_id"), _present("unit_zh"), _present("title_zh")),
    "dim_region": (_NOT_EMPTY, _unique("region_code", "region_view"), _present("name_zh")),
    "dim_plan_target": (_NOT_EMPTY, _unique("plan_id", "target_id", "target_version", "indicator_id")),
    "task_status": (
        _unique("plan_id", "task_id"),
        _among("status", TASK_STATUSES),
        _present("reason"),
        _among("trend", ["up", "flat", "down"]),
        _between("evidence_count", 0, None, "documents are counted"),
    ),
    "plan_baseline_status": (
        _unique("plan_id", "baseline_id"),
        _present("explanation"),
        _present("method"),
    ),
    "identity_check": (
        _unique("plan_id", "identity_id", "region_code", "region_view", "period_type", "period_end"),
        _present("total_value"),
    ),
    "stage_assessment": (_unique("plan_id", "object_id", "measure_id"), _present("object_zh")),
    "fct_official_figure": (
        _unique("indicator_id", "region_code", "period_type", "period_end", "document"),
        _present("unit"),
        _between("revision_no", 1, None, "publications of one figure are numbered from 1"),
    ),
    "fct_population": (
        _unique("region_code", "reference_date"),
        _between("persons", 1, None, "somebody lives in every region that has a figure"),
    ),
    "fct_published_value": (
        _unique("indicator_id", "region_code", "period_type", "period_end"),
        _present("source_path"),
    ),
    "indicator_revision": (
        _unique("indicator_id", "region_code", "region_view", "period_type", "period_end"),
        _among("change", ["revised", "extended", "shortened", "appeared", "gone"]),
        _present("reasons"),
        _between("records_in", 0, None, "records are counted"),
        _between("records_out", 0, None, "records are counted"),
    ),
    "target_revision": (
        _unique("plan_id", "target_id", "target_version", "indicator_id", "region_code", "year"),
        _among(
            "change",
            ["version_added", "version_removed", "target_changed", "actual_changed", "status_changed"],
        ),
        _present("reasons"),
    ),
    "fct_pledge": (
        _unique("registration_no"),
        _among("amount_status", AMOUNT_STATUSES),
        _between("amount_yuan", 0, 1e11, "a pledge brings more than nothing and less than 100 billion yuan"),
    ),
    "fct_deal": (_unique("deal_id"), _among("amount_status", AMOUNT_STATUSES)),
    "fct_enforcement_case": (
        _unique("record_type", "case_id"),
        _present("ip_kind"),
        _between("fine_yuan", 0, 1e9, "a fine is below one billion yuan, or its unit was misread"),
    ),
    "fct_designation": (_unique("designation_id"), _present("list_type"), _present("approved_on")),
    "dim_party": (_unique("party_id"), _present("name"), _between("n_names", 1, None, "a party has a name")),
    "dim_plan_task": (_NOT_EMPTY, _unique("plan_id", "task_id"), _present("strength")),
}


def validate_marts(
    database: Path | duckdb.DuckDBPyConnection,
    marts: Iterable[str],
    store: Path,
    *,
    content_keys: Mapping[str, str] | None = None,
) -> dict[str, Verdict]:
    """Mart → verdict, in one pass over the private build, before any of them can be published.

    A file is opened read-only and closed again, so that the next dbt run finds it free. `content_keys` says what is in
    a mart, where the caller knows: equal keys must mean equal rows. What is in the others is hashed.
    """
    names = list(marts)
    with _opened(database) as connection:
        suites = [_suite(connection, mart, (content_keys or {}).get(mart)) for mart in names]
        verdicts = validate_suites(suites, store)
    return {mart: verdicts[suite.name] for mart, suite in zip(names, suites, strict=True)}


def validate_mart(warehouse: Warehouse, mart: str, store: Path) -> Verdict:
    """Verdict on one mart of the private build, as `validate_marts` gives it."""
    return validate_marts(warehouse.build_database, [mart], store)[mart]


@contextmanager
def _opened(database: Path | duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    if isinstance(database, Path):
        with duckdb.connect(str(database), read_only=True) as connection:
            yield connection
    else:
        yield database


def _suite(connection: duckdb.DuckDBPyConnection, mart: str, content: str | None) -> Suite:
    """Only the columns that the expectations name are read: a mart has many more, and half a million rows."""
    expectations = MART_EXPECTATIONS[mart]
    types = {name: kind for name, kind, *_ in connection.execute(f"describe marts.{mart}").fetchall()}
    named = {column for one in expectations for column in one.columns}
    read = {name: kind for name, kind in types.items() if name in named}  # the library says which is not there
    return Suite(
        f"mart_{mart}",
        expectations,
        content or _content(connection, mart, read),
        partial(_frame, connection, mart, list(read)),
    )


def _frame(connection: duckdb.DuckDBPyConnection, mart: str, columns: Sequence[str]) -> "pd.DataFrame":
    return connection.execute(f"select {', '.join(columns) or '1 as row'} from marts.{mart}").df()


def _content(connection: duckdb.DuckDBPyConnection, mart: str, columns: Mapping[str, str]) -> str:
    """A hash of the rows, whatever their order: two sums over a hash of each, as one that is there twice must count."""
    row = f"hash({', '.join(columns) or '1'})"
    sums = connection.execute(f"select count(*), sum({row}::hugeint), bit_xor(hash({row}, 1)) from marts.{mart}")
    return kept.digest(repr(columns), repr(sums.fetchone()))
