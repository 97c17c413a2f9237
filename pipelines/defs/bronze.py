"""One asset per source: new deliveries become bronze rows or quarantine. The work itself is in `pipelines.intake`."""

from collections.abc import Iterator

import dagster as dg

from pipelines.contracts.model import Contract
from pipelines.contracts.registry import contracts
from pipelines.defs.owners import owners
from pipelines.errors import BrokenInput, GateFailed, IpwError
from pipelines.intake.run import IntakeResult, ingest
from pipelines.lock import one_writer
from pipelines.plans import load_plan
from pipelines.quality.delivery_profiles import validate_deliveries
from pipelines.quality.failures import failure
from pipelines.settings import Settings

LOCK_WAIT_SECONDS = 600


def _bronze(contract: Contract) -> dg.AssetsDefinition:
    bronze, quarantine = (dg.AssetKey([layer, contract.source]) for layer in ("bronze", "quarantine"))

    @dg.multi_asset(
        name=f"intake_{contract.source}",
        description=f"Reads new deliveries of {contract.source}: {contract.grain}.",
        specs=[
            dg.AssetSpec(
                bronze,
                group_name="bronze",
                owners=owners("bronze"),
                kinds={"polars", "parquet"},
                description=f"{contract.title.zh} · {contract.title.en}. One row is {contract.grain}.",
            ),
            dg.AssetSpec(
                quarantine,
                group_name="bronze",
                owners=owners("bronze"),
                kinds={"polars", "parquet"},
                description=f"Rows of {contract.source} that could not be conformed, each with its reason.",
            ),
        ],
        check_specs=[
            dg.AssetCheckSpec(
                "files_accepted",
                asset=bronze,
                blocking=True,
                description="Every delivered file could be read and stayed within the reject share of its contract.",
            ),
            dg.AssetCheckSpec(
                "rows_accounted_for",
                asset=bronze,
                blocking=True,
                description="Per file: rows in = rows out + quarantined + exact duplicates.",
            ),
        ],
    )
    def intake(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
        settings = Settings.from_environment()
        try:
            with one_writer(settings.warehouse, LOCK_WAIT_SECONDS):
                result = ingest(
                    settings.warehouse,
                    contract.source,
                    landing=settings.landing,
                    until=settings.known_until(contract.source),
                    planned_regions=_planned_regions(contract, settings),
                )
        except IpwError as error:
            raise failure(error) from error
        _tag_run(context, contract.source, result)
        yield dg.MaterializeResult(bronze, metadata=_metadata(result), check_results=_checks(result, bronze))
        yield dg.MaterializeResult(quarantine, metadata={"dagster/row_count": result.rows("rows_quarantined")})
        if rejection := _rejection(result):
            raise failure(rejection)

    return intake


def _planned_regions(contract: Contract, settings: Settings) -> frozenset[str]:
    """Codes of the run's plans, for the sources that name regions: for the others no plan is read."""
    if all(field.type != "region" for field in contract.fields):
        return frozenset()
    return frozenset(region.code for name in settings.plans for region in load_plan(name).regions.ordered())


def _tag_run(context: dg.AssetExecutionContext, source: str, result: IntakeResult) -> None:
    """Let the run be found by what was delivered to it: a tag per source, its newest delivery date."""
    if result.files.height:
        newest = str(result.files["delivered_on"].max())
        context.instance.add_run_tags(context.run_id, {f"ipw/delivered_{source}": newest})


def _metadata(result: IntakeResult) -> dict[str, int]:
    return {
        "dagster/row_count": result.rows("rows_out"),
        "files": result.files.height,
        "rows_in": result.rows("rows_in"),
        "rows_quarantined": result.rows("rows_quarantined"),
        "rows_duplicate": result.rows("rows_duplicate"),
        "files_rejected": len(result.rejected),
    }


def _checks(result: IntakeResult, bronze: dg.AssetKey) -> list[dg.AssetCheckResult]:
    lost = result.unaccounted()
    return [
        dg.AssetCheckResult(
            check_name="files_accepted",
            asset_key=bronze,
            passed=not result.rejected,
            metadata={"files": result.files.height, "rejected": [r.message for r in result.rejected]},
        ),
        dg.AssetCheckResult(
            check_name="rows_accounted_for",
            asset_key=bronze,
            passed=not lost,
            metadata={"rows_in": result.rows("rows_in"), "files_that_do_not_add_up": lost},
        ),
    ]


def _rejection(result: IntakeResult) -> IpwError | None:
    if not result.rejected:
        return None
    kind = BrokenInput if any(r.is_unreadable for r in result.rejected) else GateFailed
    more = f" (and {len(result.rejected) - 1} more files: ipw rejects)" if len(result.rejected) > 1 else ""
    return kind(result.rejected[0].message + more)


def _delivery_profile(contract: Contract) -> dg.AssetChecksDefinition:
    @dg.asset_check(
        asset=["bronze", contract.source],
        name="delivery_profile",
        blocking=True,
        description="Great Expectations on the profile of every delivery, against the contract and earlier deliveries.",
    )
    def delivery_profile() -> dg.AssetCheckResult:
        settings = Settings.from_environment()
        verdicts = validate_deliveries(settings.warehouse, contract, until=settings.known_until(contract.source))
        failures = [line for verdict in verdicts for line in verdict.failures]
        return dg.AssetCheckResult(
            passed=all(verdict.passed for verdict in verdicts),
            metadata={"expectations": sum(v.evaluated for v in verdicts), "failures": failures},
            description="; ".join(failures) or None,
        )

    return delivery_profile


bronze_assets = [_bronze(contract) for contract in contracts().values()]
delivery_profiles = [_delivery_profile(contract) for contract in contracts().values()]


@dg.multi_asset(
    name="delivery_ledger",
    specs=[
        dg.AssetSpec(
            ["bronze", name],
            deps=[dg.AssetKey(["bronze", source]) for source in contracts()],
            group_name="bronze",
            owners=owners("bronze"),
            kinds={"parquet"},
            description=text,
        )
        for name, text in {
            "delivered_files": "The intake ledger: one row per delivered file, how it was read, what its rows became.",
            "delivered_fields": "The profile of each delivery: one row per file and contract field.",
        }.items()
    ],
)
def delivery_ledger() -> Iterator[dg.MaterializeResult]:
    """Intake writes the ledger batch by batch; this names it in the graph, with its size, once all sources are in."""
    from pipelines.intake.bronze import delivered_fields, delivered_files

    warehouse = Settings.from_environment().warehouse
    for name, frame in {
        "delivered_files": delivered_files(warehouse),
        "delivered_fields": delivered_fields(warehouse),
    }.items():
        yield dg.MaterializeResult(dg.AssetKey(["bronze", name]), metadata={"dagster/row_count": frame.height})
