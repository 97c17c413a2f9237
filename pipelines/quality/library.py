"""The only module that imports Great Expectations: validates a suite's frame and renders the result's two pages.

Nothing is read or written here; one ephemeral context serves all suites of a process. No clock and no random number
goes into a page, so the same inputs give the same bytes.
"""

import json
import os
from dataclasses import dataclass
from functools import cache
from itertools import count
from typing import Any

from pipelines.quality.data_docs import EXPECTATIONS_PAGE, RESULT_PAGE
from pipelines.quality.postponed import postponed
from pipelines.quality.suites import Suite, Verdict

os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")  # read when the library is imported; nothing leaves the machine

with postponed("altair", "scipy.stats"):  # of two expectations that nobody asks here; a third of the library's import
    import great_expectations as gx
    from great_expectations.render.renderer.page_renderer import (
        ExpectationSuitePageRenderer,
        ValidationResultsPageRenderer,
    )
    from great_expectations.render.view import DefaultJinjaPageView

RESULT = "result.json"
_OF_THE_RUN = ("batch_markers", "batch_spec", "active_batch_definition")
"""What the library notes about itself and the hour."""


@dataclass(frozen=True)
class Outcome:
    """A verdict, and by name the files that show how it came about: the library's result and the pages made of it."""

    verdict: Verdict
    files: dict[str, bytes]


def validate(suite: Suite) -> Outcome:
    """Ask every expectation of the suite. One that cannot be evaluated is a failure that says so."""
    declared = gx.ExpectationSuite(
        name=suite.name,
        expectations=[
            getattr(gx.expectations, one.kind)(**one.arguments, meta={"why": one.why}) for one in suite.expectations
        ],
    )
    result = _frame().get_batch({"dataframe": suite.frame()}).validate(declared, result_format="SUMMARY")
    failures = tuple(_sentence(suite.name, one) for one in result.results if not one.success)
    return Outcome(Verdict(suite.name, len(result.results), failures), _files(declared, result))


@cache
def _frame() -> Any:
    """The one asset of the one context. It lets go of a frame when it is given the next."""
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    return (
        context.data_sources.add_pandas("gates")
        .add_dataframe_asset("frame")
        .add_batch_definition_whole_dataframe("all")
    )


def _files(declared: Any, result: Any) -> dict[str, bytes]:
    for name in _OF_THE_RUN:
        result.meta.pop(name, None)
    for one in result.results:
        one.expectation_config.kwargs.pop("batch_id", None)
    document = json.dumps(result.to_json_dict(), ensure_ascii=False, indent=1, sort_keys=True)
    return {
        RESULT: document.encode(),
        RESULT_PAGE: _page(ValidationResultsPageRenderer(run_info_at_end=True).render(result)),
        EXPECTATIONS_PAGE: _page(ExpectationSuitePageRenderer().render(declared)),
    }


def _page(document: Any) -> bytes:
    return str(_view().render(document, show_how_to_buttons=False)).encode()


@cache
def _view() -> "_View":
    """One for all pages: its templates are compiled once."""
    return _View()


class _View(DefaultJinjaPageView):
    """The library's page with elements that are numbered, not drawn, and addresses that do not say when it was made."""

    def __init__(self) -> None:
        super().__init__()
        self._numbers = count(1)
        self.env.filters["generate_html_element_uuid"] = lambda prefix=None: f"{prefix or ''}{next(self._numbers)}"
        self.env.filters["add_data_context_id_to_url"] = lambda url, add_datetime=True: url

    def render(self, document: Any, template: str | None = None, **options: Any) -> Any:
        """Elements are numbered from 1 on every page."""
        self._numbers = count(1)
        return super().render(document, template, **options)


def _sentence(suite: str, result: Any) -> str:
    config = result.expectation_config
    if raised := _exception(result.exception_info or {}):
        return f"{suite}: {config.type} could not be evaluated: {raised}"
    where = config.kwargs.get("column") or ", ".join(config.kwargs.get("column_list") or [])
    details = result.result or {}
    seen = details.get("partial_unexpected_list") or details.get("observed_value")
    why = (config.meta or {}).get("why", "")
    return f"{suite}: {where or 'table'}: {why or config.type} (seen: {_short(seen)})"


def _exception(info: dict[str, Any]) -> str | None:
    """The message of what the library caught, which it files under each metric that was asked for, or under none."""
    for one in (info, *(part for part in info.values() if isinstance(part, dict))):
        if one.get("raised_exception"):
            return " ".join(str(one.get("exception_message")).split())
    return None


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 200 else text[:197] + "..."
