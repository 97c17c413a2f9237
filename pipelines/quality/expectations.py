"""Great Expectations, narrowed to what this project needs: validate small frames, and only those that changed.

Suites are declared elsewhere (`delivery_profiles.py`, `marts.py`), what was found is kept by `kept.py`, and shown by
`data_docs.py`. The row rules of a contract run in intake, as this library has no polars or DuckDB engine that works
(measured: 1.1 s and 750 MB per million rows in pandas). `library.py` alone imports it, which costs four seconds, so a
pass in which every suite is reused never does.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.quality import kept
from pipelines.quality.data_docs import build_data_docs
from pipelines.quality.suites import Expectation, Suite, Verdict

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Expectation", "Suite", "Verdict", "build_data_docs", "validate", "validate_suites"]


def validate_suites(suites: Iterable[Suite], store: Path) -> dict[str, Verdict]:
    """Verdict on every suite by its name, all in one pass.

    A suite whose expectations, code and content are those of a pass kept in `store/<suite>` is not validated again;
    every other is, and its result replaces the earlier one, so that the documents show what is being released.
    """
    return {suite.name: _verdict(suite, store) for suite in suites}


def validate(suite: str, frame: "pd.DataFrame", expectations: Sequence[Expectation], store: Path) -> Verdict:
    """Verdict on one frame, as `validate_suites` gives it."""
    one = Suite(suite, expectations, kept.digest(repr(frame.to_dict("split")), repr(frame.dtypes)), lambda: frame)
    return _verdict(one, store)


def _verdict(suite: Suite, store: Path) -> Verdict:
    key = kept.key(suite)
    if passed := kept.passed(store, suite.name, key):
        return passed
    from pipelines.quality import library

    outcome = library.validate(suite)
    kept.keep(store, key, outcome.verdict, outcome.files)
    return outcome.verdict
