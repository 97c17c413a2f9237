"""Every command of the documentation works as it is written, on the sample city's release.

Shell blocks are run in a folder that looks like a user's: a checkout with `.venv` and `warehouse`, and a home with
`~/ip-warehouse` and `~/deliveries`. What has a test of its own (whole pipeline runs, servers) is read by the command
line's own parser instead, so that no verb or option is written that does not exist. A block that is not run at all
says why in the line before it, and REASONS has all of these reasons.
"""

import importlib.util
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import click
import duckdb
import pytest
import typer
import yaml
from typer.testing import CliRunner

from pipelines.cli.app import app
from tests.conftest import REPO
from tests.documentation import Block, blocks
from tests.support import IPW, environment
from tests.unit.test_docs_examples import EXAMPLES, as_printed, parts

pytestmark = pytest.mark.slow

SHELL = blocks("bash", "sh")
RUN_ELSEWHERE = {"docs/bring-your-own-city.md": "test_docs_city.py", "docs/story.md": "test_story.py"}
PARSED_ONLY = {
    "run": "a whole pipeline run: the sample city's own, test_past_releases.py",
    "sample": "the sample city's own",
    "serve": "a server",
    "publish": "test_postgres.py",
    "diff": "needs two releases: test_past_releases.py, test_story.py",
}
REASONS = {
    "starts a server",
    "a whole pipeline run",
    "names a file of your own",
    "installs a second checkout",
    "every test and linter",
    "needs an administrator of a database server",
    "needs a Superset of yours",
    "a second run of the same pipeline",
    "statements of PostgreSQL, run by test_postgres.py",
}
_PLAIN = re.compile(r"(?:(?:\.venv/bin/)?(?:ipw|make|python -m) [^|<>&;$`]*|export .*|)")
"""A line that needs nothing of the shell."""


