"""The dbt models as assets and the dbt tests as blocking asset checks. The SQL is in `dbt_project/`."""

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, dbt_assets

from pipelines.defs.bronze import LOCK_WAIT_SECONDS
from pipelines.defs.owners import owners
from pipelines.errors import GateFailed
from pipelines.lock import one_writer
from pipelines.quality.failures import failure
from pipelines.settings import Settings
from pipelines.transform import Outcome, build_models, manifest_file, require_built, row_counts

UNIQUE_ID = "dagster_dbt/unique_id"
"""Metadata of every asset and check made from a dbt node: which node."""


class Translator(DagsterDbtTranslator):
    """Names, groups and kinds of dbt resources in the graph: `[layer, table]`, the layer being the folder."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """`staging/stg_…`, `marts/fct_…`, `seeds/…`; sources as `bronze/…`, `inputs/…`, `quarantine/…`."""
        return dg.AssetKey([_layer(dbt_resource_props), dbt_resource_props["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """The layer."""
        return _layer(dbt_resource_props)

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        """Whom to ask about the layer."""
        return owners(_layer(dbt_resource_props))


def _layer(props: Mapping[str, Any]) -> str:
    if props["resource_type"] == "source":
        return props["source_name"]
    return "seeds" if props["resource_type"] == "seed" else props["fqn"][1]


Settings.from_environment().export()
MANIFEST = manifest_file()


@dbt_assets(manifest=MANIFEST, dagster_dbt_translator=Translator(), name="dbt_models")
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
    definition = context.assets_def
    tables = {
        str(metadata[UNIQUE_ID]): key
        for key, metadata in definition.metadata_by_key.items()
        if key in context.selected_asset_keys
    }
    checks = {
        str(spec.metadata[UNIQUE_ID]): spec.key
        for spec in definition.check_specs
        if spec.key in context.selected_asset_check_keys
    }
    return tables, checks


def _selection(context: dg.AssetExecutionContext) -> list[str]:
    """Names of the nodes to build; empty when the run asks for all of them."""
    tables, checks = _nodes(context)
    definition = context.assets_def
    if len(tables) == len(list(definition.keys)) and len(checks) == len(list(definition.check_specs)):
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
            yield dg.MaterializeResult(
                key, metadata={"seconds": one.seconds, "reused": one.reused, "unique_id": one.unique_id, **counted}
            )
        elif one.unique_id in checks and one.status != "skipped":
            yield dg.AssetCheckResult(
                asset_key=checks[one.unique_id].asset_key,
                check_name=checks[one.unique_id].name,
                passed=one.passed,
                metadata={"status": one.status, "seconds": one.seconds, "reused": one.reused},
                description=one.message or None,
            )
