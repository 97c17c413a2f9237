"""The parsed dbt project is used only when it is whole and newer than every file it was made from."""

from pathlib import Path

import pytest

from pipelines.transform import _is_current


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    """A parse as dbt leaves it: the public manifest and its own serialisation."""
    (tmp_path / "partial_parse.msgpack").write_bytes(b"\x80")
    file = tmp_path / "manifest.json"
    file.write_text('{"nodes": {}}')
    return file


def test_a_whole_newer_manifest_is_used(manifest: Path) -> None:
    assert _is_current(manifest, newest=manifest.stat().st_mtime - 1)


def test_an_older_one_is_made_again(manifest: Path) -> None:
    assert not _is_current(manifest, newest=manifest.stat().st_mtime + 1)


@pytest.mark.parametrize("content", ["", '{"nodes": {"model'])
def test_one_that_a_killed_parse_left_half_written_is_made_again(manifest: Path, content: str) -> None:
    manifest.write_text(content)
    assert not _is_current(manifest, newest=0)


@pytest.mark.parametrize("missing", ["manifest.json", "partial_parse.msgpack"])
def test_one_of_which_a_part_is_missing_is_made_again(manifest: Path, missing: str) -> None:
    manifest.with_name(missing).unlink()
    assert not _is_current(manifest, newest=0)
