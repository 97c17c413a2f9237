"""Links move in one step, and texts that a spreadsheet would run are disarmed."""

from pathlib import Path

import pytest

from pipelines.files import point, sha256, sync
from pipelines.release.safe_text import safe_cell


def test_a_link_moves_to_its_new_target_and_stays_relative(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / "releases" / name).mkdir(parents=True)
        point(tmp_path / "current", tmp_path / "releases" / name)
        assert (tmp_path / "current").resolve() == (tmp_path / "releases" / name).resolve()
    assert (tmp_path / "current").readlink() == Path("releases/two")
    assert not (tmp_path / ".current.tmp").exists()


def test_a_leftover_of_a_killed_run_does_not_stop_the_next(tmp_path: Path) -> None:
    (tmp_path / ".current.tmp").symlink_to("nowhere")
    (tmp_path / "release").mkdir()
    point(tmp_path / "current", tmp_path / "release")
    assert (tmp_path / "current").resolve() == (tmp_path / "release").resolve()


def test_sync_and_digest(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"abc")
    sync(tmp_path)
    assert sha256(tmp_path / "a.txt") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.mark.parametrize("text", ["=1+1", "+86", "-cmd", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_formula_becomes_text(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("value", ["淄博", "3.5", -3, 2.5, None, ""])
def test_all_else_stays(value: object) -> None:
    assert safe_cell(value) == value
