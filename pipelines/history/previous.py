"""The release before as tables for dbt (`inputs/previous_*`): empty where there is none. The comparison is dbt's."""

import os
import shutil
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.history.entries import Entry
from pipelines.history.restoring import write_tables
from pipelines.paths import Warehouse

_PROVENANCE = {
    "source_path": pl.String,
    "source_row": pl.Int64,
    "source_file_sha256": pl.String,
    "delivered_on": pl.Date,
}
PREVIOUS: dict[str, dict[str, Any]] = {
    "previous_release": {
        "release_id": pl.String,
        "as_of": pl.Date,
        "known_at": pl.Date,
        "targets_known_at": pl.Date,
        "population_known_at": pl.Date,
        "plans": pl.String,
        "code_version": pl.String,
        "rules_fingerprint": pl.String,
        "input_fingerprint": pl.String,
        "is_synthetic": pl.Boolean,
    },
    "previous_indicator": {"indicator_id": pl.String, "coverage_to": pl.Date, "observed_until": pl.Date},
    "previous_indicator_value": {
        "indicator_id": pl.String,
        "region_code": pl.String,
        "region_view": pl.String,
        "period_type": pl.String,
        "period_end": pl.Date,
        "value": pl.Float64,
        "numerator": pl.Float64,
        "denominator": pl.Float64,
        "unit": pl.String,
        "obs_status": pl.String,
        "population_vintage": pl.String,
        "n_records": pl.Int64,
        "period_start": pl.Date,
        "observed_until": pl.Date,
    },
    "previous_contribution": {
        "indicator_id": pl.String,
        "region_view": pl.String,
        "region_code": pl.String,
        "record_type": pl.String,
        "record_id": pl.String,
        "effective_date": pl.Date,
        "delta": pl.Int64,
        "amount": pl.Float64,
        **_PROVENANCE,
    },
    "previous_target_vs_actual": {
        "plan_id": pl.String,
        "target_id": pl.String,
        "target_version": pl.Int32,
        "indicator_id": pl.String,
        "region_code": pl.String,
        "region_view": pl.String,
        "year": pl.Int32,
        "comparator": pl.String,
        "target_value": pl.Float64,
        "target_year": pl.Int32,
        "actual_value": pl.Float64,
        "method": pl.String,
        "status": pl.String,
        "reason": pl.String,
    },
    "previous_population": {
        "region_code": pl.String,
        "reference_date": pl.Date,
        "persons": pl.Int64,
        "population_vintage": pl.String,
        **_PROVENANCE,
    },
    "previous_published_value": {
        "indicator_id": pl.String,
        "region_code": pl.String,
        "period_type": pl.String,
        "period_end": pl.Date,
        "value": pl.Float64,
        "published_on": pl.Date,
        "document": pl.String,
        **_PROVENANCE,
    },
}
"""Tables of the release before and their columns: what `indicator_revision` needs of it, named as in its marts."""

COMPARISON_TABLES = frozenset({"release_comparison", "revision_record", "indicator_revision", "target_revision"})
"""Marts that say what differs from the release before: the only ones that depend on which release that was."""


_MARTS = {
    "previous_release": "release",
    "previous_indicator": "dim_indicator",
    "previous_indicator_value": "fct_indicator_value",
    "previous_contribution": "fct_contribution",
    "previous_target_vs_actual": "target_vs_actual",
    "previous_population": "fct_population",
    "previous_published_value": "fct_published_value",
}


def write_previous(warehouse: Warehouse, previous: Entry | None) -> None:
    """Write every table of PREVIOUS to the inputs as `<name>.parquet`; empty ones where there is no release before.

    A column the older release's code did not make yet is null. Each file appears by a rename, for it may be a link to a
    file of the release. Raises BrokenInput when the history is damaged.
    """
    folder = warehouse.inputs
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / ".previous"
    shutil.rmtree(kept, ignore_errors=True)
    tables = write_tables(previous, kept, list(_MARTS.values())) if previous else {}
    for name, columns in PREVIOUS.items():
        fitted = kept / f"{name}.parquet"
        kept.mkdir(exist_ok=True)
        _fit(tables.get(_MARTS[name]), pl.Schema(columns), fitted)
        os.replace(fitted, folder / fitted.name)
    shutil.rmtree(kept)


def _fit(file: Path | None, columns: pl.Schema, target: Path) -> None:
    """Give a kept table the declared columns: the file itself where it has them, since it may be large."""
    if file is None:
        pl.DataFrame(schema=columns).write_parquet(target)
        return
    held = pl.read_parquet_schema(file)
    if all(held.get(column) == kind for column, kind in columns.items()):
        file.rename(target)
        return
    missing = [pl.lit(None).alias(column) for column in columns if column not in held]
    fitted = pl.scan_parquet(file).with_columns(missing).select(columns.names()).cast(columns)
    fitted.sink_parquet(target)
