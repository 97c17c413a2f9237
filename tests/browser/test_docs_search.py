"""The documentation opened from a folder: its search finds Chinese and English words, and nothing leaves the folder."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.conftest import REPO


@pytest.mark.slow
def test_search_works_without_a_network(browser: Browser, tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site")],
        cwd=REPO, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"}, check=True,
    )  # fmt: skip
    page = browser.new_page(viewport={"width": 1300, "height": 900})
    faults: list[str] = []
    requests: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    page.goto((tmp_path / "site" / "runbooks" / "index.html").as_uri())
    for words, expected in (
        ("迟到的终止公告", "Late lapse notices"),
        ("驰名商标", "tm_well_known"),
        ("quarantined", "Files and rows rejected"),
    ):
        page.click("input[name=query]", force=True)
        page.fill("input[name=query]", words)
        page.dispatch_event("input[name=query]", "keyup")
        page.locator(".md-search-result__item", has_text=expected).first.wait_for(timeout=20_000)
    page.close()
    assert faults == []
    assert [url for url in requests if not url.startswith(("file:", "data:", "blob:", "about:"))] == []
