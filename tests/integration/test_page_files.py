"""The page as files: every indicator has one, hostile text is only text, and a release always gives the same bytes."""

import json
import shutil
from pathlib import Path

import duckdb
import pytest

from pipelines.release import page
from pipelines.release.revisions import reason_words
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


def test_a_release_that_revised_something_says_what_and_why(published: Path, tmp_path: Path) -> None:
    marts = tmp_path / "marts.duckdb"
    shutil.copyfile((published / "marts.duckdb").resolve(), marts)
    with duckdb.connect(str(marts)) as connection:
        connection.execute("""
            insert into release_comparison by name
            select 'earlier' as old_release_id, release_id as new_release_id, as_of as old_as_of, as_of as new_as_of,
                   date '2025-12-31' as old_known_at, known_at as new_known_at, false as is_code_changed,
                   true as are_rules_changed
            from release
        """)
        connection.execute("""
            insert into indicator_revision by name
            select indicator_id, region_code, region_view, period_type, period_end, value + 7 as old_value,
                   value as new_value, -7 as difference, unit, 'revised' as change, obs_status as new_obs_status,
                   0 as records_in, 3 as records_out, 0 as records_changed, 'late_notice' as reasons
            from fct_indicator_value
            where indicator_id = 'inv_valid' and region_code = '370303' and region_view = 'statutory'
              and period_type = 'year' and period_end = date '2020-12-31'
        """)
    page.write(tmp_path, marts)
    revisions = (tmp_path / "page" / "revisions.html").read_text("utf-8")
    indicator = (tmp_path / "page" / "indicator" / "inv_valid.html").read_text("utf-8")
    for text in (revisions, indicator):
        assert "张店区" in text and ">-7<" in text and reason_words()["late_notice"] in text
    assert "earlier" in revisions and "是 yes" in revisions
    chart = json.loads(indicator.split("window.IPW_SERIES=")[1].split(";</script>")[0])
    (revised,) = [point for point in chart["lines"]["statutory|370303|year"] if len(point) > 3]
    assert revised[0] == "2020" and revised[3] - revised[1] == 7


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


def test_a_year_that_still_runs_says_so(published: Path) -> None:
    text = (published / "current" / "page" / "indicator" / "inv_valid.html").read_text("utf-8")
    lines = [line for line in text.splitlines() if "年度未结束" in line]
    assert len(lines) == 1 and ">2026</th>" in lines[0]
