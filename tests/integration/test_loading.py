"""A verb loads what it uses: what is only asked for answers at once."""

import subprocess
import sys

import pytest

HEAVY = ("dagster", "dbt", "great_expectations", "pandas", "sqlalchemy", "xlsxwriter")


@pytest.mark.parametrize(
    ("module", "never"),
    [
        ("pipelines.cli.app", (*HEAVY, "polars", "duckdb", "pydantic", "yaml")),
        ("pipelines.cli.listings", (*HEAVY, "polars", "pydantic", "yaml")),
        ("pipelines.settings", (*HEAVY, "polars", "duckdb", "pydantic", "yaml")),
        ("pipelines.cli.running", (*HEAVY, "numpy", "pyarrow", "pipelines.intake.batch", "pipelines.intake.decode")),
        ("pipelines.cli.explain", HEAVY),
        ("pipelines.cli.serving", HEAVY),
        ("pipelines.quality.delivery_profiles", HEAVY),
        ("pipelines.quality.marts", HEAVY),
    ],
)
def test_a_module_does_not_load(module: str, never: tuple[str, ...]) -> None:
    code = f"import sys, {module}; print(*sorted(set({never!r}) & set(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert told.stdout.split() == []
