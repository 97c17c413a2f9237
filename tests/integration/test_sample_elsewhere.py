"""The sample city's deliveries run once more: from another place, and as they were known on an earlier day."""

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.integration.test_sample_city import differences_from_truth
from tests.support import ipw

pytestmark = pytest.mark.slow


def hashes(folder: Path) -> dict[str, str]:
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted((folder / "parquet").glob("*.parquet"))
    } | {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in ("targets.csv", "datapackage.json")}


@pytest.fixture(scope="module")
def elsewhere(
    sample_warehouse: Path, first_run: subprocess.CompletedProcess[str], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Another warehouse, into which the same deliveries were run from another place."""
    folder = tmp_path_factory.mktemp("elsewhere")
    shutil.copytree(sample_warehouse / "landing", folder / "landing")
    outcome = ipw(folder / "warehouse", "run", "--landing", str(folder / "landing"))
    assert outcome.returncode == 0, outcome.stderr[-3000:]
    return folder / "warehouse"


def test_the_same_deliveries_give_the_same_bytes_elsewhere(published: Path, elsewhere: Path) -> None:
    here, there = (place / "current" for place in (published, elsewhere))
    assert here.resolve().name == there.resolve().name
    assert hashes(here) == hashes(there)


def test_an_earlier_knowledge_date_gives_the_figures_known_then(elsewhere: Path) -> None:
    """As on 2021-01-20, before the spring's lapse notices: later deliveries are as if they did not exist."""
    outcome = ipw(elsewhere, "run", "--landing", str(elsewhere.parent / "landing"), "--known-at", "2021-01-20")
    assert outcome.returncode == 0, outcome.stderr[-3000:]
    counted, wrong = differences_from_truth(elsewhere, elsewhere.parent / "landing", "2021-01-20")
    assert counted > 1_000
    assert wrong.is_empty(), wrong.head(20)
    assert len(list((elsewhere / "releases").iterdir())) == 2  # the later release stays readable
