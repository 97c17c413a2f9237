"""Publishing a build: in which order a release, its entry in the history and `current` appear, and what is refused."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.errors import GateFailed
from pipelines.history import entries
from pipelines.paths import Warehouse
from pipelines.plans import RunParameters
from pipelines.release import publish as publishing
from pipelines.release.in_force import current_release_id, is_published
from pipelines.release.publish import Release
from pipelines.settings import Settings
from tests.unit.history.releases import parameters
from tests.unit.release.builds import build, day

FIRST, SECOND = parameters(day(1), "a" * 64), parameters(day(2), "b" * 64)
FIRST_ID, SECOND_ID = "20240101-aaaaaaaaaaaa", "20240201-bbbbbbbbbbbb"
Publish = Callable[..., Release]


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path / "warehouse")


def _an_empty_page(folder: Path) -> None:
    folder.mkdir()
    (folder / "index.html").write_text("<!DOCTYPE html>", encoding="utf-8")


@pytest.fixture
def publish(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> Publish:
    """Publish what lies in the build as the release of these parameters.

    Deliveries and gates are not the matter, nor is what page and workbook say of a build this small.
    """
    monkeypatch.setenv("IPW_WAREHOUSE", str(warehouse.root))
    monkeypatch.setattr(publishing, "build_data_docs", lambda store, folder: folder.mkdir())
    monkeypatch.setattr(publishing.workbook, "write", lambda file, marts: file.write_bytes(b"PK"))
    monkeypatch.setattr(publishing.page, "write", lambda folder, marts: _an_empty_page(folder / "page"))

    def run(of: RunParameters, *, keep_current: bool = False) -> Release:
        monkeypatch.setattr(publishing, "run_parameters", lambda _: of)
        return publishing.publish(replace(Settings.from_environment(), keep_current=keep_current), gates_passed=7)

    return run


def test_a_release_is_in_place_in_the_history_and_in_force(warehouse: Warehouse, publish: Publish) -> None:
    build(warehouse, FIRST)
    release = publish(FIRST)
    assert release.folder == warehouse.releases / FIRST_ID
    assert current_release_id(warehouse) == FIRST_ID and warehouse.marts.exists()
    assert is_published(warehouse, FIRST_ID)
    (entry,) = entries(warehouse)
    assert (entry.release_id, entry.known_at, entry.plans, entry.previous) == (FIRST_ID, day(1), "zibo_14fyp", None)


def test_the_entry_says_with_what_the_release_was_compared(warehouse: Warehouse, publish: Publish) -> None:
    build(warehouse, FIRST)
    publish(FIRST)
    build(warehouse, SECOND, records=("a", "b", "c"), previous=FIRST_ID)
    publish(SECOND)
    entry = entries(warehouse)[-1]
    assert entry.previous == FIRST_ID and entry.base == FIRST_ID
    assert entry.files["fct_contribution"]["is_difference"]


def test_a_past_release_is_published_beside_the_one_in_force(warehouse: Warehouse, publish: Publish) -> None:
    build(warehouse, SECOND)
    publish(SECOND)
    build(warehouse, FIRST)
    publish(FIRST, keep_current=True)
    assert current_release_id(warehouse) == SECOND_ID
    assert is_published(warehouse, FIRST_ID) and len(entries(warehouse)) == 2


def test_published_again_it_is_the_same_release(warehouse: Warehouse, publish: Publish) -> None:
    """Though it is compared with another one this time: the folder and the entry stay as they are."""
    build(warehouse, SECOND)
    publish(SECOND)
    folder = warehouse.releases / SECOND_ID
    assert "上一版本" in (folder / "revisions.csv").read_text(encoding="utf-8-sig")
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    build(warehouse, SECOND, previous=FIRST_ID)
    publish(SECOND)
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before
    assert [entry.previous for entry in entries(warehouse)] == [None]
    assert not list(warehouse.releases.glob(".*"))


def test_other_contents_under_the_same_id_are_refused(warehouse: Warehouse, publish: Publish) -> None:
    build(warehouse, FIRST)
    publish(FIRST)
    (warehouse.history / f"000001-{FIRST_ID}").rename(warehouse.root / "aside")
    package = (warehouse.releases / FIRST_ID / "datapackage.json").read_text()
    build(warehouse, FIRST, figure=3)
    with pytest.raises(GateFailed, match="exists with other contents"):
        publish(FIRST)
    assert (warehouse.releases / FIRST_ID / "datapackage.json").read_text() == package


def test_a_removed_release_comes_back_only_with_the_figures_it_had(warehouse: Warehouse, publish: Publish) -> None:
    build(warehouse, FIRST)
    publish(FIRST)
    package = json.loads((warehouse.releases / FIRST_ID / "datapackage.json").read_text())
    build(warehouse, SECOND)
    publish(SECOND)
    shutil.rmtree(warehouse.releases / FIRST_ID)

    build(warehouse, FIRST, figure=3)
    with pytest.raises(GateFailed, match=r"said otherwise when it was first published .*fct_indicator_value"):
        publish(FIRST, keep_current=True)
    assert not (warehouse.releases / FIRST_ID).exists()

    build(warehouse, FIRST)
    publish(FIRST, keep_current=True)
    assert json.loads((warehouse.releases / FIRST_ID / "datapackage.json").read_text()) == package
    assert current_release_id(warehouse) == SECOND_ID


def test_a_build_of_other_inputs_is_refused(warehouse: Warehouse, publish: Publish) -> None:
    with pytest.raises(GateFailed, match="nothing was built"):
        publish(FIRST)
    build(warehouse, SECOND)
    with pytest.raises(GateFailed, match="were built from other deliveries"):
        publish(FIRST)
    assert current_release_id(warehouse) is None and not entries(warehouse)


@pytest.mark.parametrize(
    ("step", "is_there", "is_entered"),
    [("_put_in_place", False, False), ("append", True, False), ("_put_in_force", True, True)],
)
def test_stopped_between_two_steps_readers_keep_their_release_and_the_next_run_finishes(
    step: str,
    is_there: bool,
    is_entered: bool,
    warehouse: Warehouse,
    publish: Publish,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    build(warehouse, FIRST)
    publish(FIRST)
    build(warehouse, SECOND, previous=FIRST_ID)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(publishing, step, stop)
        publish(SECOND)
    assert current_release_id(warehouse) == FIRST_ID
    assert (warehouse.releases / SECOND_ID).exists() is is_there
    assert is_published(warehouse, SECOND_ID) is is_entered

    publish(SECOND)
    assert current_release_id(warehouse) == SECOND_ID
    assert [entry.previous for entry in entries(warehouse)] == [None, FIRST_ID]
    assert not list(warehouse.releases.glob(".*")) and not list(warehouse.history.glob(".*"))
