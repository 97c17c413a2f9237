"""The small project in place of the real one."""

from pathlib import Path

import pytest

from tests.unit.transform.city import OPENING, City


@pytest.fixture
def city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> City:
    """A warehouse whose project a test may change."""
    city = City(tmp_path)
    monkeypatch.setattr("pipelines.transform.engine.nodes", lambda: city.project)
    monkeypatch.setattr("pipelines.transform.engine.opening_statement", lambda: OPENING)
    return city
