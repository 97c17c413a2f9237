"""The sample city, run once as a user runs it, for all tests that only look at the result."""

import subprocess
from pathlib import Path

import pytest

from tests.support import ipw


@pytest.fixture(scope="session")
def sample_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse in which `ipw run` made the sample city and published its first release."""
    return tmp_path_factory.mktemp("sample") / "warehouse"


@pytest.fixture(scope="session")
def first_run(sample_warehouse: Path) -> subprocess.CompletedProcess[str]:
    """The outcome of that first run."""
    outcome = ipw(sample_warehouse, "run")
    assert outcome.returncode == 0, outcome.stderr[-4000:]
    return outcome


@pytest.fixture
def published(sample_warehouse: Path, first_run: subprocess.CompletedProcess[str]) -> Path:
    """The sample warehouse once it has a release."""
    return sample_warehouse
