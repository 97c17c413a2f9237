"""What integration and fault tests share: running `ipw` as a user would, and reading what it published."""

import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any
from unittest.mock import patch

import duckdb
from typer.testing import CliRunner

from pipelines.cli.app import app

IPW = Path(sys.executable).with_name("ipw")


def environment(warehouse: Path, **more: str) -> dict[str, str]:
    """The test's own environment without any setting of the project, and with the warehouse named."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("IPW_", "DAGSTER_"))}
    return clean | {"IPW_WAREHOUSE": str(warehouse), "COLUMNS": "200", **more}


def ipw(warehouse: Path, *arguments: str, timeout: int = 540, **more: str) -> subprocess.CompletedProcess[str]:
    """Run `ipw` in a process of its own and return its outcome; never raises on a non-zero exit."""
    return subprocess.run(
        [str(IPW), *arguments],
        env=environment(warehouse, **more),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def ipw_here(warehouse: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """`ipw` in this process, which spares its start: for what a run leaves behind, not for how a process ends."""
    with patch.dict(os.environ, environment(warehouse, **more), clear=True):
        ended = CliRunner().invoke(app, arguments, catch_exceptions=False)
    return subprocess.CompletedProcess(arguments, ended.exit_code, ended.stdout, ended.stderr)


def run(warehouse: Path, landing: Path, *arguments: str, **more: str) -> Path:
    """`ipw run` in this process to its good end; the release that is in force then."""
    outcome = ipw_here(warehouse, "run", "--landing", str(landing), *arguments, **more)
    assert outcome.returncode == 0, outcome.stderr[-4000:]
    return (warehouse / "current").resolve()


def query(warehouse: Path, sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
    """Rows of a query over the published marts."""
    with duckdb.connect(str((warehouse / "marts.duckdb").resolve()), read_only=True) as connection:
        return connection.execute(sql, parameters or None).fetchall()


def deliver(landing: Path, source: str, day: str, name: str, content: str | bytes) -> Path:
    """Put one file into a landing folder as a delivery of that day."""
    file = landing / source / day / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return file


def zipped(files: dict[str, bytes]) -> bytes:
    """A zip with these files, in this order."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in files.items():
            target.writestr(name, content)
    return buffer.getvalue()
