"""The last gate, inside publishing: every check of the graph ran on what is about to be published, and passed.

It asks Dagster's event log instead of trusting the selection, so that no partial run can walk round a gate.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import dagster as dg

from pipelines.errors import GateFailed


@dataclass(frozen=True)
class CheckState:
    """Latest outcome of one asset check, with the runs that made the check and the data it judged."""

    name: str
    status: str | None
    is_stale: bool


def check_states(instance: dg.DagsterInstance, keys: Iterable[dg.AssetCheckKey]) -> list[CheckState]:
    """Latest state of every check, in name order. Stale = the asset was materialised again by a later run."""
    wanted = sorted(keys, key=lambda key: key.to_user_string())
    latest = instance.event_log_storage.get_latest_asset_check_execution_by_key(wanted)
    made = instance.event_log_storage.get_latest_materialization_events({key.asset_key for key in wanted})
    return [_state(key, latest.get(key), made.get(key.asset_key)) for key in wanted]


def require_green(states: Sequence[CheckState]) -> int:
    """Number of gates passed. Raises GateFailed, naming every gate that is not green, when one is not."""
    refused = not_green(states)
    if refused or not states:
        raise GateFailed(f"publish refused: {'; '.join(refused) or 'no gate exists'}; the last release stays in place")
    return len(states)


def not_green(states: Iterable[CheckState]) -> list[str]:
    """Names of the checks that forbid publishing, each with the reason: failed, not run, or run on older data."""
    return [f"{state.name}: {reason}" for state in states if (reason := _reason(state))]


def _reason(state: CheckState) -> str | None:
    if state.status is None:
        return "never ran"
    if state.status != "SUCCEEDED":
        return state.status.lower()
    return "ran on an older build" if state.is_stale else None


def _state(key: dg.AssetCheckKey, record, made: dg.EventLogEntry | None) -> CheckState:  # type: ignore[no-untyped-def]
    name = key.to_user_string()
    if record is None:
        return CheckState(name, None, False)
    is_stale = made is not None and made.run_id != record.run_id and made.timestamp > record.create_timestamp
    return CheckState(name, record.status.value, is_stale)
