"""Results of suites as they lie in `store/<suite>/`: which inputs they are of, written whole, read only if undamaged.

What is in the files beside the verdict is the library's business. A result is never taken for that of other inputs,
and one that was half written or altered counts as none.
"""

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

from pipelines.quality.suites import Suite, Verdict

_VERDICT = "verdict.json"
_UNFINISHED = ".unfinished-"
_LIBRARIES = ("great_expectations", "pandas", "duckdb", "polars")
"""Those that decide what a frame holds and what is said of it."""


@dataclass(frozen=True)
class Kept:
    """One suite's kept result: `files` holds the content of the library's files by name."""

    key: str
    verdict: Verdict
    files: Mapping[str, bytes]


def key(suite: Suite) -> str:
    """Over everything a verdict depends on: what is expected and why, libraries, code, and the frame's content."""
    expected = [[one.kind, one.arguments, one.why] for one in suite.expectations]
    return digest(suite.name, json.dumps(expected, sort_keys=True, default=repr), _code(), suite.content)


def passed(store: Path, suite: str, key: str) -> Verdict | None:
    """The recorded pass of a suite on exactly these inputs. None when there is none: a failure is never one."""
    found = _read(store / suite)
    return found.verdict if found and found.key == key and found.verdict.passed else None


def every(store: Path) -> Iterator[Kept]:
    """What is kept of every suite, in the order of their names."""
    for folder in sorted(store.glob("*/")):
        if not folder.name.startswith(".") and (found := _read(folder)):
            yield found


def keep(store: Path, key: str, verdict: Verdict, files: Mapping[str, bytes]) -> None:
    """Replace what is kept of a suite, in one rename: what a kill or a full disk cut short is not read."""
    unfinished = store / f"{_UNFINISHED}{verdict.suite}"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    for name, content in files.items():
        (unfinished / name).write_bytes(content)
    record = {
        "key": key,
        "suite": verdict.suite,
        "evaluated": verdict.evaluated,
        "failures": verdict.failures,
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    }
    (unfinished / _VERDICT).write_text(json.dumps(record, ensure_ascii=False, indent=1), encoding="utf-8")
    shutil.rmtree(store / verdict.suite, ignore_errors=True)
    unfinished.rename(store / verdict.suite)


def digest(*parts: str) -> str:
    """SHA-256 over texts, told apart by their lengths."""
    return hashlib.sha256("".join(f"{len(part)}:{part}" for part in parts).encode()).hexdigest()


def _read(folder: Path) -> Kept | None:
    try:
        record = json.loads((folder / _VERDICT).read_text(encoding="utf-8"))
        files = {name: (folder / name).read_bytes() for name in record["files"]}
        hashes = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
        if hashes != record["files"] or record["suite"] != folder.name:
            return None
        verdict = Verdict(record["suite"], int(record["evaluated"]), tuple(record["failures"]), reused=True)
        return Kept(str(record["key"]), verdict, files)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None


@cache
def _code() -> str:
    """Over the gates' own code and the libraries below it."""
    sources = sorted(Path(__file__).parent.glob("*.py"))
    return digest(*(f"{source.name}\n{source.read_text('utf-8')}" for source in sources), *map(version, _LIBRARIES))
