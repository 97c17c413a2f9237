"""A build or a release without a run: the same steps, but neither Dagster's record of them nor Great Expectations.

For tests of what the steps give; a run has about as much to do beside them.
"""

import os
from pathlib import Path
from unittest.mock import patch

from pipelines.contracts.registry import contracts
from pipelines.defs.plan_inputs import write_all
from pipelines.defs.release import GATES
from pipelines.intake.run import IntakeResult, ingest_all
from pipelines.release.publish import publish
from pipelines.settings import Settings
from pipelines.transform import build_models
from tests.support import environment


def settings_of(warehouse: Path, landing: Path, **more: str) -> Settings:
    """What a run over this warehouse and landing is about."""
    with patch.dict(os.environ, environment(warehouse, IPW_LANDING=str(landing), **more), clear=True):
        return Settings.from_environment()


def build(settings: Settings) -> None:
    """Bring bronze and the build up to date with all that was delivered, every data test passing."""
    outcomes = ingest_all(
        settings.warehouse, list(contracts()), landing=settings.landing, until=settings.known_until
    ).values()
    assert all(isinstance(outcome, IntakeResult) and not outcome.rejected for outcome in outcomes), outcomes
    write_all(settings)
    assert [one for one in build_models(settings) if not one.passed] == []


def release(settings: Settings) -> Path:
    """Build and publish; the release, which says that every gate was passed."""
    build(settings)
    return publish(settings, gates_passed=len(GATES)).folder
