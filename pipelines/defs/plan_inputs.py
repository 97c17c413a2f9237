"""Plan, catalogue and run parameters as tables for dbt. Reading plans lives in `pipelines.plans`."""

from collections.abc import Iterator

import dagster as dg

from pipelines.contracts.registry import contracts
from pipelines.defs.owners import owners
from pipelines.errors import IpwError
from pipelines.fingerprint import plans_as_known, release_id, run_parameters
from pipelines.history import PREVIOUS, previous_release, write_previous
from pipelines.plans import RunParameters, load_catalogue, write_inputs
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
            owners=owners("inputs"),
            kinds={"yaml", "parquet"},
            description=f"{name.replace('_', ' ').capitalize()}: columns {', '.join(columns)}.",
        )
        for name, columns in TABLES.items()
    ],
)
def plan_inputs(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult]:
    """Validate the plans and write them, with the run's dates and fingerprint, where dbt reads them."""
    try:
        parameters = write_all(Settings.from_environment())
    except IpwError as error:
        raise failure(error) from error
    tag_run(context, parameters)
    for name in TABLES:
        yield dg.MaterializeResult(
            dg.AssetKey(["inputs", name]),
            metadata={"release_id": release_id(parameters), "as_of": str(parameters.as_of)},
        )


def write_all(settings: Settings) -> RunParameters:
    """Write every table of TABLES into the build folder of these settings; returns the parameters among them.

    Raises ConfigError when a plan cannot be read or nothing was delivered.
    """
    parameters = run_parameters(settings)
    plans = plans_as_known(settings, parameters)
    write_inputs(settings.warehouse.inputs, plans, load_catalogue(), parameters=parameters)
    previous = previous_release(settings.warehouse, parameters, [plan.plan_id for plan in plans])
    write_previous(settings.warehouse, previous)
    return parameters


def tag_run(context: dg.AssetExecutionContext, parameters: RunParameters) -> None:
    """Let the run be found by the release it makes and by the days that release speaks of."""
    tags = {"release_id": release_id(parameters), "as_of": parameters.as_of, "known_at": parameters.known_at}
    context.instance.add_run_tags(context.run_id, {f"ipw/{name}": str(value) for name, value in tags.items()})
