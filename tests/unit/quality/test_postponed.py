"""A module whose import is put off: there for whoever uses it, and not loaded for anybody else."""

import sys
from pathlib import Path

import pytest

from pipelines.quality.postponed import postponed


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "seldom_used.py").write_text("answer = 42\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "seldom_used", raising=False)
    return "seldom_used"


def test_it_is_loaded_by_the_first_question(module: str) -> None:
    with postponed(module):
        import seldom_used
    assert module not in sys.modules
    assert seldom_used.answer == 42
    assert sys.modules[module] is not seldom_used


def test_afterwards_it_is_imported_as_ever(module: str) -> None:
    with postponed(module):
        import seldom_used
    import seldom_used as itself

    assert itself is not seldom_used and itself.__file__


def test_one_that_is_loaded_already_stays(module: str) -> None:
    import seldom_used as before

    with postponed(module):
        import seldom_used
    assert seldom_used is before is sys.modules[module]


def test_what_it_does_not_have_it_does_not_have(module: str) -> None:
    with postponed(module):
        import seldom_used
    with pytest.raises(AttributeError):
        _ = seldom_used.question


def test_the_library_still_finds_what_was_put_off_for_it() -> None:
    import pandas as pd

    from pipelines.quality import library
    from pipelines.quality.suites import Expectation, Suite

    weights = {"values": ["a", "b"], "weights": [0.5, 0.5]}
    asked = Expectation(
        "ExpectColumnKLDivergenceToBeLessThan", {"column": "x", "partition_object": weights, "threshold": 0.1}, "even"
    )
    outcome = library.validate(Suite("drift", [asked], "", lambda: pd.DataFrame({"x": ["a", "b"] * 10})))
    assert outcome.verdict.passed
