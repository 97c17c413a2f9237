"""An empty warehouse for each test."""

from pathlib import Path

import pytest

from pipelines.paths import Warehouse


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path / "warehouse")
