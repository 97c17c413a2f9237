"""What Dagster keeps of the data tests: one check a table, which passes only when each of its tests ran and passed."""

from types import SimpleNamespace

import dagster as dg
import pytest

from pipelines.defs.transform import _events, _selection, _specs, checks_by_test
from pipelines.transform import Outcome

TABLE = dg.AssetKey(["marts", "fct_pledge"])
CHECK = dg.AssetCheckKey(TABLE, "data_tests")
TESTS = [test for test, check in checks_by_test().items() if check == CHECK]


def context(*, tables: bool = True, checks: bool = True) -> SimpleNamespace:
    """A step that was asked for one table, its check, both or neither."""
    return SimpleNamespace(
        selected_asset_keys={TABLE} if tables else set(), selected_asset_check_keys={CHECK} if checks else set()
    )


def outcomes(**status: str) -> list[Outcome]:
    """The table was made, its tests passed, but for those whose status is given by their place in order."""
    made = Outcome("model.ip_plan.fct_pledge", "model", "success", "", 0.1)
    words = [status.get(f"test_{n}", "pass") for n, _ in enumerate(TESTS)]
    return [
        made,
        *(Outcome(test, "test", word, "", 0.1, word == "pass") for test, word in zip(TESTS, words, strict=True)),
    ]


def test_a_table_has_several_tests() -> None:
    assert len(TESTS) > 1


def test_one_check_for_all_of_them() -> None:
    made, judged = _events(context(), outcomes(), {"fct_pledge": 7})
    assert made.asset_key == TABLE and made.metadata["dagster/row_count"] == 7
    assert judged.check_name == "data_tests" and judged.passed
    assert set(judged.metadata["tests"].value) == {test.split(".")[2] for test in TESTS}
    assert judged.metadata["reused"].value is True


def test_one_that_fails_fails_the_check_and_is_named() -> None:
    _, judged = _events(context(), outcomes(test_1="fail"), {})
    assert not judged.passed
    assert TESTS[1].split(".")[2] in judged.description and TESTS[0].split(".")[2] not in judged.description


@pytest.mark.parametrize("others", ["pass", "fail"])
def test_one_that_was_skipped_leaves_no_verdict(others: str) -> None:
    assert len(list(_events(context(), outcomes(test_0="skipped", test_1=others), {}))) == 1


def test_nothing_is_said_of_what_was_not_asked_for() -> None:
    assert list(_events(context(tables=False, checks=False), outcomes(), {})) == []


def test_a_part_is_built_by_name_and_the_whole_without() -> None:
    asked = _selection(context())
    assert set(asked) == {"fct_pledge", *(test.split(".")[2] for test in TESTS)}
    everything = SimpleNamespace(
        selected_asset_keys={spec.key for spec in _specs()[0]}, selected_asset_check_keys={*checks_by_test().values()}
    )
    assert _selection(everything) == []
