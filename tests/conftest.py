"""Fixtures shared by all tests: where the real deliveries are, and what may be skipped."""

import os
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[1]
LONGEST = (
    "test_story.py",
    "test_interruptions.py",
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


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of real deliveries beside the checkout; they are not ours to redistribute, so they are read in place."""
    folder = Path(os.environ.get("IPW_SHARED_DATA", REPO.parent / "shared" / "data"))
    if not folder.is_dir():
        skip_or_fail(f"no real deliveries at {folder}")
    return folder
