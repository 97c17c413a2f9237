"""Intake of one large GB18030 list and one large XML file: rows a second, peak memory, and the ratio to bare parsing;
and of many small lists: what a file costs above the rows in it.

Run `python benchmarks/intake.py [--rows N]`. Each measurement is a process of its own; a ratio compares two figures of
one run on one machine, so it means something where absolute times do not.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

HEADER = "item,name,authorization_notice_id,authorized_announcement_date,filing_id,filing_date,patentee,designer,address,Int.Cl."
DISTRICTS = ("张店区", "临淄区", "淄川区", "博山区", "周村区", "桓台县", "高青县", "沂源县", "高新区")
SMALL_FILES, SMALL_ROWS = 240, 20
ROOT = '<business:PRS xmlns:business="http://www.sipo.gov.cn/XMLSchema/business" xmlns:base="http://www.sipo.gov.cn/XMLSchema/base">'


def numbers(prefix: str, count: int) -> list[str]:
    """Application numbers with right check digits, in the form with the dot."""
    import polars as pl

    from pipelines.codes import application_no

    office_form = pl.DataFrame({"body": [f"{prefix}{n:09d}" for n in range(1, count + 1)]})
    return office_form.select(application_no.parse("body").struct.field("application_no")).to_series().to_list()


def write_list(file: Path, rows: int) -> None:
    """A synthetic gazette list of utility models with right check digits."""
    with file.open("w", encoding="gb18030", newline="") as stream:
        stream.write(HEADER + "\n")
        stream.writelines(list_rows(rows))


def list_rows(rows: int) -> Iterator[str]:
    """The lines of such a list."""
    for n, number in enumerate(numbers("202018", rows)):
        district = DISTRICTS[n % len(DISTRICTS)]
        yield (
            f"{n + 1},合成样例装置{n % 977},CN{208_000_000 + n}U,2019.07.09,{number.replace('.', '')},2018.0{n % 9 + 1}.12,"
            f"淄博合成样例有限公司{n % 4001}号,样例人,255000山东省淄博市{district}样例路{n % 997}号,"
            f"B{n % 60 + 1:02d}B{n % 40 + 1}/00(2006.01)I;\n"
        )


def small_deliveries(landing: Path, rows: list[str], files: int) -> None:
    """The same rows in so many lists, one a week."""
    each = len(rows) // files
    for number in range(files):
        day = date(2019, 7, 15) + timedelta(weeks=number)
        target = landing / "patents" / day.isoformat() / "合成清单.csv"
        target.parent.mkdir(parents=True)
        target.write_text("".join([HEADER + "\n", *rows[number * each : (number + 1) * each]]), "gb18030")


def write_events(file: Path, records: int) -> None:
    """Synthetic legal events in the office's XML, many records in one file."""
    with file.open("w", encoding="utf-8") as stream:
        stream.write(f'<?xml version="1.0" encoding="UTF-8"?>\n{ROOT}\n')
        for n, number in enumerate(numbers("102012", records)):
            stream.write(
                '<business:PRSRecord><business:ApplicationReference dataFormat="original"><base:DocumentID>'
                f"<base:WIPOST3Code>CN</base:WIPOST3Code><base:DocNumber>{number}</base:DocNumber>"
                "<base:Date>20120301</base:Date></base:DocumentID></business:ApplicationReference>"
                "<business:PRSPublicationDate><base:Date>20190709</base:Date></business:PRSPublicationDate>"
                "<business:PRSCode>CF01</business:PRSCode><business:PRSValue>未缴年费专利权终止</business:PRSValue>"
                f"<business:PRSInformation>未缴年费专利权终止\n申请日:20120301\n授权公告日:20150506\n终止日:201803{n % 28 + 1:02d}"
                "</business:PRSInformation></business:PRSRecord>\n"
            )
        stream.write("</business:PRS>\n")


def parse_list(file: Path, _: Path) -> int:
    """The floor for the list: decode and split into text columns, nothing else."""
    import polars as pl

    return pl.read_csv(file, encoding="gb18030", infer_schema=False).height


def parse_events(file: Path, _: Path) -> int:
    """The floor for XML: let expat tokenise the file, with no handler."""
    from xml.parsers import expat

    parser = expat.ParserCreate()
    with file.open("rb") as stream:
        parser.ParseFile(stream)
    return 0


def ingest_patents(file: Path, folder: Path) -> int:
    """Landing to bronze for the list."""
    return _ingest("patents", file, folder)


