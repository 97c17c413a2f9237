"""The compiled dbt project is used only when it is whole and newer than every file it was made from."""

from pathlib import Path

import pytest

from pipelines.transform.project import is_current


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """A compiled project as it is left: dbt's manifest, and the mark written last."""
    (tmp_path / "manifest.json").write_text('{"nodes": {}}')
    (tmp_path / "whole").write_text(str(len('{"nodes": {}}')))
    return tmp_path


def test_a_whole_newer_one_is_used(target: Path) -> None:
    assert is_current(target, newest=(target / "manifest.json").stat().st_mtime - 1)


def test_an_older_one_is_made_again(target: Path) -> None:
    assert not is_current(target, newest=(target / "manifest.json").stat().st_mtime + 1)


@pytest.mark.parametrize("content", ["", '{"nodes": {"model'])
def test_one_that_a_killed_compilation_left_half_written_is_made_again(target: Path, content: str) -> None:
    (target / "manifest.json").write_text(content)
    assert not is_current(target, newest=0)


@pytest.mark.parametrize("missing", ["manifest.json", "whole"])
def test_one_of_which_a_part_is_missing_is_made_again(target: Path, missing: str) -> None:
    (target / missing).unlink()
    assert not is_current(target, newest=0)
