"""Dagster's own folder in a warehouse and its settings. Runs, events and check results are kept there."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import yaml

from pipelines.paths import Warehouse

if TYPE_CHECKING:
    import dagster as dg

CONFIGURATION = """\
# Written by ipw. One run at a time: DuckDB has one writer, and a release is made from one build.
telemetry: {enabled: false}
nux: {enabled: false}
run_monitoring: {enabled: true}
concurrency:
  runs: {max_concurrent_runs: 1}
"""

_STORAGES = {"storage", "run_storage", "event_log_storage", "schedule_storage", "instance_class"}


def prepare_instance(warehouse: Warehouse) -> None:
    """Create the folder with its configuration; an existing configuration is left as its owner wrote it."""
    warehouse.dagster_home.mkdir(parents=True, exist_ok=True)
    file = warehouse.dagster_home / "dagster.yaml"
    if not file.exists() or not file.stat().st_size:  # empty: a run was killed while writing it
        file.write_text(CONFIGURATION, encoding="utf-8")


@contextmanager
def opened_instance(warehouse: Warehouse) -> Iterator["dg.DagsterInstance"]:
    """Dagster's instance for a run in this process, with the storages of `pipelines.event_log`.

    Where the configuration names storages of its own, a database server say, the run is recorded there.
    """
    import dagster as dg

    configured = yaml.safe_load((warehouse.dagster_home / "dagster.yaml").read_text(encoding="utf-8")) or {}
    if _STORAGES & configured.keys():
        instance = dg.DagsterInstance.get()
    else:
        from pipelines.event_log import storages

        os.environ.setdefault("DAGSTER_EVENT_BATCH_SIZE", "10000")  # what a run plans is stored together
        # "Temp" only where no folder is named: this is the instance of the folder, configured by what lies in it.
        instance = dg.DagsterInstance.local_temp(
            str(warehouse.dagster_home), overrides=storages(warehouse.dagster_home)
        )
    with instance:
        yield instance
