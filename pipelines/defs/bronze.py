"""Bronze and quarantine of every source, made in one step. The work itself is in `pipelines.intake`."""

from collections.abc import Iterator, Mapping

import dagster as dg

from pipelines.contracts.model import Contract
from pipelines.contracts.registry import contracts
from pipelines.defs.owners import owners
from pipelines.defs.verdicts import judged
from pipelines.errors import BrokenInput, GateFailed, IpwError
from pipelines.intake.run import IntakeResult, ingest_all
from pipelines.lock import one_writer
from pipelines.plans import planned_regions
from pipelines.quality.delivery_profiles import validate_all_deliveries
from pipelines.quality.failures import failure
from pipelines.settings import Settings

LOCK_WAIT_SECONDS = 600


def _layer(layer: str, contract: Contract) -> dg.AssetKey:
    return dg.AssetKey([layer, contract.source])


def _assets(contract: Contract) -> Iterator[dg.AssetSpec]:
    yield dg.AssetSpec(
        _layer("bronze", contract),
        group_name="bronze",
        owners=owners("bronze"),
        kinds={"polars", "parquet"},
        description=f"{contract.title.zh} · {contract.title.en}. One row is {contract.grain}.",
    )
    yield dg.AssetSpec(
        _layer("quarantine", contract),
        group_name="bronze",
        owners=owners("bronze"),
        kinds={"polars", "parquet"},
        description=f"Rows of {contract.source} that could not be conformed, each with its reason.",
    )


def _gates(contract: Contract) -> Iterator[dg.AssetCheckSpec]:
    yield dg.AssetCheckSpec(
        "files_accepted",
        asset=_layer("bronze", contract),
        blocking=True,
        description="Every delivered file could be read and stayed within the reject share of its contract.",
    )
    yield dg.AssetCheckSpec(
        "rows_accounted_for",
        asset=_layer("bronze", contract),
        blocking=True,
        description="Per file: rows in = rows out + quarantined + exact duplicates.",
    )


@dg.multi_asset(
    name="intake",
    description="Reads what is new in landing, source by source; an error of one does not keep the others out.",
    specs=[spec for contract in contracts().values() for spec in _assets(contract)],
    check_specs=[spec for contract in contracts().values() for spec in _gates(contract)],
    can_subset=True,
)
def intake(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """New deliveries of the selected sources to bronze and quarantine; fails with the first error after all of them."""
    settings = Settings.from_environment()
    chosen = {key.path[-1] for key in context.selected_asset_keys}
    sources = [contract for contract in contracts().values() if contract.source in chosen]
    try:
        with one_writer(settings.warehouse, LOCK_WAIT_SECONDS):
            outcomes = ingest_all(
                settings.warehouse,
                [contract.source for contract in sources],
                landing=settings.landing,
                until=settings.known_until,
                planned_regions=planned_regions(settings.plans),
            )
    except IpwError as error:
        raise failure(error) from error
    done = {source: outcome for source, outcome in outcomes.items() if isinstance(outcome, IntakeResult)}
    _tag_run(context, done)
    for contract in sources:
        if contract.source in done:
            yield from _events(context, contract, done[contract.source])
    errors = [outcome if isinstance(outcome, IpwError) else _rejection(outcome) for outcome in outcomes.values()]
    if first := next(filter(None, errors), None):
        raise failure(first)


def _events(
    context: dg.AssetExecutionContext, contract: Contract, result: IntakeResult
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    bronze, quarantine = _layer("bronze", contract), _layer("quarantine", contract)
    if bronze in context.selected_asset_keys:
        yield dg.MaterializeResult(bronze, metadata=_metadata(result))
    yield from (check for check in _checks(result, bronze) if _key(check) in context.selected_asset_check_keys)
    if quarantine in context.selected_asset_keys:
        yield dg.MaterializeResult(quarantine, metadata={"dagster/row_count": result.rows("rows_quarantined")})


def _key(check: dg.AssetCheckResult) -> dg.AssetCheckKey:
    assert check.asset_key is not None and check.check_name is not None
    return dg.AssetCheckKey(check.asset_key, check.check_name)


def _tag_run(context: dg.AssetExecutionContext, results: Mapping[str, IntakeResult]) -> None:
    """Let the run be found by what was delivered to it: a tag per source, its newest delivery date."""
    tags = {
        f"ipw/delivered_{source}": str(result.files["delivered_on"].max())
        for source, result in results.items()
        if result.files.height
    }
    if tags:
        context.instance.add_run_tags(context.run_id, tags)


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


@dg.multi_asset_check(
    name="delivery_profiles",
    specs=[
        dg.AssetCheckSpec(
            "delivery_profile",
            asset=_layer("bronze", contract),
            blocking=True,
            description="Great Expectations on the profile of every delivery, against the contract and earlier ones.",
        )
        for contract in contracts().values()
    ],
    can_subset=True,
)
def delivery_profiles(context: dg.AssetCheckExecutionContext) -> Iterator[dg.AssetCheckResult]:
    """The verdicts of one pass over the profiles of the selected sources."""
    settings = Settings.from_environment()
    chosen = {key.asset_key.path[-1] for key in context.selected_asset_check_keys}
    sources = [contract for contract in contracts().values() if contract.source in chosen]
    verdicts = validate_all_deliveries(settings.warehouse, sources, until=settings.known_until)
    for contract in sources:
        yield judged(_layer("bronze", contract), "delivery_profile", verdicts[contract.source])


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
