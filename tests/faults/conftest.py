"""The small city with a release, for each test to break a copy of."""

import shutil
from pathlib import Path

import pytest


@pytest.fixture
def released(small_city: Path, tmp_path: Path) -> Path:
    """A copy of the small city of the test's own: `landing` and `warehouse` below it."""
    return Path(shutil.copytree(small_city, tmp_path / "city", symlinks=True))


@pytest.fixture
def landing(released: Path) -> Path:
    """Deliveries that passed every gate."""
    return released / "landing"


@pytest.fixture
def warehouse(released: Path) -> Path:
    """The warehouse with their release."""
    return released / "warehouse"
