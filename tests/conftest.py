"""Fixtures shared by all tests: real deliveries, the sample city run once as a user runs it, and what may be skipped."""

import json
import os
import pickle
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
from filelock import FileLock

from tests import small
from tests.support import ipw

if TYPE_CHECKING:
    from pipelines.sample import SampleReport

REPO = Path(__file__).resolve().parents[1]
hypothesis.settings.register_profile(
    "busy", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)  # how long drawing a value takes says something about the machine
hypothesis.settings.load_profile("busy")
LONGEST = (
    "integration/test_story.py",
    "faults/test_interruptions.py",
    "integration/test_determinism.py",
    "integration/test_reuse.py",
    "dbt/test_dbt_tests.py",
    "faults/test_gates_hold.py",
    "integration/test_past_releases.py",
    "sample/test_deliveries.py",
    "integration/test_sample_known_earlier.py",
    "integration/test_exports.py",
    "integration/test_docs_city.py",
    "integration/test_docs_commands.py",
    "browser/test_page.py",
    "browser/test_superset.py",
    "integration/test_other_plans.py",
    "integration/test_postgres.py",
)
"""Files that take longest: begun first, so that no worker is left with one when the others have finished."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first; all else stays in its order."""
    place = {REPO / "tests" / file: nth for nth, file in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path, len(LONGEST)))


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
    return folder / f"{file.stem}.{kind.partition(chr(58))[0]}"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of real deliveries beside the checkout; they are not ours to redistribute, so they are read in place."""
    folder = Path(os.environ.get("IPW_SHARED_DATA", REPO.parent / "shared" / "data"))
    if not folder.is_dir():
        skip_or_fail(f"no real deliveries at {folder}")
    return folder


Once = Callable[[str, Callable[[Path], object]], Path]


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """Gives a folder by name, which is filled by whoever of all workers asks for it first. Nobody changes it then."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def made(name: str, fill: Callable[[Path], object]) -> Path:
        folder, mark = shared / "once" / name, shared / "once" / f"{name}.made"
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(mark.with_suffix(".lock")):
            if not mark.exists():
                fill(folder)
                mark.touch()
        return folder

    return made


@pytest.fixture(scope="session")
def sample_run(once: Once) -> Path:
    """A folder with the warehouse in which `ipw run` made the sample city and published it, and how that ended.

    IPW_SAMPLE_CITY may name a warehouse in which this code has made it already; a run over a copy then finds nothing
    new and says the same.
    """

    def run(folder: Path) -> None:
        if made := os.environ.get("IPW_SAMPLE_CITY"):
            shutil.copytree(made, folder / "warehouse", symlinks=True)
        outcome = ipw(folder / "warehouse", "run")
        said = [outcome.args, outcome.returncode, outcome.stdout, outcome.stderr]
        (folder / "outcome.json").write_text(json.dumps(said), "utf-8")

    return once("sample_run", run)


@pytest.fixture(scope="session")
def first_run(sample_run: Path) -> subprocess.CompletedProcess[str]:
    """The outcome of that run, which ended well."""
    outcome = subprocess.CompletedProcess(*json.loads((sample_run / "outcome.json").read_text("utf-8")))
    assert outcome.returncode == 0, outcome.stderr[-4000:]
    return outcome


@pytest.fixture(scope="session")
def sample_warehouse(sample_run: Path, first_run: subprocess.CompletedProcess[str]) -> Path:
    """The warehouse of that run, with its landing and its release; nobody changes it."""
    return sample_run / "warehouse"


@pytest.fixture(scope="session")
def sample(once: Once) -> "SampleReport":
    """The sample city at scale 1 and the default seed with its story, drawn apart from any run."""
    from pipelines.sample import generate  # not by all who only ask for other things of this file

    def draw(folder: Path) -> None:
        (folder / "report").write_bytes(pickle.dumps(generate(folder / "landing", with_story=True)))

    report: SampleReport = pickle.loads((once("drawn", draw) / "report").read_bytes())
    return report


@pytest.fixture(scope="session")
def small_city(once: Once) -> Path:
    """A folder with a landing of three rows and a warehouse in which their release was published."""

    def publish(folder: Path) -> None:
        small.deliver_to(folder / "landing")
        outcome = ipw(folder / "warehouse", "run", "--landing", str(folder / "landing"))
        assert outcome.returncode == 0, outcome.stderr[-4000:]

    return once("small_city", publish)


@pytest.fixture
def published(sample_warehouse: Path) -> Path:
    """The sample warehouse with its release."""
    return sample_warehouse
