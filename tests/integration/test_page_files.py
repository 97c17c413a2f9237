"""The page as files: every indicator has one, hostile text is only text, and a release always gives the same bytes."""

import shutil
from pathlib import Path

import duckdb
import pytest

from pipelines.release import page
from tests.support import query

pytestmark = pytest.mark.slow


def written(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def test_every_indicator_has_its_page_and_download(published: Path) -> None:
    made = published / "current" / "page"
    indicators = {name for (name,) in query(published, "select indicator_id from marts.dim_indicator")}
    assert {file.stem for file in (made / "indicator").glob("*.html")} == indicators
    assert {file.stem for file in (made / "data").glob("*.csv")} == indicators


def test_the_same_release_gives_the_same_page(published: Path, tmp_path: Path) -> None:
    page.write(tmp_path, (published / "marts.duckdb").resolve())
    assert written(tmp_path / "page") == written((published / "current" / "page").resolve())


def test_text_of_a_delivery_or_plan_is_never_markup_or_script(published: Path, tmp_path: Path) -> None:
    hostile = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"
    marts = tmp_path / "marts.duckdb"
    shutil.copyfile((published / "marts.duckdb").resolve(), marts)
    with duckdb.connect(str(marts)) as connection:
        for table, column in [
            ("dim_indicator", "title_zh"), ("dim_plan_target", "title_zh"), ("dim_plan_target", "wording"),
            ("task_status", "title_zh"), ("fct_task_evidence", "title"), ("reconciliation", "document"),
            ("dim_region", "name_zh"), ("target_vs_actual", "reason_zh"),
        ]:  # fmt: skip
            connection.execute(f"update {table} set {column} = ?", [hostile])
    page.write(tmp_path, marts)
    for name, content in written(tmp_path / "page").items():
        if name.endswith((".html", "index.js")):
            assert b"<script>alert" not in content and b"<img src=x" not in content, name
