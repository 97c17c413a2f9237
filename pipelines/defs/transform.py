"""The dbt models as assets and the dbt tests as blocking asset checks. The SQL is in `dbt_project/`."""

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtCliResource, dbt_assets

from pipelines.defs.bronze import LOCK_WAIT_SECONDS
from pipelines.lock import one_writer
from pipelines.settings import Settings
from pipelines.transform import dbt_project


class Translator(DagsterDbtTranslator):
    """Names, groups and kinds of dbt resources in the graph: `[layer, table]`, the layer being the folder."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """`staging/stg_…`, `marts/fct_…`, `seeds/…`; sources as `bronze/…`, `inputs/…`, `quarantine/…`."""
        return dg.AssetKey([_layer(dbt_resource_props), dbt_resource_props["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """The layer."""
        return _layer(dbt_resource_props)


def _layer(props: Mapping[str, Any]) -> str:
    if props["resource_type"] == "source":
        return props["source_name"]
    return "seeds" if props["resource_type"] == "seed" else props["fqn"][1]


Settings.from_environment().export()
PROJECT = dbt_project()


@dbt_assets(manifest=PROJECT.manifest_path, project=PROJECT, dagster_dbt_translator=Translator(), name="dbt_models")
def dbt_models(context: dg.AssetExecutionContext, dbt: DbtCliResource) -> Iterator[Any]:
    """One `dbt build`: seeds, models and their data tests in dependency order. Unit tests belong to `make test`."""
    warehouse = Settings.from_environment().warehouse
    with one_writer(warehouse, LOCK_WAIT_SECONDS):
        warehouse.build.mkdir(parents=True, exist_ok=True)
        arguments = ["build", "--exclude-resource-type", "unit_test"]
        yield from dbt.cli(arguments, context=context, target_path=warehouse.build / "dbt").stream()
