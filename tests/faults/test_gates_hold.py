"""A gate that fails leaves the last release in place, names file, row and rule, and cannot be walked round."""

import subprocess
from pathlib import Path

import pytest

from tests.small import HEADER
from tests.support import deliver, environment, ipw, query

pytestmark = pytest.mark.slow


def state(warehouse: Path) -> tuple[str, list[str]]:
    return (warehouse / "current").resolve().name, sorted(p.name for p in (warehouse / "releases").iterdir())


def bad_list(rows: int) -> str:
    """Every application number has a wrong check digit."""
    return HEADER + "".join(
        f"2012104244{n:02d}.{'3' if n % 2 else 'X'},合成样例,,2013.01.30,2012.10.30,淄博合成样例有限公司,山东省淄博市张店区,C04B35/00\n"
        for n in range(rows)
    )


def test_a_file_past_its_reject_share_stops_the_run_and_is_named(warehouse: Path, landing: Path) -> None:
    before = state(warehouse)
    file = deliver(landing, "patents", "2021-02-10", "坏清单.csv", bad_list(80) * 5)
    outcome = ipw(warehouse, "run", "--landing", str(landing))
    assert outcome.returncode == 1
    last = outcome.stderr.strip().splitlines()[-1]
    assert "坏清单.csv" in last and "application_no" in last and "row" in last
    assert "Traceback" not in outcome.stderr
    assert state(warehouse) == before
    assert ipw(warehouse, "targets").returncode == 0
    assert "坏清单.csv" in ipw(warehouse, "rejects").stderr

    file.unlink()
    mended = ipw(warehouse, "run", "--landing", str(landing))
    assert mended.returncode == 0, mended.stderr[-2000:]


def test_a_file_that_cannot_be_read_is_broken_input(warehouse: Path, landing: Path) -> None:
    before = state(warehouse)
    deliver(landing, "patents", "2021-02-10", "截断.xlsx", b"PK\x03\x04" + b"\0" * 200)
    outcome = ipw(warehouse, "run", "--landing", str(landing))
    assert outcome.returncode == 3
    assert "截断.xlsx" in outcome.stderr.strip().splitlines()[-1] and "Traceback" not in outcome.stderr
    assert state(warehouse) == before


def test_selecting_only_the_release_does_not_walk_round_a_failed_gate(warehouse: Path, landing: Path) -> None:
    before = state(warehouse)
    deliver(landing, "patents", "2021-02-10", "坏清单.csv", bad_list(80) * 5)
    assert ipw(warehouse, "run", "--landing", str(landing)).returncode == 1
    outcome = launch(warehouse, landing, "key:release/current")
    assert outcome.returncode != 0
    assert "publish refused" in outcome.stdout + outcome.stderr
    assert "bronze/patents:files_accepted" in outcome.stdout + outcome.stderr
    assert state(warehouse) == before


def test_tables_rebuilt_without_their_tests_cannot_be_published(warehouse: Path, landing: Path) -> None:
    """dbt is asked for one model alone, with its checks left out: publishing refuses the outdated checks."""
    before = state(warehouse)
    program = (
        "import dagster as dg\n"
        "from pipelines.definitions import defs\n"
        "key = dg.AssetKey(['marts', 'fct_indicator_value'])\n"
        "job = dg.define_asset_job('alone', dg.AssetSelection.assets(key).without_checks())\n"
        "release = dg.define_asset_job('release_only', dg.AssetSelection.keys(['release', 'current']))\n"
        "code = dg.Definitions.merge(defs(), dg.Definitions(jobs=[job, release]))\n"
        "with dg.DagsterInstance.get() as instance:\n"
        "    assert code.resolve_job_def('alone').execute_in_process(instance=instance).success\n"
        "    result = code.resolve_job_def('release_only').execute_in_process(instance=instance, raise_on_error=False)\n"
        "assert not result.success\n"
        "print([e.step_failure_data.user_failure_data.description for e in result.all_events if e.is_step_failure])\n"
    )
    outcome = python(warehouse, landing, program)
    assert outcome.returncode == 0, outcome.stderr[-3000:]
    assert "ran on an older build" in outcome.stdout
    assert state(warehouse) == before


def test_a_changed_delivery_with_an_old_build_cannot_be_published(warehouse: Path, landing: Path) -> None:
    """Bronze has moved on, all its checks are green, but the tables were made before: publishing refuses."""
    before = state(warehouse)
    deliver(
        landing,
        "patents",
        "2021-02-10",
        "新清单.csv",
        HEADER
        + "201510481495.9,合成样例三,CN105000001A,2016.04.02,2015.08.07,淄博合成样例有限公司,山东省淄博市桓台县,C08L1/00\n",
    )
    assert launch(warehouse, landing, "key:bronze/patents or key:quarantine/patents").returncode == 0
    outcome = launch(warehouse, landing, "key:release/current")
    assert "were built from other deliveries" in outcome.stdout + outcome.stderr
    assert state(warehouse) == before
    assert query(warehouse, "select count(*) from marts.fct_patent") == [(2,)]


def launch(warehouse: Path, landing: Path, selection: str) -> subprocess.CompletedProcess[str]:
    """Materialise a selection the way the UI or `dg launch` does."""
    program = (
        "import dagster as dg\n"
        "from pipelines.definitions import defs\n"
        f"chosen = dg.AssetSelection.from_string({selection!r})\n"
        "code = dg.Definitions.merge(defs(), dg.Definitions(jobs=[dg.define_asset_job('part', chosen)]))\n"
        "with dg.DagsterInstance.get() as instance:\n"
        "    result = code.resolve_job_def('part').execute_in_process(instance=instance, raise_on_error=False)\n"
        "for event in result.all_events:\n"
        "    if event.is_step_failure:\n"
        "        print(event.step_failure_data.user_failure_data.description)\n"
        "raise SystemExit(0 if result.success else 1)\n"
    )
    return python(warehouse, landing, program)


def python(warehouse: Path, landing: Path, program: str) -> subprocess.CompletedProcess[str]:
    import sys

    env = environment(warehouse, IPW_LANDING=str(landing), DAGSTER_HOME=str(warehouse / "dagster"))
    return subprocess.run(
        [sys.executable, "-c", program], env=env, capture_output=True, text=True, timeout=300, check=False
    )
