"""The sample city as it was known on an earlier day."""

import shutil
from pathlib import Path

import pytest

from tests.integration.test_sample_city import differences_from_truth
from tests.support import ipw

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def elsewhere(sample_warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the warehouse, so that its release in force can be another."""
    copy = tmp_path_factory.mktemp("elsewhere") / "warehouse"
    return Path(shutil.copytree(sample_warehouse, copy, symlinks=True))


def test_an_earlier_knowledge_date_gives_the_figures_known_then(elsewhere: Path) -> None:
    """As on 2021-01-20, before the spring's lapse notices: later deliveries are as if they did not exist."""
    outcome = ipw(elsewhere, "run", "--known-at", "2021-01-20")
    assert outcome.returncode == 0, outcome.stderr[-3000:]
    counted, wrong = differences_from_truth(elsewhere, elsewhere / "landing", "2021-01-20")
    assert counted > 1_000
    assert wrong.is_empty(), wrong.head(20)
    assert len(list((elsewhere / "releases").iterdir())) == 2  # the later release stays readable
