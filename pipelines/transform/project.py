"""The dbt project, compiled: a manifest with every statement, and the seeds as Parquet, never older than its files.

dbt does this once for each state of the project; a run only reads what it left. Statements are the same for every
warehouse: where deliveries lie is written in them as a word that the run replaces.
"""

import gc
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
from filelock import FileLock

from pipelines.settings import DBT_PROJECT
from pipelines.sql_text import literal

_SOURCES = ("models", "seeds", "macros", "tests")
TARGET = DBT_PROJECT / "target" / "pipeline"
"""Apart from where dbt writes when someone calls it by hand, with other settings."""
PLACES = ("IPW_BRONZE", "IPW_INPUTS", "IPW_QUARANTINE")
"""Settings that say where delivered files lie; a statement names them as `<IPW_BRONZE>`."""
_WHOLE = "whole"
"""Written last: how long the manifest is that goes with all else."""
_DATABASE = "build.duckdb"
"""Its stem is the catalog in every statement, so the build of every warehouse has this name."""


def manifest_file() -> Path:
    """The manifest of the project as it is now; dbt compiles only when a file of it changed (about 20 s)."""
    newest = max(file.stat().st_mtime for file in _project_files())
    if not is_current(TARGET, newest):
        TARGET.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(TARGET.with_name(".compiling.lock")):  # two runs started at once compile once
            if not is_current(TARGET, newest):
                _compile()
    return TARGET / "manifest.json"


def is_current(target: Path, newest: float) -> bool:
    """False for a compiled project that is missing, outdated, or left half written by a killed compilation."""
    manifest, whole = target / "manifest.json", target / _WHOLE
    try:
        is_whole = whole.read_text() == str(manifest.stat().st_size)
        return is_whole and all(file.stat().st_mtime >= newest for file in (manifest, whole))
    except FileNotFoundError:
        return False


def manifest() -> dict[str, Any]:
    """The manifest's content, read once while the file is the same."""
    file = manifest_file()
    return _read(file, file.stat().st_mtime_ns)


@lru_cache(maxsize=1)
def _read(file: Path, _made: int) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(file.read_bytes())
    return content


def seed_file(name: str) -> Path:
    """A seed as dbt typed it."""
    return TARGET / "seeds" / f"{name}.parquet"


def row_counts(database: Path) -> dict[str, int]:
    """Rows of each table of a build, by name, from the file's own bookkeeping: no table is read. Views have none.

    A build that failed before it had a file has no tables.
    """
    if not database.exists():
        return {}
    with duckdb.connect(str(database), read_only=True) as connection:
        return dict(connection.execute("select table_name, estimated_size from duckdb_tables()").fetchall())


def _project_files() -> list[Path]:
    files = [file for folder in _SOURCES for file in (DBT_PROJECT / folder).rglob("*") if file.is_file()]
    return [*files, DBT_PROJECT / "dbt_project.yml", DBT_PROJECT / "profiles.yml"]


def _compile() -> None:
    """Compile every statement and load the seeds; the mark comes last. RuntimeError has dbt's words."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    shutil.rmtree(TARGET / "seeds", ignore_errors=True)
    (TARGET / _WHOLE).unlink(missing_ok=True)
    (TARGET / "seeds").mkdir(parents=True)
    database = TARGET / "seeds" / _DATABASE
    try:
        with _environment(database), Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
            parsed = _invoke("parse")
            _invoke("seed", manifest=parsed)
            _invoke("compile", manifest=parsed)
    finally:
        DuckDBConnectionManager.close_all_connections()
        gc.collect()
    with duckdb.connect(str(database), read_only=True) as connection:
        for (name,) in connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'seeds'"
        ).fetchall():
            connection.execute(f"copy build.seeds.{name} to {literal(seed_file(name))} (format parquet)")
    database.unlink()
    (TARGET / _WHOLE).write_text(str((TARGET / "manifest.json").stat().st_size))


def _invoke(verb: str, manifest: Any = None) -> Any:
    from dbt.cli.main import dbtRunner

    arguments = ["--quiet", verb, "--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)]
    outcome = dbtRunner(manifest=manifest).invoke([*arguments, "--target-path", str(TARGET), "--log-path", str(TARGET)])
    if not outcome.success:
        failed = [one.message for one in getattr(outcome.result, "results", []) if str(one.status) == "error"]
        raise RuntimeError(f"dbt could not {verb} the project: {outcome.exception or '; '.join(failed)}")
    return outcome.result


@contextmanager
def _environment(database: Path) -> Iterator[None]:
    before = dict(os.environ)
    os.environ |= {place: f"<{place}>" for place in PLACES} | {"IPW_BUILD_DATABASE": str(database), "IPW_THREADS": ""}
    try:
        yield
    finally:
        os.environ.clear()
        os.environ |= before
