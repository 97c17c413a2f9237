"""Landing batch by batch: what is new, what repeats, what is refused, what a killed run leaves behind."""

import json
import os
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipelines.contracts.registry import contracts
from pipelines.contracts.schema import DELIVERED_FIELDS, DELIVERED_FILES, QUARANTINE, bronze_schema, schema
from pipelines.errors import ConfigError, IpwError
from pipelines.intake import bronze
from pipelines.intake.bronze import delivered_fields, delivered_files, quarantined_rows, rejected_files
from pipelines.intake.news import bronze_fingerprint, new_files
from pipelines.intake.run import ingest, prepare
from pipelines.paths import Warehouse
from tests.unit.intake.conftest import HEADER, ROWS, Deliver, patents

BAD = ROWS[0].replace("201210424464.6", "201210424464.5")


def landed(warehouse: Warehouse, source: str = "patents") -> pl.DataFrame:
    return pl.read_parquet(warehouse.bronze / source / "*.parquet")


def test_a_delivery_lands_as_one_batch_with_its_provenance(warehouse: Warehouse, deliver: Deliver) -> None:
    deliver("patents/2024-01-31/b.csv", patents(ROWS[0]))
    deliver("patents/2024-01-31/a.csv", patents(ROWS[1], BAD))
    deliver("patents/2024-02-29/c.csv", patents(ROWS[2]))
    result = ingest(warehouse, "patents")
    assert [batch[:9] for batch in result.batches] == ["20240131-", "20240229-"]
    assert result.rows("rows_in") == 4 and result.rows("rows_quarantined") == 1 and result.unaccounted() == []
    rows = landed(warehouse).sort("delivered_on", "source_path")
    assert rows.select("source_path", "source_row", "delivered_on", "batch_id", "is_synthetic").rows() == [
        ("patents/2024-01-31/a.csv", 2, date(2024, 1, 31), result.batches[0], False),
        ("patents/2024-01-31/b.csv", 2, date(2024, 1, 31), result.batches[0], False),
        ("patents/2024-02-29/c.csv", 2, date(2024, 2, 29), result.batches[1], False),
    ]
    (aside,) = quarantined_rows(warehouse).to_dicts()
    assert (aside["source_path"], aside["source_row"], aside["batch_id"]) == (
        "patents/2024-01-31/a.csv",
        3,
        result.batches[0],
    )
    assert json.loads(aside["raw"])["申请号"] == "201210424464.5"


def test_files_on_disk_are_those_promised_and_empty_ones_can_be_queried(warehouse: Warehouse, deliver: Deliver) -> None:
    deliver("patents/2024-01-31/a.csv", patents())
    (batch,) = ingest(warehouse, "patents").batches
    written = {file.relative_to(warehouse.root).as_posix() for file in warehouse.root.rglob("*.parquet")}
    empty = {f"{layer}/{source}/empty.parquet" for layer in ("bronze", "quarantine") for source in contracts()}
    empty |= {"bronze/delivered_files/empty.parquet", "bronze/delivered_fields/empty.parquet"}
    empty |= {"quarantine/rejected_files/empty.parquet"}
    assert written == empty | {
        f"bronze/patents/{batch}.parquet",
        f"bronze/delivered_files/patents-{batch}.parquet",
        f"bronze/delivered_fields/patents-{batch}.parquet",
    }
    for source, contract in contracts().items():
        assert pl.read_parquet_schema(warehouse.bronze / source / "empty.parquet") == bronze_schema(contract)
        assert pl.read_parquet_schema(warehouse.quarantine / source / "empty.parquet") == schema(QUARANTINE)
    for name in written - empty:
        expected = bronze_schema(contracts()["patents"]) if "/patents/" in name else None
        expected = expected or schema(DELIVERED_FILES if "_files" in name else DELIVERED_FIELDS)
        assert pl.read_parquet_schema(warehouse.root / name) == expected


def test_the_profile_has_a_row_per_file_and_field(warehouse: Warehouse, deliver: Deliver) -> None:
    deliver("patents/2024-01-31/a.csv", patents(*ROWS, BAD, ROWS[0].replace("CN102889890A", "")))
    ingest(warehouse, "patents")
    profile = {row["field"]: row for row in delivered_fields(warehouse).to_dicts()}
    assert set(profile) == {field.name for field in contracts()["patents"].delivered_fields}
    number = profile["application_no"]
    assert number["header_as_delivered"] == "申请号" and number["is_present"]
    assert (number["n_rows"], number["n_null"], number["n_distinct"], number["n_rejected"]) == (4, 0, 3, 1)
    assert (number["min_text"], number["max_text"]) == ("201210424464.6", "201510481495.9")
    assert profile["publication_no"]["n_null"] == 1 and profile["filing_date"]["max_text"] == "2015-08-07"
    assert not profile["agency"]["is_present"] and profile["agency"]["n_null"] == 4


