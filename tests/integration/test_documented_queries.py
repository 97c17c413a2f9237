"""Every query and Python block that the documentation gives analysts works on a release as it is written."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPO
from tests.support import environment, query

pytestmark = pytest.mark.slow

PAGES = [REPO / "docs" / name for name in ("analyst.md", "bi/README.md", "bi/python.md")]


def blocks(language: str) -> list[str]:
    return [
        block for page in PAGES for block in re.findall(rf"```{language}\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    ]


@pytest.mark.parametrize("written", blocks("sql"))
def test_a_documented_query_gives_rows(published: Path, written: str) -> None:
    assert query(published, written)


@pytest.mark.parametrize("written", blocks("python"))
def test_documented_python_runs_beside_a_warehouse(published: Path, tmp_path: Path, written: str) -> None:
    os.symlink(published, tmp_path / "warehouse")
    ran = subprocess.run(
        [sys.executable, "-c", written], cwd=tmp_path, env=environment(published), capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr


def test_relative_links_of_the_documentation_lead_somewhere() -> None:
    pages = [REPO / "README.md", *(REPO / "docs").rglob("*.md")]
    dead = [
        f"{page.relative_to(REPO)}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert dead == []
