"""A process killed between the steps of publishing: the reader's release is whole, history and releases agree, and the
next publication of the same build finishes what was begun."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import duckdb

from pipelines.history import entries
from pipelines.paths import Warehouse
from pipelines.release.in_force import current_release_id, is_published
from tests.conftest import REPO
from tests.support import environment
from tests.unit.history.releases import parameters
from tests.unit.release.builds import build, day

FIRST_ID, SECOND_ID = "20240101-aaaaaaaaaaaa", "20240201-bbbbbbbbbbbb"
PUBLISH = """
import os, signal, sys
from pathlib import Path
from pipelines.history import keeping
from pipelines.release import publish
from pipelines.settings import Settings
from tests.unit.history.releases import parameters
from tests.unit.release.builds import day

def kill(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

month, kill_at = int(sys.argv[1]), sys.argv[2]
publish.run_parameters = lambda _: parameters(day(month), "-ab"[month] * 64)
publish.build_data_docs = lambda store, folder: folder.mkdir()
for module in (publish, keeping):
    name = kill_at.removeprefix(module.__name__ + ".")
    if name != kill_at:
        setattr(module, name, kill)
publish.publish(Settings.from_environment(), gates_passed=7)
"""


def publish(warehouse: Warehouse, month: int, *, kill_at: str = "") -> int:
    """Publish the build in a process of its own, which is killed when it comes to a function; its exit code."""
    command = [sys.executable, "-c", PUBLISH, str(month), kill_at]
    environ = environment(warehouse.root, PYTHONPATH=str(REPO))
    outcome = subprocess.run(command, env=environ, cwd=REPO, capture_output=True, text=True, timeout=120, check=False)
    assert outcome.returncode in (0, -signal.SIGKILL), outcome.stderr
    return outcome.returncode


def readable(warehouse: Warehouse) -> int:
    """Contributions of the release in force, read through the path BI opens."""
    with duckdb.connect(os.path.realpath(warehouse.marts), read_only=True) as connection:
        return int(connection.execute("select count(*) from marts.fct_contribution").fetchall()[0][0])


def test_killed_at_every_step_the_next_publication_finishes(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "warehouse")
    build(warehouse, parameters(day(1), "a" * 64), records=("a", "b"))
    assert publish(warehouse, 1) == 0
    build(warehouse, parameters(day(2), "b" * 64), records=("a", "b", "c"), previous=FIRST_ID)

    steps = {
        "pipelines.release.publish._put_in_place": (False, False),
        "pipelines.release.publish.append": (True, False),
        "pipelines.history.keeping.sync": (True, False),  # half an entry is written
        "pipelines.release.publish.point": (True, True),
    }
    for step, (is_there, is_entered) in steps.items():
        assert publish(warehouse, 2, kill_at=step) == -signal.SIGKILL, step
        assert (current_release_id(warehouse), readable(warehouse)) == (FIRST_ID, 2), step
        assert ((warehouse.releases / SECOND_ID).exists(), is_published(warehouse, SECOND_ID)) == (is_there, is_entered)

    assert publish(warehouse, 2) == 0
    assert (current_release_id(warehouse), readable(warehouse)) == (SECOND_ID, 3)
    assert [entry.release_id for entry in entries(warehouse)] == [FIRST_ID, SECOND_ID]
    assert not list(warehouse.releases.glob(".*")) and not list(warehouse.history.glob(".*"))
