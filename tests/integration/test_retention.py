"""Old releases go; the one in force, one that is read and one the history does not know stay."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from pipelines.errors import ConfigError
from pipelines.files import point
from pipelines.history import entries, write_tables
from pipelines.paths import Warehouse
from pipelines.release import retention
from pipelines.release.retention import Verdict, collect
from tests.support import ipw
from tests.unit.history.releases import contributions, enter
from tests.unit.release.builds import day

NAMES = [f"20240{month}01-{'abcd'[month - 1] * 12}" for month in range(1, 5)]


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    """Four releases, the last of them in force."""
    warehouse = Warehouse(tmp_path / "warehouse")
    for month, name in enumerate(NAMES, start=1):
        enter(warehouse, name, day(month), tables={"fct_contribution": contributions(*"abcdefgh"[: month + 1])})
        with duckdb.connect(str(warehouse.releases / name / "marts.duckdb")) as connection:
            connection.execute("create table release as select 1 as a")
    point(warehouse.current, warehouse.releases / NAMES[-1])
    return warehouse


def there(warehouse: Warehouse) -> list[str]:
    return sorted(path.name for path in warehouse.releases.iterdir())


def reasons(verdicts: list[Verdict]) -> dict[str, str]:
    return {verdict.name: verdict.reason for verdict in verdicts}


@contextmanager
def reader(program: str, *arguments: str) -> Iterator[int]:
    """Another process that opens something and holds it; its id."""
    command = [sys.executable, "-c", f"{program}\nprint('open', flush=True)\ninput()", *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout and process.stdout.readline() == "open\n"
        try:
            yield process.pid
        finally:
            process.communicate("\n")


def test_the_newest_stay_and_the_history_knows_the_rest(warehouse: Warehouse) -> None:
    verdicts = collect(warehouse, keep=2)
    assert [(verdict.name, verdict.is_kept) for verdict in verdicts] == [
        (NAMES[3], True), (NAMES[2], True), (NAMES[1], False), (NAMES[0], False),
    ]  # fmt: skip
    assert there(warehouse) == NAMES[2:]
    assert all(verdict.size > 0 for verdict in verdicts)
    assert [entry.release_id for entry in entries(warehouse)] == NAMES
    kept = write_tables(entries(warehouse)[1], warehouse.root / "restored")
    assert duckdb.sql(f"select count(*) from '{kept['fct_contribution']}'").fetchall() == [(3,)]


def test_a_dry_run_only_says_so(warehouse: Warehouse) -> None:
    assert [verdict.is_kept for verdict in collect(warehouse, keep=1, is_dry_run=True)] == [True, False, False, False]
    assert there(warehouse) == NAMES


def test_the_release_in_force_stays_whatever_its_age(warehouse: Warehouse) -> None:
    point(warehouse.current, warehouse.releases / NAMES[0])
    verdicts = collect(warehouse, keep=1)
    assert there(warehouse) == [NAMES[0], NAMES[3]]
    assert reasons(verdicts)[NAMES[0]] == "the release in force"


def test_a_release_the_history_does_not_know_stays(warehouse: Warehouse) -> None:
    (warehouse.releases / "20230101-000000000000").mkdir()
    verdicts = collect(warehouse, keep=1)
    assert there(warehouse) == ["20230101-000000000000", NAMES[3]]
    assert "not in the history" in reasons(verdicts)["20230101-000000000000"]


def test_leftovers_of_killed_runs_go(warehouse: Warehouse) -> None:
    for name in (".building-20240501-x", f".removing-{NAMES[0]}"):
        (warehouse.releases / name).mkdir()
    assert collect(warehouse, keep=4)[-1].reason == "left behind by a killed run"
    assert there(warehouse) == NAMES


def test_a_removal_that_was_stopped_is_resumed(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody finds half a release meanwhile: it lost its name first."""

    def stop(_: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(retention.shutil, "rmtree", stop)
        collect(warehouse, keep=3)
    assert there(warehouse) == [f".removing-{NAMES[0]}", *NAMES[1:]]
    collect(warehouse, keep=3)
    assert there(warehouse) == NAMES[1:]


def test_a_release_that_duckdb_reads_in_another_process_stays(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By DuckDB's lock alone: the reader may be another user's, whom /proc does not show."""
    monkeypatch.setattr(retention, "_open_files", lambda: None)
    program = "import duckdb, sys; held = duckdb.connect(sys.argv[1], read_only=True)"
    with reader(program, str(warehouse.releases / NAMES[0] / "marts.duckdb")):
        verdicts = collect(warehouse, keep=1)
        assert there(warehouse) == [NAMES[0], NAMES[3]]
        assert reasons(verdicts)[NAMES[0]] == "marts.duckdb is being read"
    collect(warehouse, keep=1)
    assert there(warehouse) == [NAMES[3]]


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="the system has no /proc")
@pytest.mark.parametrize(
    "program",
    [
        "import sys; held = open(sys.argv[1], 'rb')",
        "import mmap, os, sys; f = os.open(sys.argv[1], os.O_RDONLY)\n"
        "held = mmap.mmap(f, 0, prot=mmap.PROT_READ); os.close(f)",
    ],
    ids=["open", "mapped"],
)
def test_a_release_whose_tables_are_open_in_another_process_stays(warehouse: Warehouse, program: str) -> None:
    with reader(program, str(warehouse.releases / NAMES[1] / "parquet" / "fct_contribution.parquet")) as process:
        verdicts = collect(warehouse, keep=1)
    assert there(warehouse) == [NAMES[1], NAMES[3]]
    assert reasons(verdicts)[NAMES[1]] == f"parquet/fct_contribution.parquet is being read by process {process}"


def test_where_reading_cannot_be_told_the_release_stays(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "_open_files", lambda: None)
    monkeypatch.setattr(retention.fcntl, "lockf", lambda *_: (_ for _ in ()).throw(OSError("no locks here")))
    verdicts = collect(warehouse, keep=1)
    assert there(warehouse) == NAMES
    assert reasons(verdicts)[NAMES[0]] == "whether it is being read cannot be told here"


def test_while_another_process_writes_nothing_is_removed(warehouse: Warehouse) -> None:
    program = "import filelock, sys; held = filelock.FileLock(sys.argv[1]); held.acquire()"
    with reader(program, str(warehouse.lock)), pytest.raises(ConfigError, match="another run"):
        collect(warehouse, keep=1)
    assert there(warehouse) == NAMES


def test_the_command_says_what_went_and_why(warehouse: Warehouse) -> None:
    told = ipw(warehouse.root, "gc", "--dry-run", "--keep", "3", "--format", "csv")
    assert told.returncode == 0, told.stderr
    assert [line.split(",")[:2] for line in told.stdout.splitlines()[1:]] == [
        [NAMES[3], "kept"], [NAMES[2], "kept"], [NAMES[1], "kept"], [NAMES[0], "would be removed"],
    ]  # fmt: skip
    assert there(warehouse) == NAMES
    assert ipw(warehouse.root, "gc", IPW_KEEP_RELEASES="3").returncode == 0
    assert there(warehouse) == NAMES[1:]
    refused = ipw(warehouse.root, "gc", IPW_KEEP_RELEASES="few")
    assert refused.returncode == 2 and "IPW_KEEP_RELEASES=few is not a number of releases" in refused.stderr
