"""How long the evidence behind one value takes when a release has the sample's contributions once, and many times over.

Run `python benchmarks/evidence.py RELEASE [--times 1 20] [--folder DIR]` on a published release folder. A row repeated N times
is N records of their own, in the order a release has them; every value then rests on N times as many. What grows for a
value of few records is what finding them costs.
"""

import argparse
import tempfile
import time
from pathlib import Path
from statistics import median

import duckdb

from pipelines.release.database import EVIDENCE, STORAGE

CITY, DISTRICT, ZONE = "370300", "370303", "3703A1"
# Each kind of value: what is asked, from the least records to the most.
ASKED: dict[str, tuple[str, str, str]] = {
    "flow, a month of a district": ("inv_grants", DISTRICT, "2019-06"),
    "flow, a year of a zone": ("design_grants", ZONE, "2020"),
    "flow, a plan of the city": ("um_grants", CITY, "2016-2020"),
    "amount, a quarter of the city": ("enf_fines", CITY, "2020-Q2"),
    "stock, a district": ("inv_valid", DISTRICT, "2020"),
    "stock, the city": ("tm_valid", CITY, "2025"),
    "ratio by population": ("inv_valid_per_10k", CITY, "2020"),
    "ratio by an indicator": ("pledge_average", CITY, "2016-2020"),
    "ratio by districts": ("mediation_coverage", CITY, "2021"),
    "distribution": ("enf_median_days", CITY, "2020-S1"),
    "observed": ("protection_satisfaction", CITY, "2019"),
}
ROUNDS = 5
SUMMED = "select count(*), sum(coalesce(amount, delta)) from evidence($1, $2, $3)"
NEWEST = "select * from evidence($1, $2, $3) order by effective_date desc, record_id limit 20"


def build(release: Path, file: Path, times: int) -> int:
    """Write a published file whose contributions are the release's repeated; returns how many there are."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{file}' as published (storage_version '{STORAGE}')")
        connection.execute("use published")
        for table in sorted((release / "parquet").glob("*.parquet")):
            rows = f"from read_parquet('{table}')"
            if table.stem == "fct_contribution" and times > 1:
                rows = f"select * exclude (copy) replace (record_id || '~' || copy as record_id) from (select *, unnest(range({times})) as copy {rows})"
            connection.execute(f"create table {table.stem} as {rows}")
        connection.execute(EVIDENCE.read_text(encoding="utf-8"))
        (count,) = connection.execute("select count(*) from fct_contribution").fetchall()[0]
        connection.execute("use memory")
        connection.execute("detach published")
    return int(count)


def seconds(file: Path, query: str, asked: tuple[str, str, str]) -> tuple[float, float]:
    """The first answer of a new connection, and the middle one of those after it."""
    taken = []
    with duckdb.connect(str(file), read_only=True) as connection:
        for _ in range(ROUNDS):
            started = time.perf_counter()
            connection.execute(query, list(asked)).fetchall()
            taken.append(time.perf_counter() - started)
    return taken[0], median(taken[1:])


def report(release: Path, times: list[int], folder: Path) -> None:
    """Build each file, ask for each kind of value, print one line each."""
    for n in times:
        file = folder / f"marts_{n}.duckdb"
        count = build(release, file, n)
        print(f"{n} times: {count:,} contributions, {file.stat().st_size / 1e6:,.0f} MB")
        for kind, asked in ASKED.items():
            with duckdb.connect(str(file), read_only=True) as connection:
                (records, _) = connection.execute(SUMMED, list(asked)).fetchall()[0]
            first, summed = seconds(file, SUMMED, asked)
            _, newest = seconds(file, NEWEST, asked)
            print(
                f"  {kind:30} {records:>12,} rows: sum {summed * 1000:7.1f} ms (first {first * 1000:.1f}), "
                f"newest 20 {newest * 1000:7.1f} ms"
            )
        file.unlink()


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("release", type=Path)
    arguments.add_argument("--times", type=int, nargs="+", default=[1, 20])
    arguments.add_argument("--folder", type=Path)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as scratch:
        report(given.release, given.times, Path(scratch))