def ingest_events(file: Path, folder: Path) -> int:
    """Landing to bronze for the events."""
    return _ingest("patent_events", file, folder)


def _ingest(source: str, file: Path, folder: Path) -> int:
    from pipelines.intake.run import ingest
    from pipelines.paths import Warehouse

    target = folder / "landing" / source / "2019-07-15" / file.name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.hardlink_to(file)
    result = ingest(Warehouse(folder / "warehouse"), source, landing=folder / "landing")
    if result.rejected:
        raise SystemExit(result.rejected[0].message)
    return result.rows("rows_out")


def ingest_many(_: Path, folder: Path) -> int:
    """Many small lists, each with a delivery date of its own."""
    return _ingest_small(folder, SMALL_FILES)


def ingest_once(_: Path, folder: Path) -> int:
    """The same rows in one list."""
    return _ingest_small(folder, 1)


def read_many(_: Path, folder: Path) -> int:
    """Many small lists read as tables, nothing more."""
    from pipelines.intake.readers import read_member

    small_deliveries(folder / "landing", list(list_rows(SMALL_FILES * SMALL_ROWS)), SMALL_FILES)
    files = [file for file in folder.rglob("*.csv")]
    return sum(read_member(file.name, file.read_bytes(), "patents").frame.height for file in files)


def _ingest_small(folder: Path, files: int) -> int:
    from pipelines.intake.run import ingest
    from pipelines.paths import Warehouse

    small_deliveries(folder / "landing", list(list_rows(SMALL_FILES * SMALL_ROWS)), files)
    return ingest(Warehouse(folder / "warehouse"), "patents", landing=folder / "landing").rows("rows_out")


STEPS: dict[str, Callable[[Path, Path], int]] = {
    step.__name__: step
    for step in (parse_list, ingest_patents, parse_events, ingest_events, ingest_many, ingest_once, read_many)
}


def measure(step: str, file: Path) -> dict[str, float]:
    """Seconds by the clock and of processor, and peak resident memory (MB) of one step, in a process of its own."""
    command = [sys.executable, __file__, "--step", step, "--file", str(file)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def run_step(step: str, file: Path) -> None:
    """Run one step and print its measurement; imports are loaded before the clock starts."""
    import polars  # noqa: F401

    import pipelines.intake.run  # noqa: F401

    with tempfile.TemporaryDirectory(dir=file.parent) as folder:
        started, worked = time.perf_counter(), time.process_time()
        STEPS[step](file, Path(folder))
        seconds, processor = time.perf_counter() - started, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "processor": processor, "peak_mb": peak}))


def report_small() -> None:
    """What a small file costs, in processor time, above the same rows in one file, and above reading it as a table."""
    with tempfile.TemporaryDirectory() as folder:
        many, once, reading = (
            measure(step, Path(folder, "none"))["processor"] for step in ("ingest_many", "ingest_once", "read_many")
        )
    print(
        f"ingest_many: {SMALL_FILES} files of {SMALL_ROWS} rows, {SMALL_FILES} delivery dates: "
        f"{(many - once) / SMALL_FILES * 1e3:.1f} ms a file above the same rows in one file, of which reading takes "
        f"{reading / SMALL_FILES * 1e3:.1f} ms; {many / once:.1f} times the one file ({once:.1f} s)"
    )


def report(rows: int) -> None:
    """Write the files, measure every step, print one line each."""
    report_small()
    with tempfile.TemporaryDirectory() as folder:
        files = {"list": Path(folder, "合成清单.csv"), "events": Path(folder, "合成事务.xml")}
        write_list(files["list"], rows)
        write_events(files["events"], rows // 5)
        for kind, floor, step, count in (
            ("list", "parse_list", "ingest_patents", rows),
            ("events", "parse_events", "ingest_events", rows // 5),
        ):
            size = files[kind].stat().st_size / 1e6
            least, whole = measure(floor, files[kind]), measure(step, files[kind])
            print(
                f"{step}: {count:,} rows, {size:.0f} MB: {count / whole['seconds']:,.0f} rows/s, "
                f"{size / whole['seconds']:.1f} MB/s, peak {whole['peak_mb']:,.0f} MB; "
                f"{whole['seconds'] / least['seconds']:.1f} times bare parsing ({least['seconds']:.1f} s)"
            )


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rows", type=int, default=1_000_000)
    arguments.add_argument("--step", choices=STEPS)
    arguments.add_argument("--file", type=Path)
    given = arguments.parse_args()
    if given.step:
        run_step(given.step, given.file)
    else:
        report(given.rows)
