"""What a release's page and workbook cost beside its tables, and how long the page takes to open.

Run `python benchmarks/presentation.py RELEASE` on a published release folder. Neither reads a table of records, so both
cost what a release has of indicators, regions and years, however many records stand behind them; that is shown by a
release whose records are there many times over (`--times`). Opening needs Chromium.
"""

import argparse
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
from playwright.sync_api import sync_playwright

from pipelines.release import page, workbook
from pipelines.release.database import STORAGE

RECORDS = ("fct_contribution", "fct_patent", "fct_patent_event", "fct_trademark")
ROUNDS = 3
PAGES = ("index.html", "indicator/inv_valid.html", "tasks.html")


def repeated(marts: Path, file: Path, times: int) -> Path:
    """A published file whose tables of records are `times` as long."""
    file.parent.mkdir()  # the file's name is its catalog's, so it has to stay
    shutil.copyfile(marts, file)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{file}' as grown (storage_version '{STORAGE}')")
        for table in RECORDS:
            connection.execute(
                f"insert into grown.{table} select t.* from grown.{table} as t, range({times - 1}) as copies"
            )
    return file


def seconds(work: Callable[[], object]) -> float:
    """The best of some rounds."""
    taken = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return min(taken)


def written(marts: Path, folder: Path) -> None:
    """Write the page into an emptied folder."""
    shutil.rmtree(folder / "page", ignore_errors=True)
    page.write(folder, marts)


def opened(folder: Path) -> dict[str, float]:
    """Seconds until each page has loaded, in a new Chromium each time."""
    taken = {}
    with sync_playwright() as playwright:
        for name in PAGES:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            tab = browser.new_page()
            started = time.perf_counter()
            tab.goto((folder / "page" / name).resolve().as_uri(), wait_until="load")
            taken[name] = time.perf_counter() - started
            browser.close()
    return taken


def main() -> None:
    """Print seconds, megabytes, and each as a multiple of the first release's."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("release", type=Path)
    parser.add_argument("--times", type=int, nargs="+", default=[1, 10])
    arguments = parser.parse_args()
    first: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for times in arguments.times:
            marts = repeated(
                (arguments.release / "marts.duckdb").resolve(), folder / f"{times}x" / "marts.duckdb", times
            )
            found = {
                "page, build s": seconds(lambda marts=marts: written(marts, folder)),
                "workbook, build s": seconds(lambda marts=marts: workbook.write(folder / "targets.xlsx", marts)),
                "page, MB": sum(f.stat().st_size for f in (folder / "page").rglob("*") if f.is_file()) / 1e6,
                **{f"{name}, open s": taken for name, taken in opened(folder).items()},
            }
            for what, value in found.items():
                first.setdefault(what, value)
                print(f"{times:>4} x  {what:<36} {value:8.2f}  {value / first[what]:6.2f}")


if __name__ == "__main__":
    main()
