"""Fixtures shared by all tests: real deliveries, the sample city run once as a user runs it, and what may be skipped."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from filelock import FileLock

from tests.support import ipw

REPO = Path(__file__).resolve().parents[1]
LONGEST = (
    "test_story.py",
    "test_interruptions.py",
    "test_docs_city.py",
    "test_determinism.py",
    "test_past_releases.py",
    "test_sample_known_earlier.py",
)
"""Files of whole pipeline runs: begun first, so that no worker is left with one when the others have finished."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first; all else stays in its order."""
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))


def skip_or_fail(reason: str) -> None:
    """Skip with a word on a user's machine; where everything is promised to be installed, a skip is a failure."""
    if os.environ.get("IPW_REQUIRE_ALL"):
        pytest.fail(f"required here, not available: {reason}")
    pytest.skip(reason)


def converted(file: Path, kind: str, folder: Path) -> Path:
    """What LibreOffice makes of an office file: `kind` is xlsx, pdf and the like; with a profile of its own."""
    if not (soffice := shutil.which("soffice")):
        skip_or_fail("no LibreOffice on this machine (Debian: apt-get install libreoffice-calc libreoffice-writer)")
    subprocess.run(
        [soffice, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
         "--convert-to", kind, "--outdir", str(folder), str(file)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return folder / f"{file.stem}.{kind}"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of real deliveries beside the checkout; they are not ours to redistribute, so they are read in place."""
    folder = Path(os.environ.get("IPW_SHARED_DATA", REPO.parent / "shared" / "data"))
    if not folder.is_dir():
        skip_or_fail(f"no real deliveries at {folder}")
    return folder


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
