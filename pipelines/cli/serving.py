"""`ipw serve` opens the Dagster UI; `ipw doctor` looks whether everything is in place. Neither changes data."""

import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from pipelines.cli.output import console, say_json
from pipelines.contracts.registry import contracts
from pipelines.errors import ConfigError, IpwError
from pipelines.history import entries
from pipelines.instance import prepare_instance
from pipelines.intake.bronze import delivered_files, rejected_files
from pipelines.plans import load_catalogue, load_plan
from pipelines.release.in_force import current_release_id
from pipelines.settings import DBT_PROJECT, REPO, Settings


def serve(settings: Settings, port: int) -> None:
    """Run `dg dev` on this machine's loopback address until it is stopped."""
    settings.export()
    prepare_instance(settings.warehouse)
    command = [str(Path(sys.executable).with_name("dg")), "dev", "--host", "127.0.0.1", "--port", str(port)]
    sys.exit(subprocess.call(command, cwd=REPO, env=os.environ))


def doctor(settings: Settings, *, as_json: bool = False) -> None:
    """Print one line per check, or one JSON list of them; raises ConfigError when one of them failed."""
    checks: dict[str, Callable[[], str]] = {
        "python": lambda: sys.version.split()[0],
        "dbt project": lambda: _exists(DBT_PROJECT / "dbt_project.yml"),
        "contracts": lambda: ", ".join(contracts()),
        "catalogue": lambda: f"{len(load_catalogue().indicators)} indicators",
        **{f"plan {name}": partial(_plan_title, name) for name in settings.plans},
        "warehouse": lambda: _there(settings.warehouse.root, "`ipw run` makes it"),
        "landing": lambda: _there(settings.landing, "deliveries belong there"),
        "deliveries": lambda: f"{delivered_files(settings.warehouse).height} files in the ledger",
        "rejected files": lambda: str(rejected_files(settings.warehouse).height),
        "history": lambda: f"{len(entries(settings.warehouse))} releases",
        "release": lambda: current_release_id(settings.warehouse) or "none yet: run `ipw run`",
    }
    results = [_result(name, check) for name, check in checks.items()]
    if as_json:
        say_json(results)
    else:
        for one in results:
            console.print(f"{'✓' if one['passed'] else '✗'} {one['check']:<16} {one['says']}")
    if failed := [str(one["check"]) for one in results if not one["passed"]]:
        raise ConfigError(f"doctor found {len(failed)} problem(s): {', '.join(failed)}")


def _result(name: str, check: Callable[[], str]) -> dict[str, object]:
    try:
        return {"check": name, "passed": True, "says": check()}
    except IpwError as error:
        return {"check": name, "passed": False, "says": str(error)}


def _plan_title(name: str) -> str:
    return load_plan(name).title.zh


def _there(folder: Path, then: str) -> str:
    return str(folder) if folder.exists() else f"{folder} is not there yet: {then}"


def _exists(path: Path) -> str:
    if not path.exists():
        raise ConfigError(f"{path} is missing; run from a complete checkout")
    return str(path)
