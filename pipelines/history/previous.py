"""The release before as tables for dbt (`inputs/previous_*`): empty where there is none. Which release that is, too."""

from pathlib import Path
from typing import Any

import polars as pl

from pipelines.paths import Warehouse
from pipelines.plans import RunParameters

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


def previous_release(warehouse: Warehouse, parameters: RunParameters) -> str | None:
    """The release that one of these parameters is compared with."""
    return None


def write_previous(warehouse: Warehouse, previous: str | None) -> None:
    """Write every table of PREVIOUS to the inputs as `<name>.parquet`."""
    folder: Path = warehouse.inputs
    folder.mkdir(parents=True, exist_ok=True)
    for name, schema in PREVIOUS.items():
        pl.DataFrame(schema=schema).write_parquet(folder / f"{name}.parquet")
