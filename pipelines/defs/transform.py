"""The dbt models as assets and the dbt tests as blocking asset checks. The SQL is in `dbt_project/`.

Made from the compiled project alone: dbt itself is not loaded, which saves a run four seconds.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import dagster as dg

from pipelines.defs.bronze import LOCK_WAIT_SECONDS
from pipelines.defs.owners import owners
from pipelines.errors import GateFailed
from pipelines.lock import one_writer
from pipelines.quality.failures import failure
from pipelines.settings import Settings
from pipelines.transform import Outcome, build_models, manifest_file, require_built, row_counts

UNIQUE_ID = "dbt/unique_id"
"""Metadata of every asset and check made from a dbt node: which node."""

Properties = Mapping[str, Any]
"""A node as dbt's manifest describes it."""

Settings.from_environment().export()
MANIFEST = manifest_file()


def _layer(node: Properties) -> str:
    """The folder; of a source its schema."""
    if node["resource_type"] == "source":
        return str(node["source_name"])
    return "seeds" if node["resource_type"] == "seed" else str(node["fqn"][1])


def _key(node: Properties) -> dg.AssetKey:
    """`staging/stg_…`, `marts/fct_…`, `seeds/…`; sources as `bronze/…`, `inputs/…`, `quarantine/…`."""
    return dg.AssetKey([_layer(node), node["name"]])


def _asset(node: Properties, known: Mapping[str, Properties]) -> dg.AssetSpec:
    columns = [
        dg.TableColumn(one["name"], type=one["data_type"] or "?", description=one["description"] or None)
        for one in node["columns"].values()
    ]
    code = f"\n\n```sql\n{node['raw_code']}\n```" if node["raw_code"] else ""
    return dg.AssetSpec(
        _key(node),
        deps=[_key(known[parent]) for parent in node["depends_on"].get("nodes", [])],
        group_name=_layer(node),
        owners=owners(_layer(node)),
        kinds={"dbt", "duckdb"},
        code_version=node["checksum"]["checksum"],
        description=f"{node['description'] or node['name']}{code}",
        metadata={
            UNIQUE_ID: node["unique_id"],
            "dagster/table_name": f"{node['schema']}.{node['name']}",
            **({"dagster/column_schema": dg.TableSchema(columns=columns)} if columns else {}),
        },
    )


def _check(node: Properties, known: Mapping[str, Properties]) -> dg.AssetCheckSpec:
    """A generic test is a check of its model; one written by hand names in its `meta` the table it speaks of."""
    parents = [known[parent] for parent in node["depends_on"]["nodes"]]
    asset = _key(known[node["attached_node"]]) if node.get("attached_node") else _named_in_meta(node, parents)
    return dg.AssetCheckSpec(
        node["name"],
        asset=asset,
        additional_deps=sorted({_key(parent) for parent in parents} - {asset}),
        blocking=True,
        description=node["description"] or None,
        metadata={UNIQUE_ID: node["unique_id"]},
    )


def _named_in_meta(node: Properties, parents: list[Properties]) -> dg.AssetKey:
    name = node["config"]["meta"]["dagster"]["ref"]["name"]
    return next(_key(parent) for parent in parents if parent["name"] == name)


@cache  # no list of the module: Dagster would take assets it finds there as assets of their own
def _specs() -> tuple[list[dg.AssetSpec], list[dg.AssetCheckSpec]]:
    manifest = json.loads(MANIFEST.read_bytes())
    known = manifest["sources"] | manifest["nodes"]
    tables = [_asset(node, known) for node in manifest["nodes"].values() if node["resource_type"] in ("seed", "model")]
    return tables, [_check(node, known) for node in known.values() if node["resource_type"] == "test"]


@dg.multi_asset(name="dbt_models", specs=_specs()[0], check_specs=_specs()[1], can_subset=True)
def dbt_models(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """Seeds, models and their data tests as dbt compiled them, in dependency order; what is on record is reused."""
    settings = Settings.from_environment()
    with one_writer(settings.warehouse, LOCK_WAIT_SECONDS):
        outcomes = build_models(settings, _selection(context))
        rows = row_counts(settings.warehouse.build_database)
    yield from _events(context, outcomes, rows)
    try:
        require_built(outcomes)
    except GateFailed as error:
        raise failure(error) from error
    if any(not one.passed for one in outcomes):
        raise dg.Failure("dbt tests failed or were skipped", allow_retries=False)


def _nodes(context: dg.AssetExecutionContext) -> tuple[dict[str, dg.AssetKey], dict[str, dg.AssetCheckKey]]:
    """The nodes this step is asked for, by dbt's unique id: tables and checks."""
    tables, checks = _specs()
    return (
        {str(one.metadata[UNIQUE_ID]): one.key for one in tables if one.key in context.selected_asset_keys},
        {str(one.metadata[UNIQUE_ID]): one.key for one in checks if one.key in context.selected_asset_check_keys},
    )


def _selection(context: dg.AssetExecutionContext) -> list[str]:
    """Names of the nodes to build; empty when the run asks for all of them."""
    tables, checks = _nodes(context)
    all_tables, all_checks = _specs()
    if len(tables) == len(all_tables) and len(checks) == len(all_checks):
        return []
    return [key.path[-1] for key in tables.values()] + [key.name for key in checks.values()]


def _events(
    context: dg.AssetExecutionContext, outcomes: list[Outcome], rows: Mapping[str, int]
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """What Dagster keeps of each node, its numbers drawn over time in the UI.

    A node that was skipped leaves no event, so it can never count as passed.
    """
    tables, checks = _nodes(context)
    for one in outcomes:
        if one.unique_id in tables and one.passed:
            key = tables[one.unique_id]
            counted = {"dagster/row_count": rows[key.path[-1]]} if key.path[-1] in rows else {}
            yield dg.MaterializeResult(key, metadata={"seconds": one.seconds, "reused": one.reused, **counted})
        elif one.unique_id in checks and one.status != "skipped":
            yield dg.AssetCheckResult(
                asset_key=checks[one.unique_id].asset_key,
                check_name=checks[one.unique_id].name,
                passed=one.passed,
                metadata={"status": one.status, "seconds": one.seconds, "reused": one.reused},
                description=one.message or None,
            )
