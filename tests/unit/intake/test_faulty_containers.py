"""Deliveries that bring more than data, and tables in further containers: what lands, what is noted, what is refused."""

from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
import pytest

from pipelines.intake.bronze import delivered_files, rejected_files
from pipelines.intake.news import new_files
from pipelines.intake.run import ingest
from pipelines.paths import Warehouse
from tests.support import zipped

from .conftest import Deliver, patents

TIF = b"II*\0" + bytes(60)
PDF = b"%PDF-1.7\n"
DAY = "patents/2024-06-30"


def statuses(warehouse: Warehouse) -> dict[str, str]:
    """Path below the source → status, of all files intake knows."""
    known = pl.concat([delivered_files(warehouse), rejected_files(warehouse)])
    assert known.select("source_path", "source_file_sha256").is_duplicated().sum() == 0
    return {path.removeprefix("patents/"): status for path, status in known.select("source_path", "status").iter_rows()}


def bronze(warehouse: Warehouse) -> pl.DataFrame:
    return pl.read_parquet(warehouse.bronze / "patents" / "*.parquet").sort("source_path", "source_row")


@pytest.fixture
def faulty_rows(
    warehouse: Warehouse, deliver: Deliver, faulty: Callable[[str], bytes]
) -> Callable[[str], list[dict[str, Any]]]:
    """Delivers one of the faulty files and gives its rows in bronze."""

    def land(name: str) -> list[dict[str, Any]]:
        deliver(f"{DAY}/{name.partition('__')[2]}", faulty(name))
        result = ingest(warehouse, "patents")
        assert result.rejected == (), [refused.message for refused in result.rejected]
        return bronze(warehouse).to_dicts()

    return land


def test_04_an_offices_zip_lands_and_its_drawing_is_no_data(
    warehouse: Warehouse, faulty_rows: Callable[[str], list[dict[str, Any]]]
) -> None:
    (row,) = faulty_rows("04_patents__office_zip_with_drawings.zip")
    assert (row["publication_no"], row["title"]) == ("CN1234567", "一种样例陶瓷")
    assert statuses(warehouse) == {
        "2024-06-30/office_zip_with_drawings.zip!CN1234567C/CN1234567C.XML": "loaded",
        "2024-06-30/office_zip_with_drawings.zip!CN1234567C/1234567_DRIMG1.TIF": "no_data",
    }
    (drawing,) = delivered_files(warehouse).filter(pl.col("status") == "no_data").to_dicts()
    assert drawing["message"] == "a picture, from which nothing is read: no data"
    assert (drawing["rows_in"], drawing["rows_out"], drawing["rows_quarantined"]) == (0, 0, 0)


@pytest.mark.parametrize("name", ["13_patents__opendocument.ods", "13_patents__excel_2003_xml.xls"])
def test_13_other_sheets_are_read(faulty_rows: Callable[[str], list[dict[str, Any]]], name: str) -> None:
    (row,) = faulty_rows(name)
    found = [row[column] for column in ("application_no", "title", "publication_no", "applicant", "ipc")]
    assert found == ["201210424464.6", "釉料", "CN102889890", "淄博样例0有限公司", "C04B35/00"]
    assert (row["publication_date"], row["filing_date"]) == (date(2016, 11, 23), date(2012, 10, 30))
    assert row["source_row"] == 2


def test_13_every_document_of_a_file_is_read(faulty_rows: Callable[[str], list[dict[str, Any]]]) -> None:
    rows = faulty_rows("13_patents__two_documents_in_one_file.xml")
    assert [(row["source_row"], row["publication_no"]) for row in rows] == [(1, "CN1234567"), (2, "CN1345678")]


MIXED = {
    "清单.csv": patents().encode(),
    "关于报送数据的函.pdf": PDF,
    "图/附图1.TIF": TIF,
    "说明.txt": "本次报送专利三件，请查收。\n".encode("gbk"),
    "index.html": b"<html><body>index</body></html>",
    "占位.txt": b"",
}


def test_what_holds_no_data_beside_data_in_an_archive_is_noted(warehouse: Warehouse, deliver: Deliver) -> None:
    deliver(f"{DAY}/六月.zip", zipped(MIXED))
    result = ingest(warehouse, "patents")
    assert result.rejected == () and result.rows("rows_out") == 3
    found = {path.partition("!")[2]: status for path, status in statuses(warehouse).items()}
    assert found == {name: "loaded" if name == "清单.csv" else "no_data" for name in MIXED}
    assert new_files(warehouse, warehouse.landing, ["patents"]) == []
    assert ingest(warehouse, "patents").files.is_empty()  # known now