def test_a_second_run_does_nothing(warehouse: Warehouse, deliver: Deliver) -> None:
    deliver("patents/2024-01-31/a.csv", patents())
    ingest(warehouse, "patents")
    before = {file: file.stat().st_mtime_ns for file in warehouse.bronze.rglob("2024*.parquet")}
    again = ingest(warehouse, "patents")
    assert again.batches == () and again.files.is_empty() and again.rejected == ()
    assert {file: file.stat().st_mtime_ns for file in warehouse.bronze.rglob("2024*.parquet")} == before


def test_the_same_content_again_loads_nothing_and_is_recorded(warehouse: Warehouse, deliver: Deliver) -> None:
    deliver("patents/2024-01-31/a.csv", patents())
    deliver("patents/2024-01-31/copy.csv", patents())
    ingest(warehouse, "patents")
    deliver("patents/2024-02-29/again.csv", patents())
    result = ingest(warehouse, "patents")
    assert len(result.batches) == 1 and result.rows("rows_in") == 0
    assert dict(delivered_files(warehouse).select("source_path", "status").iter_rows()) == {
        "patents/2024-01-31/a.csv": "loaded",
        "patents/2024-01-31/copy.csv": "duplicate_content",
        "patents/2024-02-29/again.csv": "duplicate_content",
    }
    assert landed(warehouse).height == 3
    assert new_files(warehouse, warehouse.landing, ["patents"]) == []


def test_a_refused_file_is_recorded_tried_again_and_forgotten_once_it_is_right(
    warehouse: Warehouse, deliver: Deliver
) -> None:
    wrong = deliver("patents/2024-01-31/a.csv", "申请号,公开日\n201210424464.6,2013.01.23\n")
    (rejected,) = ingest(warehouse, "patents").rejected
    assert rejected.is_unreadable and rejected.message.startswith("patents/2024-01-31/a.csv: required column missing")
    assert rejected_files(warehouse)["status"].to_list() == ["rejected"]
    assert delivered_files(warehouse).is_empty()
    assert new_files(warehouse, warehouse.landing, ["patents"]) == []  # nothing new, but not settled either
    assert len(ingest(warehouse, "patents").rejected) == 1
    wrong.write_text(patents(), encoding="utf-8")
    assert len(new_files(warehouse, warehouse.landing, ["patents"])) == 1
    assert ingest(warehouse, "patents").rejected == ()
    assert rejected_files(warehouse).is_empty() and landed(warehouse).height == 3


def test_a_refused_file_that_leaves_landing_is_forgotten(warehouse: Warehouse, deliver: Deliver) -> None:
    wrong = deliver("patents/2024-01-31/a.csv", "")
    assert len(ingest(warehouse, "patents").rejected) == 1
    wrong.unlink()
    assert ingest(warehouse, "patents").rejected == ()
    assert rejected_files(warehouse).is_empty()


def test_too_many_rejected_rows_refuse_the_whole_file(warehouse: Warehouse, deliver: Deliver) -> None:
    good = [ROWS[0].replace("CN102889890A", f"CN10288{n:04}A") for n in range(185)]
    deliver(
        "patents/2024-01-31/a.csv", patents(*good, *[BAD.replace("CN102889890A", f"CN10299{n:04}A") for n in range(15)])
    )
    deliver("patents/2024-01-31/b.csv", patents(ROWS[1]))
    result = ingest(warehouse, "patents")
    (rejected,) = result.rejected
    assert not rejected.is_unreadable
    assert (
        "a.csv: 15 of 200 rows rejected (7.5%, allowed 5.0%): application_no_check_digit 15; first: row 187"
        in rejected.message
    )
    assert landed(warehouse)["source_path"].to_list() == ["patents/2024-01-31/b.csv"]
    assert quarantined_rows(warehouse).is_empty() and result.unaccounted() == []


