"""Plan, catalogue and run parameters as tables for dbt. Reading plans lives in `pipelines.plans`."""

from collections.abc import Iterator

import dagster as dg

from pipelines.contracts.registry import contracts
from pipelines.errors import IpwError
from pipelines.fingerprint import plans_as_known, release_id, run_parameters
from pipelines.history import PREVIOUS, previous_release, write_previous
from pipelines.plans import load_catalogue, write_inputs
from pipelines.plans.tables import SCHEMAS
from pipelines.quality.failures import failure
from pipelines.settings import Settings

TABLES = SCHEMAS | PREVIOUS
"""What dbt reads beside bronze: plans, catalogue and parameters, and the release that came before."""


@dg.multi_asset(
    name="plan_inputs",
    specs=[
        dg.AssetSpec(
            ["inputs", name],
            deps=[dg.AssetKey(["bronze", source]) for source in contracts()],
            group_name="inputs",
            kinds={"yaml", "parquet"},
            description=f"{name.replace('_', ' ').capitalize()}: columns {', '.join(columns)}.",
        )
        for name, columns in TABLES.items()
    ],
)
def plan_inputs(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult]:
    """Validate the plans and write them, with the run's dates and fingerprint, where dbt reads them."""
    settings = Settings.from_environment()
    try:
        parameters = run_parameters(settings)
        plans = plans_as_known(settings, parameters)
        write_inputs(settings.warehouse.inputs, plans, load_catalogue(), parameters=parameters)
        write_previous(settings.warehouse, previous_release(settings.warehouse, parameters))
    except IpwError as error:
        raise failure(error) from error
    for name in TABLES:
        yield dg.MaterializeResult(
            dg.AssetKey(["inputs", name]),
            metadata={"release_id": release_id(parameters), "as_of": str(parameters.as_of)},
        )
