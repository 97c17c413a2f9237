"""A page as a planner opens it: from a folder, in headless Chromium, with everything that leaves the folder noted."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import skip_or_fail

_ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's own Chromium; nothing is downloaded."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        skip_or_fail("no Chromium on this machine (Debian: apt-get install chromium fonts-noto-cjk)")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=_ARGUMENTS)
        yield opened
        opened.close()


@dataclass
class Visit:
    """An open page, and what went wrong or left the folder while it was open."""

    page: Page
    faults: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@pytest.fixture
def visit(browser: Browser, published: Path) -> Iterator[Callable[..., Visit]]:
    """Opens a file of the release's page in a new tab; at the end nothing may have failed or been asked of a network."""
    visits: list[Visit] = []

    def go(address: str, *, width: int = 1440, height: int = 1000) -> Visit:
        page = browser.new_page(viewport={"width": width, "height": height})
        one = Visit(page)
        visits.append(one)
        page.on("pageerror", lambda error: one.faults.append(str(error)))
        page.on("console", lambda said: one.faults.append(said.text) if said.type == "error" else None)
        page.on("request", lambda request: one.requests.append(request.url))
        page.goto(f"{(published / 'current' / 'page').resolve().as_uri()}/{address}")
        return one

    yield go
    for one in visits:
        one.page.close()
        assert not one.faults
        assert [url for url in one.requests if not url.startswith(("file:", "data:", "blob:"))] == []
