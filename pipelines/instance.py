"""Dagster's own folder in a warehouse and its settings. Runs, events and check results are kept there."""

from pipelines.paths import Warehouse

CONFIGURATION = """\
# Written by ipw. One run at a time: DuckDB has one writer, and a release is made from one build.
telemetry: {enabled: false}
nux: {enabled: false}
run_monitoring: {enabled: true}
concurrency:
  runs: {max_concurrent_runs: 1}
"""


def prepare_instance(warehouse: Warehouse) -> None:
    """Create the folder with its configuration; an existing configuration is left as its owner wrote it."""
    warehouse.dagster_home.mkdir(parents=True, exist_ok=True)
    file = warehouse.dagster_home / "dagster.yaml"
    if not file.exists() or not file.stat().st_size:  # empty: a run was killed while writing it
        file.write_text(CONFIGURATION, encoding="utf-8")
