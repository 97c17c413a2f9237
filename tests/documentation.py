"""The documentation as tests read it: fenced blocks of README.md and docs/, with where they stand and how they are marked.

A block is run unless the line before it says `<!-- not run: reason -->`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

from tests.conftest import REPO

DOCS = REPO / "docs"
_BLOCK = re.compile(
    r"(?:^ *<!-- (?P<mark>[^\n]*?) -->\n)?"
    r"(?:\n)?^(?P<indent> *)```(?P<language>\w+)\n(?P<text>.*?)^(?P=indent)```$",
    re.DOTALL | re.MULTILINE,
)
_IPW = re.compile(r"(?:^|&& |; )(?:\.venv/bin/)?ipw ((?:\"[^\"]*\"|[^|>&;\n#])*)", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A fenced block: its page relative to the checkout, its line, language and text, and the comment before it."""

    page: str
    line: int
    language: str
    text: str
    mark: str

    @property
    def not_run(self) -> str | None:
        """Why the block is not run, or None."""
        return self.mark.removeprefix("not run: ") if self.mark.startswith("not run: ") else None

    def ipw_commands(self) -> list[str]:
        """What stands behind each `ipw` of a shell block, without redirections and comments."""
        return [found.strip() for found in _IPW.findall(self.text.replace("\\\n", " "))]


def pages() -> list[Path]:
    """README.md and every Markdown page of docs/, in path order."""
    return [REPO / "README.md", *sorted(DOCS.rglob("*.md"))]


def blocks(*languages: str) -> list[Block]:
    """Every block in one of these languages, in page order."""
    return [block for page in pages() for block in _blocks(page) if block.language in languages]


def _blocks(page: Path) -> Iterator[Block]:
    text = page.read_text("utf-8")
    for found in _BLOCK.finditer(text):
        line = text.count("\n", 0, found.start("language")) + 1
        name = str(page.relative_to(REPO))
        yield Block(name, line, found["language"], dedent(found["text"]), found["mark"] or "")
