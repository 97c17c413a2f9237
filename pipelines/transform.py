"""The dbt project: a manifest that is never older than its files, and a build of it in this process.

Which models become assets, and how outcomes become events, is in `pipelines.defs.transform`; the SQL in `dbt_project`.
"""

import gc
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
from dagster_dbt import DbtProject
from filelock import FileLock

from pipelines.errors import GateFailed
from pipelines.settings import DBT_PROJECT, Settings

_SOURCES = ("models", "seeds", "macros", "tests")
_TARGET = Path("target") / "pipeline"
"""Apart from where dbt writes when someone calls it by hand, with other settings."""


@dataclass(frozen=True)
class Outcome:
    """What became of one dbt node: a model, a seed or a test."""

    unique_id: str
    resource_type: str
    status: str
    """dbt's word: success, pass, fail, error, skipped, warn …"""
    message: str
    seconds: float

    @property
    def passed(self) -> bool:
        """True when the node ran and was found right; what was skipped did not pass."""
        return self.status in ("success", "pass")


def dbt_project() -> DbtProject:
    """The dbt project with an up-to-date manifest; parsing happens only when a file of it changed (4 to 15 s)."""
    project = DbtProject(project_dir=DBT_PROJECT, target_path=_TARGET)
    files = [f for folder in _SOURCES for f in (DBT_PROJECT / folder).rglob("*") if f.is_file()]
    files += [DBT_PROJECT / "dbt_project.yml", DBT_PROJECT / "profiles.yml"]
    newest = max(f.stat().st_mtime for f in files)
    if not _is_current(project.manifest_path, newest):
        project.manifest_path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(project.manifest_path.with_name(".parsing.lock")):  # two runs started at once parse once
            if not _is_current(project.manifest_path, newest):
                project.preparer.prepare(project)
    return project


def _is_current(manifest: Path, newest: float) -> bool:
    """False for a manifest that is missing, outdated, or left half written by a killed parse (dbt writes in place)."""
    try:
        json.loads(manifest.read_bytes())
        return _parsed(manifest).stat().st_mtime >= newest and manifest.stat().st_mtime >= newest
    except (FileNotFoundError, ValueError):
        return False


def _parsed(manifest: Path) -> Path:
    """dbt's own serialisation of the parsed project, which it can run from; the manifest is its public form."""
    return manifest.with_name("partial_parse.msgpack")


def build_models(settings: Settings, select: Sequence[str] = ()) -> list[Outcome]:
    """Build seeds, models and data tests in dependency order into the private database of these settings.

    `select` names the nodes; none means all. Only while dbt runs does the environment, from which it takes its places,
    say these settings. It runs in this process from the parsed project, which saves starting it and parsing anew for
    each warehouse, and the database file is free again afterwards. Unit tests belong to `make test`. Raises
    RuntimeError with dbt's words when the build could not run at all.
    """
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.artifacts.schemas.run import RunExecutionResult
    from dbt.cli.main import dbtRunner
    from dbt.contracts.graph.manifest import Manifest

    manifest = Manifest.from_msgpack(_parsed(dbt_project().manifest_path).read_bytes())
    manifest.build_flat_graph()  # what macros see as `graph`
    target = settings.warehouse.build / "dbt"
    target.mkdir(parents=True, exist_ok=True)
    arguments = ["build", "--exclude-resource-types", "unit_test", "exposure", "--target-path", str(target)]
    arguments += ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT), "--log-path", str(target)]
    if select:
        arguments += ["--indirect-selection", "empty", "--select", *select]
    try:
        with settings.exported():
            outcome = dbtRunner(manifest=manifest).invoke(arguments)
    finally:
        # dbt keeps the database open, and with it the only writer's place, until it is told otherwise.
        DuckDBConnectionManager.close_all_connections()
        gc.collect()
    if not isinstance(outcome.result, RunExecutionResult):
        raise RuntimeError(f"dbt could not build: {outcome.exception}")
    return [
        Outcome(
            unique_id=one.node.unique_id,
            resource_type=str(one.node.resource_type),
            status=str(one.status),
            message=" ".join((one.message or "").split()),
            seconds=one.execution_time,
        )
        for one in outcome.result.results
    ]


def row_counts(database: Path) -> dict[str, int]:
    """Rows of each table of a build, by name, from the file's own bookkeeping: no table is read. Views have none.

    A build that failed before it had a file has no tables.
    """
    if not database.exists():
        return {}
    with duckdb.connect(str(database), read_only=True) as connection:
        return dict(connection.execute("select table_name, estimated_size from duckdb_tables()").fetchall())


def require_built(outcomes: Iterable[Outcome]) -> None:
    """Raises GateFailed, naming the first seed or model that failed with dbt's words, when one did."""
    for one in outcomes:
        if one.resource_type != "test" and one.status != "skipped" and not one.passed:
            raise GateFailed(f"dbt: {one.unique_id.split('.')[-1]} was not built: {one.message}")


@dataclass(frozen=True)
class Upstream:
    """What a build of some marts alone consists of, by name."""

    built: set[str]
    """Seeds and models, the marts asked for among them."""
    given: set[str]
    """Other marts they read, which must lie in the database already."""
    tests: set[str]
    """Data tests of the marts asked for that look at nothing else than what is built or given."""


def upstream(marts: Collection[str]) -> Upstream:
    """What it takes to build these marts from sources and the other marts."""
    manifest = json.loads(dbt_project().manifest_path.read_bytes())
    nodes, parents = manifest["nodes"], manifest["parent_map"]
    asked = {uid for uid, node in nodes.items() if node["resource_type"] == "model" and node["name"] in marts}
    built, waiting, given = set(asked), list(asked), set[str]()
    while waiting:
        for parent in parents[waiting.pop()]:
            if parent in nodes and parent not in built | given:
                is_given = nodes[parent]["fqn"][1] == "marts"
                (given if is_given else built).add(parent)
                waiting += [] if is_given else [parent]
    tests = {
        uid
        for uid, node in nodes.items()
        if node["resource_type"] == "test" and asked & {*parents[uid]} and built | given >= {*parents[uid]}
    }
    return Upstream(*({nodes[uid]["name"] for uid in some} for some in (built, given, tests)))