@pytest.mark.parametrize("content", [PDF, TIF, zipped({"a.pdf": PDF, "b.tif": TIF}), zipped({"a.txt": b""})])
def test_a_delivery_without_data_is_refused(warehouse: Warehouse, deliver: Deliver, content: bytes) -> None:
    deliver(f"{DAY}/交付", content)
    result = ingest(warehouse, "patents")
    assert result.rejected and all(one.is_unreadable for one in result.rejected)
    assert all(one.message.endswith("; no data came with it") for one in result.rejected)
    assert set(statuses(warehouse).values()) == {"rejected"}
    assert delivered_files(warehouse).is_empty()


def test_pictures_beside_data_do_no_harm_but_a_document_may_be_the_delivery(
    warehouse: Warehouse, deliver: Deliver
) -> None:
    deliver(f"{DAY}/清单.csv", patents())
    deliver(f"{DAY}/扫描件.jpg", b"\xff\xd8\xff\xe0" + bytes(60))
    deliver(f"{DAY}/附图.zip", zipped({"1.tif": TIF}))
    deliver(f"{DAY}/七月.pdf", PDF)
    deliver("patents/2024-07-31/扫描件.jpg", b"\xff\xd8\xff\xe0" + bytes(61))
    ingest(warehouse, "patents")
    assert statuses(warehouse) == {
        "2024-06-30/清单.csv": "loaded",
        "2024-06-30/扫描件.jpg": "no_data",
        "2024-06-30/附图.zip!1.tif": "no_data",
        "2024-06-30/七月.pdf": "rejected",
        "2024-07-31/扫描件.jpg": "rejected",
    }


def test_what_came_first_without_data_is_noted_once_the_data_comes(warehouse: Warehouse, deliver: Deliver) -> None:
    deliver(f"{DAY}/a.jpg", b"\xff\xd8\xff\xe0" + bytes(60))
    assert len(ingest(warehouse, "patents").rejected) == 1
    deliver(f"{DAY}/清单.csv", patents())
    assert ingest(warehouse, "patents").rejected == ()
    deliver(f"{DAY}/b.jpg", b"\xff\xd8\xff\xe0" + bytes(60))  # the same picture again, after the data
    deliver(f"{DAY}/清单 (2).csv", patents())
    assert ingest(warehouse, "patents").rejected == ()
    deliver(f"{DAY}/c.jpg", b"\xff\xd8\xff\xe0" + bytes(60))
    assert ingest(warehouse, "patents").rejected == ()
    assert statuses(warehouse) == {
        "2024-06-30/a.jpg": "no_data",
        "2024-06-30/b.jpg": "no_data",
        "2024-06-30/c.jpg": "no_data",
        "2024-06-30/清单.csv": "loaded",
        "2024-06-30/清单 (2).csv": "duplicate_content",
    }


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("坏.csv", b"\x81\x20\xff\xff\x80"),
        ("坏.xls", b"\xd0\xcf\x11\xe0broken"),
        ("坏.xml", b"<a><b></a>"),
        ("坏.json", b'[{"a": '),
        ("空.csv", b""),
        ("坏", bytes(range(1, 200))),
        ("清单.rar", b"Rar!\x1a\x07\x01\x00"),
        ("其他.txt", "编号\t金额\n1\t2\n".encode()),
    ],
)
def test_what_should_be_data_and_cannot_be_read_still_fails(
    warehouse: Warehouse, deliver: Deliver, name: str, content: bytes
) -> None:
    deliver(f"{DAY}/六月.zip", zipped({"清单.csv": patents().encode(), name: content, "函.pdf": PDF}))
    (refused,) = ingest(warehouse, "patents").rejected
    assert refused.message.startswith(f"{DAY}/六月.zip!{name}: ")
    assert statuses(warehouse)["2024-06-30/六月.zip!函.pdf"] == "no_data"


def test_names_in_gbk_are_shown_right(warehouse: Warehouse, deliver: Deliver) -> None:
    """A ZIP made by Windows in Chinese: no flag, names in code page 936, backslash bytes within characters."""
    folder, table, drawing = ("淄博乗数据/六月/" + name for name in ("清单.csv", "坏.csv", "图.tif"))
    names = {f"{'n' * len(name.encode('gbk'))}{i}": name for i, name in enumerate((folder, table, drawing))}
    content = zipped(dict(zip(names, (patents().encode(), b"<a><b></a>", TIF), strict=True)))
    for placeholder, name in names.items():
        content = content.replace(placeholder.encode(), name.encode("gbk") + placeholder[-1:].encode())
    deliver(f"{DAY}/交付.zip", content)
    (refused,) = ingest(warehouse, "patents").rejected
    assert refused.message.startswith(f"{DAY}/交付.zip!淄博乗数据/六月/坏.csv1: the XML")
    assert statuses(warehouse) == {
        "2024-06-30/交付.zip!淄博乗数据/六月/清单.csv0": "loaded",
        "2024-06-30/交付.zip!淄博乗数据/六月/坏.csv1": "rejected",
        "2024-06-30/交付.zip!淄博乗数据/六月/图.tif2": "no_data",
    }