def test_batches_are_cut_between_files(warehouse: Warehouse, deliver: Deliver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.intake.source.BATCH_ROWS", 2)
    monkeypatch.setattr("pipelines.intake.batch.ROWS_TOGETHER", 1)
    for number, row in enumerate(ROWS):
        deliver(f"patents/2024-01-31/{number}.csv", patents(row))
    result = ingest(warehouse, "patents")
    assert len(result.batches) == 2
    counted = dict(landed(warehouse).group_by("batch_id").len().iter_rows())
    assert [counted[batch] for batch in result.batches] == [2, 1]


def test_a_content_repeated_behind_the_cut_of_its_batch_is_a_batch_of_its_own(
    warehouse: Warehouse, deliver: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.intake.source.BATCH_ROWS", 1)
    deliver("patents/2024-01-31/a.csv", patents())
    deliver("patents/2024-01-31/b.csv", patents())
    assert len(set(ingest(warehouse, "patents").batches)) == 2
    ledger = delivered_files(warehouse).sort("source_path")
    assert ledger["status"].to_list() == ["loaded", "duplicate_content"]
    assert ingest(warehouse, "patents").batches == () and landed(warehouse).height == 3


def test_what_a_killed_run_left_is_removed(
    warehouse: Warehouse, deliver: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed before the ledger file is there: rows, quarantine and profile of the batch do not count and go."""
    deliver("patents/2024-01-31/a.csv", patents(*ROWS, BAD))
    write = bronze.write

    def killed(frame: pl.DataFrame, target: Path) -> None:
        if target.parent.name == "delivered_files" and target.name != "empty.parquet":
            (target.parent / ".half.parquet.tmp").write_bytes(b"PAR1")
            raise KeyboardInterrupt
        write(frame, target)

    monkeypatch.setattr(bronze, "write", killed)
    with pytest.raises(KeyboardInterrupt):
        ingest(warehouse, "patents")
    monkeypatch.undo()
    assert landed(warehouse).height == 3
    prepare(warehouse)
    assert landed(warehouse).height == 0 and quarantined_rows(warehouse).is_empty()
    assert delivered_fields(warehouse).is_empty() and not list(warehouse.root.rglob(".*"))
    assert ingest(warehouse, "patents").rows("rows_out") == 3


def test_a_disk_that_cannot_be_written_is_said_in_a_sentence(
    warehouse: Warehouse, deliver: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver("patents/2024-01-31/a.csv", patents())
    prepare(warehouse)

    def full(source: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(IpwError, match=r"cannot be written.*No space left.*run again"):
        ingest(warehouse, "patents")


def test_a_file_without_a_date_folder_keeps_the_day_it_was_first_seen(warehouse: Warehouse, deliver: Deliver) -> None:
    deliver("patents/a.csv", patents(ROWS[0]))
    ingest(warehouse, "patents", today=date(2024, 3, 1))
    deliver("patents/b.csv", patents(ROWS[1]))
    deliver("patents/broken.csv", "")
    ingest(warehouse, "patents", today=date(2024, 3, 2))
    (warehouse.landing / "patents" / "broken.csv").write_bytes(b"")
    ingest(warehouse, "patents", today=date(2024, 3, 3))
    assert dict(delivered_files(warehouse).select("source_path", "delivered_on").iter_rows()) == {
        "patents/a.csv": date(2024, 3, 1),
        "patents/b.csv": date(2024, 3, 2),
    }
    assert rejected_files(warehouse)["delivered_on"].to_list() == [date(2024, 3, 2)]


def test_the_fingerprint_follows_the_content_and_not_the_way_it_came(
    warehouse: Warehouse, deliver: Deliver, tmp_path: Path
) -> None:
    deliver("patents/2024-01-31/a.csv", patents(ROWS[0]))
    ingest(warehouse, "patents")
    first = bronze_fingerprint(warehouse, known_at=date.max, population_known_at=date.max)
    deliver("patents/2024-01-31/b.csv", patents(ROWS[1]))
    ingest(warehouse, "patents")
    both = bronze_fingerprint(warehouse, known_at=date.max, population_known_at=date.max)
    assert first != both
    other = Warehouse(tmp_path / "other")
    ingest(other, "patents", landing=warehouse.landing)  # both files in one batch
    assert bronze_fingerprint(other, known_at=date.max, population_known_at=date.max) == both
    (warehouse.landing / "patents" / "SYNTHETIC").touch()
    marked = Warehouse(tmp_path / "marked")
    ingest(marked, "patents", landing=warehouse.landing)
    assert bronze_fingerprint(marked, known_at=date.max, population_known_at=date.max) != both


def test_the_same_deliveries_give_the_same_bytes(warehouse: Warehouse, deliver: Deliver, tmp_path: Path) -> None:
    deliver("patents/2024-01-31/a.csv", patents(*ROWS, BAD))
    deliver(
        "patents/2024-01-31/b.csv", patents(ROWS[0].replace("CN102889890A", "CN102889890B")).replace("申请号", "专利号")
    )
    other = Warehouse(tmp_path / "other")
    for place in (warehouse, other):
        ingest(place, "patents", landing=warehouse.landing)
    for file in warehouse.bronze.rglob("*.parquet"):
        assert file.read_bytes() == (other.root / file.relative_to(warehouse.root)).read_bytes(), file


def test_an_unknown_source_is_refused(warehouse: Warehouse) -> None:
    with pytest.raises(ConfigError, match="known sources"):
        ingest(warehouse, "patent")


def test_the_header_is_kept_as_delivered(warehouse: Warehouse, deliver: Deliver) -> None:
    deliver("patents/2024-01-31/a.csv", patents())
    ingest(warehouse, "patents")
    assert json.loads(delivered_files(warehouse)["header"].item()) == HEADER.split(",")


def test_synthetic_and_delivered_data_never_share_a_warehouse(warehouse: Warehouse, deliver: Deliver) -> None:
    deliver("SYNTHETIC.md", "")
    deliver("patents/2024-01-31/a.csv", patents(ROWS[0]))
    ingest(warehouse, "patents")
    (warehouse.landing / "SYNTHETIC.md").unlink()
    deliver("patents/2024-02-29/b.csv", patents(ROWS[1]))
    with pytest.raises(ConfigError, match=r"b\.csv is delivered data, and the warehouse holds synthetic data"):
        ingest(warehouse, "patents")
    assert landed(warehouse).height == 1
