"""The sample city, run once as a user runs it, for all tests that only look at the result."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from filelock import FileLock

from tests.support import ipw


@pytest.fixture(scope="session")
def sample_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse in which `ipw run` made the sample city and published its first release; one for all workers."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    return shared / "sample" / "warehouse"


@pytest.fixture(scope="session")
def first_run(sample_warehouse: Path) -> subprocess.CompletedProcess[str]:
    """The outcome of that first run.

    IPW_SAMPLE_CITY may name a warehouse in which this code has made it already; a run over a copy then finds nothing
    new and says the same.
    """
    kept = sample_warehouse.with_name("first_run.json")
    kept.parent.mkdir(exist_ok=True)
    with FileLock(kept.with_suffix(".lock")):
        if not kept.exists():
            if made := os.environ.get("IPW_SAMPLE_CITY"):
                shutil.copytree(made, sample_warehouse, symlinks=True)
            outcome = ipw(sample_warehouse, "run")
            kept.write_text(json.dumps([outcome.args, outcome.returncode, outcome.stdout, outcome.stderr]), "utf-8")
    outcome = subprocess.CompletedProcess(*json.loads(kept.read_text("utf-8")))
    assert outcome.returncode == 0, outcome.stderr[-4000:]
    return outcome


@pytest.fixture
def published(sample_warehouse: Path, first_run: subprocess.CompletedProcess[str]) -> Path:
    """The sample warehouse once it has a release."""
    return sample_warehouse
