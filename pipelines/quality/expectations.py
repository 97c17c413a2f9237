"""Great Expectations, narrowed to what this project needs: validate small frames, keep results, build Data Docs.

Suites are declared elsewhere (`delivery_profiles.py`, `marts.py`). The row rules of a contract run in intake, as
this library has no polars or DuckDB engine that works (measured: 1.1 s and 750 MB per million rows in pandas).
Imported only inside functions that validate: importing it costs three seconds.
"""

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")  # read when the library is imported; nothing leaves the machine


@dataclass(frozen=True)
class Expectation:
    """One declared expectation: the library's class name, its arguments, and why it is asked."""

    kind: str
    arguments: dict[str, Any]
    why: str


@dataclass(frozen=True)
class Verdict:
    """Outcome of one suite: the failures as sentences a person can act on."""

    suite: str
    evaluated: int
    failures: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """True when at least one expectation was evaluated and none failed: nothing evaluated is not a pass."""
        return self.evaluated > 0 and not self.failures


def validate(suite: str, frame: "pd.DataFrame", expectations: Sequence[Expectation], store: Path) -> Verdict:
    """Validate a frame, keep suite and result in `store/<suite>` for the Data Docs, and return the verdict.

    A repeated run of a suite replaces its earlier result, so the documents show the run that is being released. Each
    suite is a library project of its own, moved into place when it is whole: the library writes its files in place,
    and one cut short by a kill or a full disk would stop every later run.
    """
    import great_expectations as gx

    unfinished = store / f".unfinished-{suite}"
    shutil.rmtree(unfinished, ignore_errors=True)
    context = _context(unfinished)
    declared = gx.ExpectationSuite(name=suite)
    for item in expectations:
        declared.add_expectation(getattr(gx.expectations, item.kind)(**item.arguments, meta={"why": item.why}))
    source = context.data_sources.add_pandas(suite)
    batch = source.add_dataframe_asset("frame").add_batch_definition_whole_dataframe("all")
    definition = gx.ValidationDefinition(name=suite, data=batch, suite=context.suites.add(declared))
    result = context.validation_definitions.add(definition).run(
        batch_parameters={"dataframe": frame}, result_format="SUMMARY"
    )
    shutil.rmtree(store / suite, ignore_errors=True)
    unfinished.rename(store / suite)
    failures = tuple(_sentence(suite, one) for one in result.results if not one.success)
    return Verdict(suite, len(result.results), failures)


def build_data_docs(store: Path, target: Path) -> None:
    """Write the Data Docs of every suite validated in `store` as a static site at `target` (a new folder)."""
    together = store / ".data_docs"
    shutil.rmtree(together, ignore_errors=True)
    context = _context(together)
    for suite in sorted(path for path in store.glob("*/gx") if not path.parent.name.startswith(".")):
        for kept in ("expectations", "uncommitted/validations"):
            shutil.copytree(suite / kept, together / "gx" / kept, dirs_exist_ok=True)
    context.build_data_docs()
    shutil.copytree(together / "gx" / "uncommitted" / "data_docs" / "local_site", target)
    shutil.rmtree(together)


def _context(project: Path) -> Any:
    import great_expectations as gx

    project.mkdir(parents=True, exist_ok=True)
    context = gx.get_context(mode="file", project_root_dir=project)
    context.variables.progress_bars = {"globally": False}  # type: ignore[assignment]
    return context


def _sentence(suite: str, result: Any) -> str:
    config = result.expectation_config
    arguments = {k: v for k, v in config.kwargs.items() if k != "batch_id"}
    where = arguments.pop("column", None) or ", ".join(arguments.pop("column_list", []) or [])
    if result.exception_info and result.exception_info.get("raised_exception"):
        return f"{suite}: {config.type} could not be evaluated: {result.exception_info.get('exception_message')}"
    details = result.result or {}
    seen = details.get("partial_unexpected_list") or details.get("observed_value")
    why = (config.meta or {}).get("why", "")
    return f"{suite}: {where or 'table'}: {why or config.type} (seen: {_short(seen)})"


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 200 else text[:197] + "..."
