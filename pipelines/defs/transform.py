"""The dbt models as assets and the dbt tests as blocking asset checks. The SQL is in `dbt_project/`.

Made from the compiled project alone: dbt itself is not loaded, which saves a run four seconds.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import dagster as dg

from pipelines.defs.bronze import LOCK_WAIT_SECONDS
from pipelines.defs.owners import owners
from pipelines.errors import GateFailed
from pipelines.lock import one_writer
from pipelines.quality.failures import failure
from pipelines.settings import Settings
from pipelines.transform import Outcome, build_models, manifest, require_built, row_counts

UNIQUE_ID = "dbt/unique_id"
"""Metadata of every asset made from a dbt node: which node."""
TESTS = "dbt/tests"
"""Metadata of every check: the unique ids of the tests it is made of."""

Properties = Mapping[str, Any]
"""A node as dbt's manifest describes it."""

Settings.from_environment().export()


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


def _judges(test: Properties, known: Mapping[str, Properties]) -> dg.AssetCheckKey:
    """The check that a test is part of: a generic test of its table's `data_tests`, as Dagster pays for each check;
    one written by hand is a check of its own, of the table that its `meta` names."""
    if test.get("attached_node"):
        return dg.AssetCheckKey(_key(known[test["attached_node"]]), "data_tests")
    name = test["config"]["meta"]["dagster"]["ref"]["name"]
    parents = (known[parent] for parent in test["depends_on"]["nodes"])
    return dg.AssetCheckKey(next(_key(parent) for parent in parents if parent["name"] == name), test["name"])


def _check(key: dg.AssetCheckKey, tests: Sequence[Properties], known: Mapping[str, Properties]) -> dg.AssetCheckSpec:
    parents = {_key(known[parent]) for test in tests for parent in test["depends_on"]["nodes"]}
    return dg.AssetCheckSpec(
        key.name,
        asset=key.asset_key,
        additional_deps=sorted(parents - {key.asset_key}),
        blocking=True,
        description=tests[0]["description"] or f"dbt: {', '.join(test['name'] for test in tests)}",
        metadata={TESTS: [test["unique_id"] for test in tests]},
    )


@cache  # no list of the module: Dagster would take assets it finds there as assets of their own
def _specs() -> tuple[list[dg.AssetSpec], list[dg.AssetCheckSpec]]:
    content = manifest()
    known = content["sources"] | content["nodes"]
    tables = [_asset(node, known) for node in content["nodes"].values() if node["resource_type"] in ("seed", "model")]
    tests: dict[dg.AssetCheckKey, list[Properties]] = {}
    for node in known.values():
        if node["resource_type"] == "test":
            tests.setdefault(_judges(node, known), []).append(node)
    return tables, [_check(key, some, known) for key, some in tests.items()]


def checks_by_test() -> dict[str, dg.AssetCheckKey]:
    """dbt's unique id of each data test → the check it is part of."""
    return {test: spec.key for spec in _specs()[1] for test in spec.metadata[TESTS]}


def outcomes_by_check(outcomes: Iterable[Outcome]) -> dict[dg.AssetCheckKey, list[Outcome]]:
    """What became of the data tests that each check is made of."""
    checks, judged = checks_by_test(), dict[dg.AssetCheckKey, list[Outcome]]()
    for one in outcomes:
        if one.unique_id in checks:
            judged.setdefault(checks[one.unique_id], []).append(one)
    return judged


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


def _selection(context: dg.AssetExecutionContext) -> list[str]:
    """Names of the nodes to build; empty when the run asks for all of them."""
    tables = [key.path[-1] for key in context.selected_asset_keys]
    tests = [test for test, key in checks_by_test().items() if key in context.selected_asset_check_keys]
    if len(tables) == len(_specs()[0]) and len(tests) == len(checks_by_test()):
        return []
    return tables + [test.split(".")[2] for test in tests]


def _events(
    context: dg.AssetExecutionContext, outcomes: list[Outcome], rows: Mapping[str, int]
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """What Dagster keeps of each table and check, its numbers drawn over time in the UI.

    A node that was skipped leaves no event, so it can never count as passed; nor does a check of which one was.
    """
    tables = {str(spec.metadata[UNIQUE_ID]): spec.key for spec in _specs()[0]}
    for one in outcomes:
        if one.passed and tables.get(one.unique_id) in context.selected_asset_keys:
            key = tables[one.unique_id]
            counted = {"dagster/row_count": rows[key.path[-1]]} if key.path[-1] in rows else {}
            part = {"partitions": one.partitions} if one.partitions else {}
            yield dg.MaterializeResult(key, metadata={"seconds": one.seconds, "reused": one.reused, **part, **counted})
    for check, tests in outcomes_by_check(outcomes).items():
        if check in context.selected_asset_check_keys and all(one.status != "skipped" for one in tests):
            yield _verdict(check, tests)


def _verdict(check: dg.AssetCheckKey, tests: Sequence[Outcome]) -> dg.AssetCheckResult:
    failures = [one.fault for one in tests if not one.passed]
    return dg.AssetCheckResult(
        asset_key=check.asset_key,
        check_name=check.name,
        passed=not failures,
        metadata={
            "tests": {one.name: one.status for one in tests},
            "seconds": sum(one.seconds for one in tests),
            "reused": all(one.reused for one in tests),
        },
        description="; ".join(failures) or None,
    )
