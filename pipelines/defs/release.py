"""Publishing as the last asset. It depends on every table, and refuses unless every check of the graph is green."""

import dagster as dg

from pipelines.defs.bronze import LOCK_WAIT_SECONDS, delivery_profiles, intake
from pipelines.defs.mart_checks import mart_checks
from pipelines.defs.owners import owners
from pipelines.defs.release_metadata import release_metadata
from pipelines.defs.transform import dbt_models
from pipelines.errors import IpwError
from pipelines.lock import one_writer
from pipelines.quality.failures import failure
from pipelines.quality.green import check_states, require_green
from pipelines.release.publish import publish
from pipelines.settings import Settings

GATES = frozenset(
    key for definition in (intake, delivery_profiles, dbt_models, mart_checks) for key in definition.check_keys
)
"""Every asset check of the graph, whatever a run selects; a test holds this against the loaded definitions."""


@dg.asset(
    key=["release", "current"],
    group_name="release",
    owners=owners("release"),
    kinds={"duckdb", "parquet"},
    deps=list(dbt_models.keys),
    description="The release readers see: marts.duckdb, Parquet, datapackage.json, targets.xlsx and .csv, "
    "revisions.csv, the page, Data Docs. Published only when every check passed on exactly this build; otherwise the "
    "last one stays.",
)
def current_release(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
    """Check that every gate is green, assemble privately, publish by one rename."""
    settings = Settings.from_environment()
    try:
        gates = require_green(check_states(context.instance, GATES))
        with one_writer(settings.warehouse, LOCK_WAIT_SECONDS):
            release = publish(settings, gates_passed=gates)
    except IpwError as error:
        raise failure(error) from error
    return dg.MaterializeResult(metadata={"gates_passed": gates, **release_metadata(release)})
