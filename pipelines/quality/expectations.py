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
    """Validate a frame, keep suite and result below `store` for the Data Docs, and return the verdict.

    A repeated run of a suite replaces its earlier result, so the documents show the run that is being released.
    """
    import great_expectations as gx

    context = _context(store)
    declared = gx.ExpectationSuite(name=suite)
    for item in expectations:
        declared.add_expectation(getattr(gx.expectations, item.kind)(**item.arguments, meta={"why": item.why}))
    source = context.data_sources.add_or_update_pandas(suite)
    batch = source.add_dataframe_asset("frame").add_batch_definition_whole_dataframe("all")
    definition = gx.ValidationDefinition(name=suite, data=batch, suite=context.suites.add_or_update(declared))
    shutil.rmtree(store / "gx" / "uncommitted" / "validations" / suite, ignore_errors=True)
    result = context.validation_definitions.add_or_update(definition).run(
        batch_parameters={"dataframe": frame}, result_format="SUMMARY"
    )
    failures = tuple(_sentence(suite, one) for one in result.results if not one.success)
    return Verdict(suite, len(result.results), failures)


def build_data_docs(store: Path, target: Path) -> None:
    """Write the Data Docs of every suite validated in `store` as a static site at `target` (a new folder)."""
    site = store / "gx" / "uncommitted" / "data_docs" / "local_site"
    shutil.rmtree(site, ignore_errors=True)
    _context(store).build_data_docs()
    shutil.copytree(site, target)


def _context(store: Path) -> Any:
    import great_expectations as gx

    store.mkdir(parents=True, exist_ok=True)
    context = gx.get_context(mode="file", project_root_dir=store)
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
