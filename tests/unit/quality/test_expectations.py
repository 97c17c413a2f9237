"""The wrapper round Great Expectations: verdicts are sentences, nothing evaluated is not a pass."""

from pathlib import Path

import pandas as pd
import pytest

from pipelines.quality.expectations import Expectation, Verdict, build_data_docs, validate
from pipelines.quality.marts import MART_EXPECTATIONS

SHARE = Expectation("ExpectColumnValuesToBeBetween", {"column": "share", "max_value": 0.05}, "at most 5% rejected")


def test_a_failure_says_where_why_and_what_was_seen(tmp_path: Path) -> None:
    verdict = validate("files", pd.DataFrame({"share": [0.0, 0.2]}), [SHARE], tmp_path)
    assert not verdict.passed
    assert verdict.failures == ("files: share: at most 5% rejected (seen: [0.2])",)


def test_a_missing_column_is_a_failure_not_a_pass(tmp_path: Path) -> None:
    verdict = validate("files", pd.DataFrame({"other": [1]}), [SHARE], tmp_path)
    assert not verdict.passed


def test_nothing_evaluated_is_not_a_pass() -> None:
    assert not Verdict("files", 0, ()).passed


def test_data_docs_show_only_the_latest_result_of_each_suite(tmp_path: Path) -> None:
    validate("files", pd.DataFrame({"share": [0.2]}), [SHARE], tmp_path / "gates")
    assert validate("files", pd.DataFrame({"share": [0.0]}), [SHARE], tmp_path / "gates").passed
    build_data_docs(tmp_path / "gates", tmp_path / "docs")
    assert (tmp_path / "docs" / "index.html").exists()
    assert len(list((tmp_path / "docs" / "validations").rglob("*.html"))) == 1


def test_what_a_killed_run_left_half_written_stops_no_later_run(tmp_path: Path) -> None:
    validate("files", pd.DataFrame({"share": [0.0]}), [SHARE], tmp_path / "gates")
    for half in (".unfinished-files/gx/expectations/files.json", ".data_docs/gx/great_expectations.yml"):
        (tmp_path / "gates" / half).parent.mkdir(parents=True)
        (tmp_path / "gates" / half).write_text("")
    assert validate("files", pd.DataFrame({"share": [0.0]}), [SHARE], tmp_path / "gates").passed
    build_data_docs(tmp_path / "gates", tmp_path / "docs")
    assert len(list((tmp_path / "docs" / "validations").rglob("*.html"))) == 1


@pytest.mark.parametrize("mart", MART_EXPECTATIONS)
def test_every_declared_mart_expectation_is_one_the_library_knows(mart: str) -> None:
    import great_expectations as gx

    for expectation in MART_EXPECTATIONS[mart]:
        getattr(gx.expectations, expectation.kind)(**expectation.arguments)
