"""The sample city at scale 1, generated once for the tests of this folder."""

from pathlib import Path

import pytest

from pipelines.sample import SampleReport, generate


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> SampleReport:
    """Scale 1, the default seed."""
    folder: Path = tmp_path_factory.mktemp("sample") / "landing"
    return generate(folder)
