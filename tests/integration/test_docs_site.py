"""The documentation as a site: it builds without a complaint, asks for nothing outside its folder, and no link is dead."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines import indicator_cards
from pipelines.plans import load_catalogue
from tests.conftest import REPO
from tests.documentation import DOCS, pages

LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built as `make docs` builds it, with every way to a network pointed nowhere."""
    folder = tmp_path_factory.mktemp("docs") / "site"
    nowhere = {name: "http://127.0.0.1:9" for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY")}
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)],
        cwd=REPO, env={**os.environ, **nowhere, "NO_MKDOCS_2_WARNING": "1"}, capture_output=True, text=True,
    )  # fmt: skip
    assert built.returncode == 0, built.stdout + built.stderr
    return folder


def test_every_page_is_in_the_site(site: Path) -> None:
    missing = [page for page in pages()[1:] if not _built(site, page).exists()]
    assert missing == []


def test_no_page_fetches_anything_from_a_network(site: Path) -> None:
    fetched = re.compile(r"<(?:script|img|iframe|link)\b[^>]*(?:src|href)=[\"']?(?:https?:)?//[^>]*>")
    assert [(page.name, found) for page in site.rglob("*.html") for found in fetched.findall(page.read_text())] == []


def test_fonts_are_the_readers_own(site: Path) -> None:
    assert "fonts.googleapis" not in "".join(page.read_text() for page in site.rglob("*.html"))
    assert list(site.rglob("*.woff*")) == []


def test_the_search_index_has_chinese_and_english_words(site: Path) -> None:
    index = json.loads((site / "search" / "search_index.js").read_text("utf-8").removeprefix("var __index = "))
    words = "".join(section["title"] + section["text"] for section in index["docs"])
    assert "质押" in words and "quarantine" in words and "inv_high_value_per_10k" in words


def test_no_relative_link_or_image_is_dead() -> None:
    dead = [
        f"{page.relative_to(REPO)}: {target}"
        for page in pages()
        for target in LINK.findall(page.read_text("utf-8"))
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert dead == []


def test_every_image_has_words_beside_it() -> None:
    silent = [page.name for page in pages() if re.search(r"!\[\s*\]\(", page.read_text("utf-8"))]
    drawn = [
        file for file in DOCS.rglob("*.svg") if not {"<title", "<desc"} <= set(re.findall(r"<\w+", file.read_text()))
    ]
    assert silent == [] and drawn == []


def test_every_indicator_has_one_card_in_both_languages() -> None:
    text = indicator_cards.FILE.read_text(encoding="utf-8")
    for indicator in load_catalogue().indicators:
        heading = f"### {indicator.title.zh} `{indicator.id}`\n\n**{indicator.title.en}**\n"
        assert text.count(heading) == 1, indicator.id


def test_a_card_says_what_is_particular_to_its_indicator() -> None:
    card = indicator_cards.FILE.read_text(encoding="utf-8").split("`inv_valid_per_10k`\n", 1)[1].split("\n### ", 1)[0]
    assert "`inv_valid` ÷ `population` × 10,000" in card
    assert "2021: " in card and "2020: " in card, "breaks of the numerator's placing and of the census"
    assert "zibo_14fyp B03" in card and "14.69件" in card


def _built(site: Path, page: Path) -> Path:
    name = page.relative_to(DOCS)
    return site / (name.with_name("index.html") if name.name == "README.md" else name.with_suffix(".html"))
