"""What a run costs: the sample city from nothing, nothing new, one more file of five rows, and eight rows alone.

Run `python benchmarks/runs.py [--beside CHECKOUT PYTHON]`. CPU seconds of each run and of the processes it started, and
their share of the full run's. With another checkout of the project, each run is made by both in turn on this machine,
and the last column is the ratio of the two: absolute times mean little where other work goes on.
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

CHANGED = ("patents", "trademarks", "penalties", "pledges", "population")
ROWS = 5
IPW = "from pipelines.cli import app; app()"


@dataclass(frozen=True)
class Code:
    """A checkout and the interpreter of its environment."""

    checkout: Path
    python: Path

    def run(self, warehouse: Path, landing: Path) -> tuple[float, float]:
        """One `ipw run`: CPU seconds and seconds; raises CalledProcessError when it fails."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("IPW_", "DAGSTER_"))}
        places = {"IPW_WAREHOUSE": str(warehouse), "IPW_LANDING": str(landing), "PYTHONPATH": str(self.checkout)}
        before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        subprocess.run(
            [str(self.python), "-c", IPW, "run"],
            env=clean | places, cwd=self.checkout, capture_output=True, text=True, check=True,
        )  # fmt: skip
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, time.perf_counter() - started


def last_list(landing: Path, source: str, rows: int) -> tuple[Path, bytes]:
    """The last list of a source in a landing folder, and its header with so many rows."""
    last = max((landing / source).glob("*/*.csv"), key=lambda file: file.parts[-2:])
    return last, b"".join(last.read_bytes().splitlines(keepends=True)[: rows + 1])


def with_one_more(landing: Path, target: Path, source: str) -> Path:
    """A copy of a landing folder with one more file: the first rows of the last list of a source, delivered again."""
    shutil.copytree(landing, target)
    newest = max(folder.name for folder in target.glob("*/*-*-*"))
    last, lines = last_list(landing, source, ROWS)
    day = target / source / (date.fromisoformat(newest) + timedelta(days=20)).isoformat()
    day.mkdir()
    (day / f"more-{last.name}").write_bytes(lines)
    return target


def eight_rows(landing: Path, target: Path) -> Path:
    """A landing folder of two small lists out of another: four patents and four population figures."""
    for source in ("patents", "population"):
        last, lines = last_list(landing, source, 4)
        file = target / source / last.parent.name / last.name
        file.parent.mkdir(parents=True)
        file.write_bytes(lines)
    shutil.copy(landing / "SYNTHETIC.md", target)
    return target


def measured(code: Code, folder: Path, landing: Path, changed: tuple[str, ...]) -> Iterator[tuple[str, float, float]]:
    """Name, CPU seconds and seconds of each run, all of them over one full one."""
    full = folder / "full"
    yield "full", *code.run(full, landing)
    yield "nothing new", *code.run(full, landing)
    for source in changed:
        warehouse = folder / "changed"
        shutil.copytree(full, warehouse, symlinks=True)
        more = with_one_more(landing, folder / "more", source)
        yield f"one file of {source}", *code.run(warehouse, more)
        shutil.rmtree(warehouse)
        shutil.rmtree(more)
    yield "eight rows", *code.run(folder / "few", eight_rows(landing, folder / "few-rows"))


def main() -> None:
    """Print a line for each run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--landing", type=Path, help="default: the sample city, made anew")
    parser.add_argument("--changed", nargs="*", default=CHANGED, metavar="SOURCE")
    parser.add_argument("--beside", nargs=2, type=Path, metavar=("CHECKOUT", "PYTHON"))
    arguments = parser.parse_args()
    codes = [Code(Path(__file__).resolve().parents[1], Path(sys.executable))]
    codes += [Code(*arguments.beside)] if arguments.beside else []
    with tempfile.TemporaryDirectory() as temporary:
        landing = arguments.landing
        if not landing:
            from pipelines.sample import generate

            landing = Path(temporary) / "landing"
            generate(landing)
        folders = [Path(temporary) / str(number) for number, _ in enumerate(codes)]
        full = None
        for folder in folders:
            folder.mkdir()
        runs = [
            measured(code, folder, landing, tuple(arguments.changed))
            for code, folder in zip(codes, folders, strict=True)
        ]
        for found in zip(*runs, strict=True):
            name, cpu, seconds = found[0]
            full = full or cpu
            line = f"{name:<24} {cpu:7.1f} s CPU {seconds:7.1f} s  {cpu / full:6.1%} of full"
            if len(found) > 1:
                _, other, other_seconds = found[1]
                line += f"   beside {other:7.1f} s CPU {other_seconds:7.1f} s   ratio {cpu / other:5.2f}"
            print(line, flush=True)


if __name__ == "__main__":
    main()