@pytest.fixture(scope="module")
def user(sample_warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of a user who stands in a checkout, with a copy of the sample warehouse that costs no room.

    One user for all pages, in their order: many copies of thousands of files take longer than what is run on them.
    """
    folder = tmp_path_factory.mktemp("user")
    checkout, home = folder / "checkout", folder / "home"
    programs = checkout / ".venv" / "bin"
    for made in (programs, home / "deliveries"):
        made.mkdir(parents=True)
    subprocess.run(["cp", "--archive", "--link", str(sample_warehouse), str(home / "ip-warehouse")], check=True)
    (checkout / "warehouse").symlink_to(home / "ip-warehouse")
    _program(programs / "ipw", f'case "$1" in {"|".join(PARSED_ONLY)}) exit 0;; esac; exec "{IPW}" "$@"')
    _program(programs / "make", "exit 0")
    _program(programs / "python", f'exec "{sys.executable}" "$@"')
    settings = environment(checkout / "warehouse", HOME=str(home), COLUMNS="200")
    settings["PATH"] = f"{programs}{os.pathsep}{settings['PATH']}"
    before = Path.cwd()
    os.chdir(checkout)
    yield settings
    os.chdir(before)


def _program(file: Path, script: str) -> None:
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)


@pytest.mark.parametrize("page", sorted({block.page for block in SHELL} - set(RUN_ELSEWHERE)))
def test_the_shell_blocks_of_a_page_run_in_their_order(user: dict[str, str], page: str) -> None:
    for block in SHELL:
        if block.page == page and not block.not_run:
            lines = [line.partition(" #")[0].strip() for line in block.text.replace("\\\n", " ").splitlines()]
            if all(_PLAIN.fullmatch(line) for line in lines):
                for line in lines:
                    _run_plain(line, user)
            else:
                ran = subprocess.run(["bash", "-e", "-c", block.text], env=user, capture_output=True, text=True)
                assert ran.returncode == 0, f"line {block.line}: {block.text}\n{ran.stderr}"


def _run_plain(line: str, user: dict[str, str]) -> None:
    """One command without anything of the shell's own; `ipw` in this process, which is quicker."""
    match line.removeprefix(".venv/bin/").split(" ", 1):
        case ["ipw", rest] if rest.split()[0] not in PARSED_ONLY:
            with mock.patch.dict(os.environ, user, clear=True):
                outcome = CliRunner().invoke(app, [os.path.expanduser(word) for word in shlex.split(rest)])
            assert outcome.exit_code == 0, f"{line}\n{outcome.output}"
        case ["make", targets]:
            for target in targets.split():
                assert re.search(rf"^{target}:", (REPO / "Makefile").read_text(), re.MULTILINE), line
        case ["python", module]:
            assert importlib.util.find_spec(module.removeprefix("-m ")), line


@pytest.mark.parametrize(
    "block", [block for block in SHELL if block.ipw_commands()], ids=lambda b: f"{b.page}:{b.line}"
)
def test_every_verb_and_option_that_is_written_exists(block: Block) -> None:
    for command in block.ipw_commands():
        _parse(shlex.split(command))


def test_a_verb_or_option_that_does_not_exist_is_found() -> None:
    for wrong in (["runn"], ["run", "--known", "2026-01-20"], ["gc", "--keep", "none"]):
        with pytest.raises(click.UsageError):
            _parse(wrong)


def _parse(words: list[str]) -> None:
    """Read a command line as `ipw` does, without doing it. Raises click.UsageError for what it does not know."""
    with mock.patch.dict(os.environ, {"IPW_POSTGRES": "postgresql://a.page/that-exports-it"}):
        _read(words)


def _read(words: list[str]) -> None:
    group = typer.main.get_command(app)
    assert isinstance(group, click.Group)
    if words[0].startswith("-"):
        assert words[0] in ("-h", "--help", "--version", "--install-completion")
        return
    context = click.Context(group, info_name="ipw")
    name, verb, rest = group.resolve_command(context, words)
    assert verb is not None
    if not {"-h", "--help"} & set(rest):
        verb.make_context(name, rest, parent=context)


@pytest.mark.parametrize(
    "block", [b for b in blocks("sql") if not b.not_run], ids=lambda block: f"{block.page}:{block.line}"
)
def test_a_query_runs_on_a_release(published: Path, block: Block) -> None:
    with duckdb.connect(str((published / "marts.duckdb").resolve()), read_only=True) as marts:
        found = marts.execute(block.text).fetchall()
    assert found or "_revision" in block.text, "only what differs from a release before may be nothing"


@pytest.mark.parametrize("block", blocks("python"), ids=lambda block: f"{block.page}:{block.line}")
def test_python_runs_beside_a_warehouse(user: dict[str, str], block: Block) -> None:
    ran = subprocess.run([sys.executable, "-c", block.text], env=user, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr


def test_reasons_for_not_running_a_block_are_few_and_known() -> None:
    assert {block.not_run for block in blocks("bash", "sh", "sql", "python") if block.not_run} <= REASONS
    assert sum(bool(block.not_run) for block in SHELL) <= 12


def test_yaml_that_is_shown_can_be_read() -> None:
    for block in blocks("yaml"):
        assert yaml.safe_load(block.text), f"{block.page}:{block.line}"


@pytest.mark.parametrize("block", EXAMPLES, ids=lambda block: block.mark)
def test_a_worked_example_is_what_the_release_says(published: Path, block: Block) -> None:
    _, kind, *key = block.mark.split()
    lines = [parts(line) for line in block.text.splitlines()]
    with duckdb.connect(str((published / "marts.duckdb").resolve()), read_only=True) as marts:
        for label, calculation, result in lines:
            said = {"value": _value, "sum": _sum, "target": _target}[kind](marts, key, label, calculation)
            assert as_printed(said, result) == result.replace("−", "-"), label


def _value(marts: duckdb.DuckDBPyConnection, key: list[str], _: str, calculation: str) -> float:
    indicator, region, end, period = key
    found = marts.execute(
        "select value, numerator, denominator from fct_indicator_value where indicator_id = $1 and region_code = $2 "
        "and period_end = $3 and period_type = $4 and region_view = 'statutory'",
        [indicator, region, end, period],
    ).fetchone()
    assert found is not None
    sides = [f"{side:.0f}" for side in found[1:] if side is not None]
    assert calculation.split(" ÷ ")[: len(sides)] == sides or calculation.split(" ")[:3:2] == sides
    return float(found[0])


def _sum(marts: duckdb.DuckDBPyConnection, key: list[str], _: str, calculation: str) -> float:
    indicator, view, end = key
    found = marts.execute(
        "select v.value, r.level = 'city' from fct_indicator_value as v join dim_region as r using (region_code, region_view) "
        "where indicator_id = $1 and region_view = $2 and period_end = $3 and period_type = 'year' order by r.sort_order",
        [indicator, view, end],
    ).fetchall()
    assert calculation == " + ".join(f"{value:.0f}" for value, is_city in found if not is_city)
    return float(next(value for value, is_city in found if is_city))


def _target(marts: duckdb.DuckDBPyConnection, key: list[str], label: str, _: str) -> float:
    column = {
        "gap": "gap", "completion": "completion_rate", "progress": "progress_rate", "time": "time_progress",
        "observed": "cagr_observed", "required": "cagr_required", "R": "progress_ratio", "straight path": "path_linear",
        "geometric path": "path_geometric", "needed from now": "needed_annual_growth",
    }[label.partition(" ")[2] or label]  # fmt: skip
    plan, target, year, status = key
    found = marts.execute(
        f"select {column}, status from target_vs_actual where plan_id = $1 and target_id = $2 and year = $3",
        [plan, target, int(year)],
    ).fetchone()
    assert found is not None and found[1] == status
    return float(found[0])
