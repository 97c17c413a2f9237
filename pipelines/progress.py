"""One line per step on the screen while Dagster runs: what it made, which gate failed, how long it took."""

import logging
import sys
import time

import dagster as dg
from dagster import DagsterEventType

_MARK = {True: "✓", False: "✗"}


class ProgressHandler(logging.Handler):
    """Turns Dagster events into short lines on standard error; counts a step's checks instead of listing them."""

    def __init__(self) -> None:
        super().__init__()
        self._started: dict[str, float] = {}
        self._made = 0
        self._checked = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Write the line a record deserves; most deserve none."""
        event = getattr(record, "dagster_event", None)
        if event is None:
            return
        kind, step = event.event_type, event.step_key or ""
        if kind == DagsterEventType.STEP_START:
            self._started[step], self._made, self._checked = time.monotonic(), 0, 0
        elif kind == DagsterEventType.ASSET_MATERIALIZATION:
            self._made += 1
        elif kind == DagsterEventType.ASSET_CHECK_EVALUATION:
            self._check(event.asset_check_evaluation_data)
        elif kind == DagsterEventType.STEP_SUCCESS:
            self._line(_MARK[True], step)
        elif kind == DagsterEventType.STEP_FAILURE:
            self._line(_MARK[False], step)

    def _check(self, evaluation: dg.AssetCheckEvaluation) -> None:
        self._checked += 1
        if not evaluation.passed:
            name = f"{evaluation.asset_key.to_user_string()}: {evaluation.check_name}"
            print(f"    ✗ gate {name} {evaluation.description or ''}", file=sys.stderr, flush=True)

    def _line(self, mark: str, step: str) -> None:
        seconds = time.monotonic() - self._started.get(step, time.monotonic())
        counts = [f"{n} {what}" for n, what in ((self._made, "tables"), (self._checked, "checks")) if n]
        print(f"  {mark} {step:<42} {seconds:6.1f} s  {', '.join(counts)}", file=sys.stderr, flush=True)


@dg.logger(None, "Progress for people: one line per step.")
def progress_logger(_: dg.InitLoggerContext) -> logging.Logger:
    """The logger Dagster writes its events to."""
    logger = logging.Logger("ipw", level=logging.DEBUG)
    logger.addHandler(ProgressHandler())
    return logger
