"""The sample city as it was known on an earlier day."""

import os
import shutil
from pathlib import Path

import pytest

from pipelines.settings import Settings
from tests.building import build, settings_of
from tests.integration.test_sample_city import differences_from_truth

pytestmark = pytest.mark.slow

DAY = "2021-01-20"


@pytest.fixture(scope="module")
def earlier(sample_warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """As of that day, built apart from the sample's own build, of which it takes over what the day leaves as it is."""
    copy = tmp_path_factory.mktemp("elsewhere")
    for kept in ("bronze", "quarantine"):
        shutil.copytree(sample_warehouse / kept, copy / kept, copy_function=os.link)  # files there are never changed
    shutil.copytree(sample_warehouse / "build", copy / "build")
    settings = settings_of(copy, sample_warehouse / "landing", IPW_KNOWN_AT=DAY)
    build(settings)
    return settings


def test_an_earlier_knowledge_date_gives_the_figures_known_then(earlier: Settings) -> None:
    """Before the spring's lapse notices: later deliveries are as if they did not exist."""
    counted, wrong = differences_from_truth(earlier.warehouse.build_database, earlier.landing, DAY)
    assert counted > 1_000
    assert wrong.is_empty(), wrong.head(20)
