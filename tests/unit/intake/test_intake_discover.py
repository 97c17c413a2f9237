"""What lies in landing: dates, marks, archives, what is ignored and what is refused."""

import io
import zipfile
from datetime import date

import pytest

from pipelines.errors import ConfigError
from pipelines.intake.discover import Delivered, check_folders, deliveries
from pipelines.intake.news import new_files
from pipelines.intake.run import ingest
from pipelines.paths import Warehouse
from tests.unit.intake.conftest import ROWS, Deliver, patents

TODAY = date(2024, 5, 1)


def found(warehouse: Warehouse, source: str = "patents") -> list[Delivered]:
    return list(deliveries(warehouse.landing, source, {}, TODAY))


def zipped(**files: bytes | str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "."), text)
    return content.getvalue()


def test_files_come_in_path_order_with_the_date_of_their_folder(warehouse: Warehouse, deliver: Deliver) -> None:
    for path in ("2024-02-29/b.csv", "2024-01-31/z.csv", "2024-01-31/张店/a.csv", "loose.csv"):
        deliver(f"patents/{path}", path)
    assert [(file.source_path, file.delivered_on) for file in found(warehouse)] == [
        ("patents/2024-01-31/z.csv", date(2024, 1, 31)),
        ("patents/2024-01-31/张店/a.csv", date(2024, 1, 31)),
        ("patents/2024-02-29/b.csv", date(2024, 2, 29)),
        ("patents/loose.csv", TODAY),
    ]


def test_what_is_no_delivery_is_ignored(warehouse: Warehouse, deliver: Deliver) -> None:
    for name in (".hidden.csv", "~$list.xlsx", "list.csv.tmp", "list.csv.part", "Thumbs.db", ".DS_Store", "README.md"):
        deliver(f"patents/2024-01-31/{name}", "x")
    deliver("README.md", "x")
    deliver(".git/config", "x")
    check_folders(warehouse.landing)
    assert found(warehouse) == []


@pytest.mark.parametrize("marker", ["SYNTHETIC", "patents/SYNTHETIC.md", "patents/2024-01-31/SYNTHETIC.txt"])
def test_a_marker_marks_everything_below(warehouse: Warehouse, deliver: Deliver, marker: str) -> None:
    deliver(marker, "")
    deliver("patents/2024-01-31/张店/a.csv", "x")
    deliver("population/2024-01-31/b.csv", "x")
    assert [file.is_synthetic for file in found(warehouse)] == [True]
    assert [file.is_synthetic for file in found(warehouse, "population")] == [marker == "SYNTHETIC"]


def test_a_folder_that_is_no_source_is_refused_with_the_known_ones(warehouse: Warehouse, deliver: Deliver) -> None:
    deliver("patent/2024-01-31/a.csv", "x")
    with pytest.raises(
        ConfigError, match=r"landing/patent: no source of this name; known sources: .*patents.*corrections"
    ):
        ingest(warehouse, "patents")


def test_a_file_outside_a_source_is_refused(warehouse: Warehouse, deliver: Deliver) -> None:
    deliver("list.csv", "x")
    with pytest.raises(ConfigError, match="belongs in landing/<source>/<YYYY-MM-DD>/"):
        new_files(warehouse, warehouse.landing, ["patents"])


@pytest.mark.parametrize("folder", ["20240131", "2024-13-01", "2024-1-31", "一月"])
def test_a_folder_that_is_no_date_is_refused(warehouse: Warehouse, deliver: Deliver, folder: str) -> None:
    deliver(f"patents/{folder}/a.csv", "x")
    with pytest.raises(ConfigError, match=f"{folder}: not a delivery date; name the folder YYYY-MM-DD"):
        found(warehouse)


def test_members_of_archives_are_files_of_their_own(warehouse: Warehouse, deliver: Deliver) -> None:
    inner = zipped(b__csv=patents(ROWS[1]))
    deliver("patents/2024-01-31/一月.zip", zipped(a__csv=patents(ROWS[0]), inner__zip=inner, bad__csv=b""))
    result = ingest(warehouse, "patents")
    assert result.files.filter(result.files["status"] == "loaded")["source_path"].to_list() == [
        "patents/2024-01-31/一月.zip!a.csv",
        "patents/2024-01-31/一月.zip!inner.zip!b.csv",
    ]
    (rejected,) = result.rejected
    assert rejected.source_path == "patents/2024-01-31/一月.zip!bad.csv"
    assert new_files(warehouse, warehouse.landing, ["patents"]) == []


def test_an_archive_that_cannot_be_opened_is_refused_whole(warehouse: Warehouse, deliver: Deliver) -> None:
    content = zipped(a__csv=patents(*ROWS * 50), b__csv=patents(ROWS[0]))
    deliver("patents/2024-01-31/a.zip", content[: len(content) // 2])
    deliver("patents/2024-01-31/b.csv", patents(ROWS[1]))
    result = ingest(warehouse, "patents")
    (rejected,) = result.rejected
    assert rejected.source_path == "patents/2024-01-31/a.zip" and rejected.is_unreadable
    assert result.rows("rows_out") == 1
    assert new_files(warehouse, warehouse.landing, ["patents"]) == []
