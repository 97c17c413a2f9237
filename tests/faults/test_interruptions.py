"""Killed, starved of disk, run twice at once, read while publishing: readers see a whole release, the next run repairs."""

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from tests.small import HEADER
from tests.support import IPW, deliver, environment, ipw, query, run

pytestmark = pytest.mark.slow

MORE = HEADER + (
    "201510481495.9,合成样例三,CN105000001A,2016.04.02,2015.08.07,淄博合成样例有限公司,山东省淄博市桓台县,C08L1/00\n"
)


def start(warehouse: Path, landing: Path, **options: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [str(IPW), "run", "--landing", str(landing)],
        env=environment(warehouse),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        **options,  # type: ignore[call-overload]
    )


def whole_release(warehouse: Path) -> int:
    """Patents in the release in force; every table of it must be readable."""
    with duckdb.connect(str((warehouse / "marts.duckdb").resolve()), read_only=True) as connection:
        tables = connection.execute("select table_name from information_schema.tables where table_schema = 'main'")
        for (table,) in tables.fetchall():
            connection.execute(f"select count(*) from marts.{table}").fetchall()
        return connection.execute("select count(*) from marts.fct_patent").fetchall()[0][0]


def test_killed_at_any_moment_readers_see_a_whole_release_and_the_next_run_repairs(
    warehouse: Path, landing: Path
) -> None:
    """In every step that takes long, as it begins: intake, profiles, writing the inputs, the build, publishing."""
    deliver(landing, "patents", "2021-02-10", "新清单.csv", MORE)
    for seen in ("definitions loaded", "✓ intake", "✓ delivery_profiles", "✓ plan_inputs", "✓ mart_expectations"):
        with start(warehouse, landing) as process:
            assert process.stderr and any(seen in line for line in process.stderr), seen
            os.killpg(process.pid, signal.SIGKILL)
        assert whole_release(warehouse) in (2, 3)
    run(warehouse, landing)
    assert whole_release(warehouse) == 3
    assert not list((warehouse / "releases").glob(".building-*"))
    assert not [file for file in warehouse.rglob("*.parquet") if file.name.startswith(".")]


def test_a_full_disk_leaves_the_last_release_and_says_so(warehouse: Path, landing: Path) -> None:
    """Writes beyond 300 kB fail as they do when a disk is full; what was published stays, a later run completes."""
    deliver(landing, "patents", "2021-02-10", "新清单.csv", MORE)
    limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))  # noqa: E731
    process = start(warehouse, landing, preexec_fn=limit)
    _, errors = process.communicate(timeout=300)
    assert process.returncode not in (0, None)
    assert "Traceback" not in errors
    assert whole_release(warehouse) == 2
    run(warehouse, landing)
    assert whole_release(warehouse) == 3


def test_a_second_run_at_the_same_time_refuses(warehouse: Path, landing: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", "from filelock import FileLock; import sys\n"
         f"with FileLock({str(warehouse / '.lock')!r}):\n print('held', flush=True); sys.stdin.read()"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert holder.stdout and holder.stdout.readline() == "held\n"
    try:
        outcome = ipw(warehouse, "run", "--landing", str(landing))
    finally:
        holder.kill()
        holder.wait()
    assert outcome.returncode == 2
    assert "another run" in outcome.stderr


def test_a_reader_in_another_process_keeps_reading_through_a_publish(warehouse: Path, landing: Path) -> None:
    """One reader holds its connection open, one reconnects all the time; neither meets an error or a mixture."""
    deliver(landing, "patents", "2021-02-10", "新清单.csv", MORE)
    program = (
        "import duckdb, sys, time\n"
        f"path = {str(warehouse / 'marts.duckdb')!r}\n"
        "held = duckdb.connect(path, read_only=True)\n"
        "seen = set()\n"
        "while not sys.stdin.closed and time.monotonic() < float(sys.argv[1]):\n"
        "    old = held.execute('select count(*) from marts.fct_patent').fetchall()[0][0]\n"
        "    assert old == 2, old\n"
        "    import os\n"
        "    with duckdb.connect(os.path.realpath(path), read_only=True) as fresh:\n"
        "        seen.add(fresh.execute('select (select count(*) from marts.fct_patent), '\n"
        "            '(select release_id from marts.release)').fetchall()[0])\n"
        "    time.sleep(0.05)\n"
        "    if len(seen) == 2: break\n"
        "print(sorted(seen))\n"
    )
    reader = subprocess.Popen(
        [sys.executable, "-c", program, str(time.monotonic() + 240)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    run(warehouse, landing)
    out, errors = reader.communicate(timeout=300)
    assert reader.returncode == 0, errors
    assert [count for count, _ in eval(out)] == [2, 3]
    assert query(warehouse, "select count(*) from marts.release") == [(1,)]
