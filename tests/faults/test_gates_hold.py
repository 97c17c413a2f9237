"""A gate that fails leaves the last release in place, names file, row and rule, and cannot be walked round."""

import os
from pathlib import Path
from unittest.mock import patch

import pytest
from dagster import AssetSelection, DagsterInstance, Definitions, define_asset_job

from tests.small import HEADER
from tests.support import deliver, environment, ipw, ipw_here, query, run

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
    run(warehouse, landing)


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
    assert ipw_here(warehouse, "run", "--landing", str(landing)).returncode == 1
    (refusal,) = launch(warehouse, landing, AssetSelection.from_string("key:release/current"))
    assert "publish refused" in refusal
    assert "bronze/patents:files_accepted" in refusal
    assert state(warehouse) == before


def test_tables_rebuilt_without_their_tests_cannot_be_published(warehouse: Path, landing: Path) -> None:
    """dbt is asked for one model alone, with its checks left out: publishing refuses the outdated checks."""
    before = state(warehouse)
    alone = AssetSelection.assets(["marts", "fct_indicator_value"]).without_checks()
    assert launch(warehouse, landing, alone) == []
    (refusal,) = launch(warehouse, landing, AssetSelection.keys(["release", "current"]))
    assert "ran on an older build" in refusal
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
    brought = AssetSelection.from_string("key:bronze/patents or key:quarantine/patents")
    assert launch(warehouse, landing, brought) == []
    (refusal,) = launch(warehouse, landing, AssetSelection.from_string("key:release/current"))
    assert "were built from other deliveries" in refusal
    assert state(warehouse) == before
    assert query(warehouse, "select count(*) from marts.fct_patent") == [(2,)]


def launch(warehouse: Path, landing: Path, selection: AssetSelection) -> list[str]:
    """Materialise a selection as the UI and `dg launch` do; why its steps failed, nothing where all went well."""
    named = environment(warehouse, IPW_LANDING=str(landing), DAGSTER_HOME=str(warehouse / "dagster"))
    with patch.dict(os.environ, named, clear=True):
        from pipelines.definitions import defs

        code = Definitions.merge(defs(), Definitions(jobs=[define_asset_job("part", selection)]))
        with DagsterInstance.get() as instance:
            job = code.resolve_job_def("part")
            result = job.execute_in_process(instance=instance, raise_on_error=False)
    failed = [event.step_failure_data for event in result.all_events if event.is_step_failure]
    assert result.success == (not failed)
    return [str(one.user_failure_data.description) for one in failed if one.user_failure_data]
