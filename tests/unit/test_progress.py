"""The lines of a run: where it stands, and how long is left once every step ahead has been timed."""

import json
import logging
from pathlib import Path
from types import SimpleNamespace

import dagster as dg
import pytest
from dagster import DagsterEventType

from pipelines.progress import ProgressHandler, keep_seconds, kept_seconds

STEPS = ["intake", "dbt_models", "release"]


def take(
    handler: ProgressHandler,
    step: str,
    *,
    ends: DagsterEventType = DagsterEventType.STEP_SUCCESS,
    reused: bool | None = None,
) -> None:
    """One step that makes a table, or finds that it has it."""
    known = {} if reused is None else {"reused": dg.MetadataValue.bool(reused)}
    table = SimpleNamespace(materialization=dg.AssetMaterialization(step, metadata=known))
    for kind in (DagsterEventType.STEP_START, DagsterEventType.ASSET_MATERIALIZATION, ends):
        record = logging.LogRecord("ipw", logging.INFO, "", 0, "", None, None)
        record.dagster_event = SimpleNamespace(event_type=kind, step_key=step, step_materialization_data=table)
        handler.emit(record)


def test_what_is_left_is_what_the_steps_ahead_took(capsys: pytest.CaptureFixture[str]) -> None:
    handler = ProgressHandler(STEPS, {"intake": 5.0, "dbt_models": 40.4, "release": 8.0, "gone": 99.0})
    for step in STEPS:
        take(handler, step)
    first, second, last = capsys.readouterr().err.splitlines()
    assert first.startswith("    1/3 ✓ intake") and first.endswith("about 48 s left")
    assert second.endswith("about 8 s left")
    assert last.startswith("    3/3 ✓ release") and last.endswith("1 tables")


def test_without_a_time_for_every_step_ahead_nothing_is_guessed(capsys: pytest.CaptureFixture[str]) -> None:
    handler = ProgressHandler(STEPS, {"release": 8.0})
    take(handler, "intake")
    take(handler, "dbt_models", ends=DagsterEventType.STEP_FAILURE)
    first, second = capsys.readouterr().err.splitlines()
    assert "left" not in first and "2/3 ✗ dbt_models" in second and second.endswith("about 8 s left")


@pytest.mark.parametrize(("reused", "said"), [(True, "1 tables (1 reused)"), (False, "1 tables"), (None, "1 tables")])
def test_a_step_says_how_much_of_it_is_reused(
    reused: bool | None, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    take(ProgressHandler(STEPS), "dbt_models", reused=reused)
    assert capsys.readouterr().err.rstrip().endswith(said)


def test_seconds_are_kept_for_the_next_run(tmp_path: Path) -> None:
    def event(step: str, milliseconds: float, is_success: bool) -> SimpleNamespace:
        success = SimpleNamespace(duration_ms=milliseconds)
        return SimpleNamespace(step_key=step, step_success_data=success, is_step_success=is_success)

    kept = tmp_path / "timings.json"
    assert kept_seconds(kept) == {}
    keep_seconds(kept, SimpleNamespace(all_events=[event("intake", 1234.5, True), event("intake", 9.0, False)]))
    assert kept_seconds(kept) == {"intake": 1.2}
    kept.write_text(json.dumps({"intake": 1})[:5])  # the run was killed while it wrote
    assert kept_seconds(kept) == {}
