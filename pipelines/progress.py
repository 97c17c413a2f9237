"""One line per step on the screen while Dagster runs: what it made, which gate failed, how long it took and is left.

How long is left is known from the run before, whose seconds per step are kept beside the build.
"""

import json
import logging
import sys
import time
from collections import Counter
from collections.abc import Collection, Mapping
from pathlib import Path

import dagster as dg
from dagster import DagsterEventType

_MARK = {True: "✓", False: "✗"}


class ProgressHandler(logging.Handler):
    """Turns Dagster events into short lines on standard error; counts a step's checks instead of listing them."""

    def __init__(self, steps: Collection[str] = (), seconds: Mapping[str, float] | None = None) -> None:
        """`steps` are those the run will take, `seconds` what each took when it was last taken."""
        super().__init__()
        self._steps, self._seconds = len(steps), {step: (seconds or {}).get(step) for step in steps}
        self._started: dict[str, float] = {}
        self._ended = 0
        self._counts: Counter[str] = Counter()

    def emit(self, record: logging.LogRecord) -> None:
        """Write the line a record deserves; most deserve none."""
        event = getattr(record, "dagster_event", None)
        if event is None:
            return
        kind, step = event.event_type, event.step_key or ""
        if kind == DagsterEventType.STEP_START:
            self._started[step], self._counts = time.monotonic(), Counter()
        elif kind == DagsterEventType.ASSET_MATERIALIZATION:
            self._count("tables", event.step_materialization_data.materialization.metadata)
        elif kind == DagsterEventType.ASSET_CHECK_EVALUATION:
            self._check(event.asset_check_evaluation_data)
        elif kind == DagsterEventType.STEP_SUCCESS:
            self._line(_MARK[True], step)
        elif kind == DagsterEventType.STEP_FAILURE:
            self._line(_MARK[False], step)

    def _check(self, evaluation: dg.AssetCheckEvaluation) -> None:
        self._count("checks", evaluation.metadata)
        if not evaluation.passed:
            name = f"{evaluation.asset_key.to_user_string()}: {evaluation.check_name}"
            print(f"    ✗ gate {name} {evaluation.description or ''}", file=sys.stderr, flush=True)

    def _count(self, what: str, metadata: Mapping[str, dg.MetadataValue]) -> None:
        self._counts[what] += 1
        self._counts[f"{what} reused"] += "reused" in metadata and bool(metadata["reused"].value)

    def _line(self, mark: str, step: str) -> None:
        seconds = time.monotonic() - self._started.get(step, time.monotonic())
        counts = []
        for what in ("tables", "checks"):
            if n := self._counts[what]:
                reused = self._counts[f"{what} reused"]
                counts.append(f"{n} {what}" + (f" ({reused} reused)" if reused else ""))
        self._ended += 1
        self._seconds.pop(step, None)
        place = f"{self._ended:>3}/{self._steps} " if self._steps else ""
        line = f"  {place}{mark} {step:<42} {seconds:6.1f} s  {', '.join(counts):<46}{self._left()}"
        print(line.rstrip(), file=sys.stderr, flush=True)

    def _left(self) -> str:
        """Nothing where a step ahead has never been timed: a guess would be no better than the count."""
        ahead = list(self._seconds.values())
        if not ahead or any(seconds is None for seconds in ahead):
            return ""
        return f"about {sum(seconds or 0 for seconds in ahead):,.0f} s left"


@dg.logger(
    {"steps": dg.Field([str], default_value=[]), "seconds": dg.Field(dg.Permissive(), default_value={})},
    "Progress for people: one line per step.",
)
def progress_logger(init: dg.InitLoggerContext) -> logging.Logger:
    """The logger Dagster writes its events to; its configuration is what ProgressHandler is made with."""
    logger = logging.Logger("ipw", level=logging.DEBUG)
    logger.addHandler(ProgressHandler(init.logger_config["steps"], init.logger_config["seconds"]))
    return logger


def kept_seconds(file: Path) -> dict[str, float]:
    """Step → seconds as the run before left them in `file`; nothing where there is none, or half of one."""
    try:
        return dict(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def keep_seconds(file: Path, result: dg.ExecuteInProcessResult) -> None:
    """Leave the seconds of a finished run's steps for the next one."""
    seconds = {
        event.step_key: round(event.step_success_data.duration_ms / 1000, 1)
        for event in result.all_events
        if event.is_step_success and event.step_key
    }
    file.write_text(json.dumps(seconds, indent=1, sort_keys=True), encoding="utf-8")
