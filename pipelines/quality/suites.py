"""What a gate speaks of: expectations, the suites they make up, and the verdicts on them. Nothing is validated here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Expectation:
    """One declared expectation: the library's class name, its arguments, and why it is asked."""

    kind: str
    arguments: dict[str, Any]
    why: str

    @property
    def columns(self) -> list[str]:
        """The columns that its arguments name."""
        single = [self.arguments[name] for name in ("column", "column_A", "column_B") if name in self.arguments]
        return [*single, *self.arguments.get("column_list", [])]


@dataclass(frozen=True)
class Suite:
    """Expectations on one frame, which is made only when it must be validated."""

    name: str
    expectations: Sequence[Expectation]
    content: str
    """Says what is in the frame: equal only for equal contents."""
    frame: "Callable[[], pd.DataFrame]"


@dataclass(frozen=True)
class Verdict:
    """Outcome of one suite: the failures as sentences a person can act on."""

    suite: str
    evaluated: int
    failures: tuple[str, ...]
    reused: bool = False
    """A pass recorded earlier, on the same inputs."""

    @property
    def passed(self) -> bool:
        """True when at least one expectation was evaluated and none failed: nothing evaluated is not a pass."""
        return self.evaluated > 0 and not self.failures
