"""Publishing asks the event log: failed, never run and outdated checks forbid it, whatever was selected."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from pipelines.errors import GateFailed
from pipelines.quality.green import check_states, not_green, require_green

GATE_KEY = dg.AssetCheckKey(dg.AssetKey("table"), "gate")


def definitions(*, passes: bool, blocking: bool = True) -> dg.Definitions:
    @dg.asset
    def table() -> dg.MaterializeResult:
        return dg.MaterializeResult()

    @dg.asset_check(asset=table, blocking=blocking)
    def gate() -> dg.AssetCheckResult:
        return dg.AssetCheckResult(passed=passes)

    everything = dg.AssetSelection.all() | dg.AssetSelection.all_asset_checks()
    jobs = [
        dg.define_asset_job("everything", selection=everything),
        dg.define_asset_job("table_only", selection=dg.AssetSelection.assets(table).without_checks()),
    ]
    return dg.Definitions(assets=[table], asset_checks=[gate], jobs=jobs, executor=dg.in_process_executor)


def run(instance: dg.DagsterInstance, defs: dg.Definitions, job: str) -> None:
    defs.resolve_job_def(job).execute_in_process(instance=instance, raise_on_error=False)


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    with dg.instance_for_test(temp_dir=str(tmp_path)) as instance:
        yield instance


def test_a_passed_check_on_the_latest_build_is_green(instance: dg.DagsterInstance) -> None:
    run(instance, definitions(passes=True), "everything")
    assert require_green(check_states(instance, [GATE_KEY])) == 1


@pytest.mark.parametrize("blocking", [True, False])
def test_a_failed_check_forbids_publishing_even_when_it_does_not_block(
    instance: dg.DagsterInstance, blocking: bool
) -> None:
    run(instance, definitions(passes=False, blocking=blocking), "everything")
    with pytest.raises(GateFailed, match="table:gate: failed"):
        require_green(check_states(instance, [GATE_KEY]))


def test_a_check_that_was_not_selected_forbids_publishing(instance: dg.DagsterInstance) -> None:
    run(instance, definitions(passes=True), "table_only")
    assert not_green(check_states(instance, [GATE_KEY])) == ["table:gate: never ran"]


def test_a_check_made_on_an_older_build_forbids_publishing(instance: dg.DagsterInstance) -> None:
    defs = definitions(passes=True)
    run(instance, defs, "everything")
    run(instance, defs, "table_only")
    assert not_green(check_states(instance, [GATE_KEY])) == ["table:gate: ran on an older build"]


def test_no_check_at_all_is_not_a_pass(instance: dg.DagsterInstance) -> None:
    with pytest.raises(GateFailed, match="no gate exists"):
        require_green([])
