"""A recorded pass stands in for a validation of the same inputs, and for nothing else."""

from dataclasses import replace
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from pipelines.errors import GateFailed
from pipelines.quality import kept
from pipelines.quality.expectations import Expectation, Suite, Verdict, build_data_docs, validate, validate_suites
from pipelines.quality.marts import validate_marts

SHARE = Expectation("ExpectColumnValuesToBeBetween", {"column": "share", "max_value": 0.05}, "at most 5% rejected")
GOOD, ALSO_GOOD, BAD = (pd.DataFrame({"share": [share]}) for share in (0.0, 0.01, 0.2))


def never() -> pd.DataFrame:
    raise AssertionError("a frame was made although its suite is reused")


def test_the_same_content_is_reused_without_making_the_frame(tmp_path: Path) -> None:
    suite = Suite("files", [SHARE], "content", lambda: GOOD)
    first = validate_suites([suite], tmp_path)["files"]
    again = validate_suites([replace(suite, frame=never)], tmp_path)["files"]
    assert not first.reused
    assert again == replace(first, reused=True)
    assert again.passed


def test_changed_content_is_validated_again(tmp_path: Path) -> None:
    assert validate("files", GOOD, [SHARE], tmp_path).passed
    assert not validate("files", ALSO_GOOD, [SHARE], tmp_path).reused
    assert not validate("files", BAD, [SHARE], tmp_path).passed


@pytest.mark.parametrize(
    "changed",
    [
        replace(SHARE, arguments={"column": "share", "max_value": 0.06}),
        replace(SHARE, why="another reason"),
        replace(SHARE, kind="ExpectColumnValuesToNotBeNull", arguments={"column": "share"}),
    ],
)
def test_a_changed_expectation_is_validated_again(tmp_path: Path, changed: Expectation) -> None:
    validate("files", GOOD, [SHARE], tmp_path)
    assert not validate("files", GOOD, [changed], tmp_path).reused


def test_a_failure_is_never_reused(tmp_path: Path) -> None:
    for _ in range(2):
        verdict = validate("files", BAD, [SHARE], tmp_path)
        assert not verdict.passed
        assert not verdict.reused


def test_nothing_evaluated_is_never_reused(tmp_path: Path) -> None:
    kept.keep(tmp_path, "key", Verdict("files", 0, ()), {})
    assert kept.passed(tmp_path, "files", "key") is None


@pytest.mark.parametrize("name", ["verdict.json", "result.html", "expectations.html", "result.json"])
@pytest.mark.parametrize("content", [None, b"", b"{}", b"[1]"])
def test_a_damaged_result_is_none(tmp_path: Path, name: str, content: bytes | None) -> None:
    pages = {"result.html": b"r", "expectations.html": b"e", "result.json": b"j"}
    kept.keep(tmp_path, "key", Verdict("files", 1, ()), pages)
    assert kept.passed(tmp_path, "files", "key") == Verdict("files", 1, (), reused=True)
    damaged = tmp_path / "files" / name
    damaged.unlink() if content is None else damaged.write_bytes(content)
    assert kept.passed(tmp_path, "files", "key") is None
    with pytest.raises(GateFailed, match="no whole result of files"):
        build_data_docs(tmp_path, tmp_path / "docs", ["files"])


def test_a_damaged_result_is_made_again(tmp_path: Path) -> None:
    validate("files", GOOD, [SHARE], tmp_path)
    (tmp_path / "files" / "result.html").write_text("half", encoding="utf-8")
    verdict = validate("files", GOOD, [SHARE], tmp_path)
    assert verdict.passed
    assert not verdict.reused
    assert validate("files", GOOD, [SHARE], tmp_path).reused


def test_a_reused_suite_has_the_same_pages_as_a_validated_one(tmp_path: Path) -> None:
    for store in ("one", "one", "two"):
        validate("files", GOOD, [SHARE], tmp_path / store)
    for store in ("one", "two"):
        build_data_docs(tmp_path / store, tmp_path / f"docs-{store}")
    one, two = (
        {file.relative_to(docs).as_posix(): file.read_bytes() for file in docs.rglob("*") if file.is_file()}
        for docs in (tmp_path / "docs-one", tmp_path / "docs-two")
    )
    assert one == two
    assert len(one) == 3


def source_health(*rows: tuple[str, int]) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("create schema marts")
    connection.execute("create table marts.source_health (source text, freshness_days int, note text)")
    for row in rows:
        connection.execute("insert into marts.source_health values (?, ?, current_timestamp)", row)
    return connection


def test_a_mart_is_judged_again_only_if_a_column_that_is_asked_about_changed(tmp_path: Path) -> None:
    def verdict(*rows: tuple[str, int]) -> Verdict:
        with source_health(*rows) as connection:
            return validate_marts(connection, ["source_health"], tmp_path)["source_health"]

    assert not verdict(("patents", 1), ("deals", 2)).reused
    assert verdict(("deals", 2), ("patents", 1)).reused
    assert not verdict(("deals", 2), ("patents", 3)).reused
    assert not verdict(("deals", 2), ("deals", 2)).passed


def test_a_mart_whose_content_the_caller_knows_is_not_hashed(tmp_path: Path) -> None:
    keys = {"source_health": "as built"}
    with source_health(("patents", 1)) as connection:
        assert not validate_marts(connection, ["source_health"], tmp_path, content_keys=keys)["source_health"].reused
        assert validate_marts(connection, ["source_health"], tmp_path, content_keys=keys)["source_health"].reused
        assert not validate_marts(connection, ["source_health"], tmp_path)["source_health"].reused


def test_an_expected_column_that_a_mart_lacks_is_a_failure(tmp_path: Path) -> None:
    with source_health(("patents", 1)) as connection:
        connection.execute("alter table marts.source_health drop column freshness_days")
        verdict = validate_marts(connection, ["source_health"], tmp_path)["source_health"]
    assert not verdict.passed
    assert "freshness_days" in " ".join(verdict.failures)


def test_a_pass_in_which_everything_is_reused_never_imports_the_library(tmp_path: Path) -> None:
    import subprocess
    import sys

    validate("files", GOOD, [SHARE], tmp_path / "store")
    code = f"""
import sys
from pathlib import Path
import pandas as pd
from pipelines.quality.expectations import Expectation, build_data_docs, validate
share = Expectation({SHARE.kind!r}, {SHARE.arguments!r}, {SHARE.why!r})
store = Path({str(tmp_path / "store")!r})
assert validate("files", pd.DataFrame({{"share": [0.0]}}), [share], store).reused
build_data_docs(store, Path({str(tmp_path / "docs")!r}))
assert "great_expectations" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)
