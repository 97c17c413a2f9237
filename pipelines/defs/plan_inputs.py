"""Plan, catalogue and run parameters as tables for dbt. Reading plans lives in `pipelines.plans`."""

from collections.abc import Iterator

import dagster as dg

from pipelines.contracts.registry import contracts
from pipelines.errors import IpwError
from pipelines.fingerprint import release_id, run_parameters
from pipelines.plans import load_catalogue, load_plan, write_inputs
from pipelines.plans.tables import SCHEMAS
from pipelines.quality.failures import failure
from pipelines.settings import Settings


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
        for name, columns in SCHEMAS.items()
    ],
)
def plan_inputs(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult]:
    """Validate the plans and write them, with the run's dates and fingerprint, where dbt reads them."""
    settings = Settings.from_environment()
    try:
        parameters = run_parameters(settings)
        plans = [load_plan(name) for name in settings.plans]
        write_inputs(settings.warehouse.inputs, plans, load_catalogue(), parameters=parameters)
    except IpwError as error:
        raise failure(error) from error
    for name in SCHEMAS:
        yield dg.MaterializeResult(
            dg.AssetKey(["inputs", name]),
            metadata={"release_id": release_id(parameters), "as_of": str(parameters.as_of)},
        )
