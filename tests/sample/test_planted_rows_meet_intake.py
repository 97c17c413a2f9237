"""Intake does with every planted row of the lists what the sample says it must."""

import shutil
from pathlib import Path

import polars as pl
import pytest

from pipelines.intake.run import IntakeResult, ingest
from pipelines.paths import Warehouse
from pipelines.sample import SampleReport

KINDS_OF_INTEREST = ("quarantined", "duplicate", "recovered", "dropped_column", "corrected", "duplicate_file")


@pytest.fixture(scope="module")
def warehouse(
    sample: SampleReport, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Warehouse, dict[str, IntakeResult]]:
    """The damaged lists of the sample, and what they need, landed."""
    root = tmp_path_factory.mktemp("warehouse")
    wanted = sample.planted.filter(
        pl.col("expected").str.extract(r"^(\w+)").is_in(KINDS_OF_INTEREST) & ~pl.col("source_path").str.contains("!")
    )["source_path"]
    for name in {*wanted, *(n for n in sample.files if n.startswith("corrections/") or "外观设计_2016H1" in n)}:
        target = root / "landing" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(sample.folder / name, target)
    shutil.copyfile(sample.folder / "SYNTHETIC.md", root / "landing" / "SYNTHETIC.md")
    place = Warehouse(root)
    return place, {source: ingest(place, source) for source in ("patents", "patent_events")}


def rows(warehouse: Warehouse, folder: Path) -> pl.DataFrame:
    return pl.concat([pl.read_parquet(file) for file in sorted(folder.glob("*.parquet"))])


def test_every_file_lands_and_nothing_is_unaccounted(warehouse: tuple[Warehouse, dict[str, IntakeResult]]) -> None:
    for result in warehouse[1].values():
        assert result.rejected == ()
        assert result.unaccounted() == []
        assert result.files["is_synthetic"].all()


@pytest.mark.parametrize("source", ["patents", "patent_events"])
def test_exactly_the_planted_rows_are_quarantined(
    sample: SampleReport, warehouse: tuple[Warehouse, dict[str, IntakeResult]], source: str
) -> None:
    place, _ = warehouse
    found = rows(place, place.quarantine / source).select("source_path", "source_row", "reason")
    planted = sample.planted.filter((pl.col("source") == source) & pl.col("expected").str.starts_with("quarantined:"))
    meant = planted.select("source_path", "source_row", pl.col("expected").str.extract(":(.+)$").alias("reason"))
    assert set(found.iter_rows()) == set(meant.iter_rows())


@pytest.mark.parametrize("source", ["patents", "patent_events"])
def test_repeated_rows_are_counted_and_recovered_rows_are_there(
    sample: SampleReport, warehouse: tuple[Warehouse, dict[str, IntakeResult]], source: str
) -> None:
    place, results = warehouse
    planted = sample.planted.filter(pl.col("source") == source)
    assert results[source].rows("rows_duplicate") == planted.filter(pl.col("expected") == "duplicate").height
    landed = rows(place, place.bronze / source)
    recovered = planted.filter((pl.col("expected") == "recovered") & ~pl.col("source_path").str.contains("!"))
    there = recovered.join(landed, on=["source_path", "source_row"], how="left")
    assert there["batch_id"].null_count() == 0
    sound = there.filter(~pl.col("kind").is_in(["spoiled_number"]))
    assert (sound["application_no_quality"] == "ok").all()
    assert sound["application_no"].null_count() == 0


def test_declared_errors_are_set_right(
    sample: SampleReport, warehouse: tuple[Warehouse, dict[str, IntakeResult]]
) -> None:
    place, results = warehouse
    landed = rows(place, place.bronze / "patents")
    swapped = landed.filter(pl.col("source_path").str.ends_with("合成_发明授权_2019Q3.csv"))
    assert swapped["division_code"].drop_nulls().str.starts_with("3703").mean() > 0.9
    declared = sample.planted.filter(pl.col("kind") == "declared_error")
    (row,) = declared.join(landed, on=["source_path", "source_row"]).to_dicts()
    assert (row["publication_date"] - row["filing_date"]).days < 500
    assert results["patents"].files.filter(pl.col("corrections_applied") != "[]").height == 2


def test_the_same_content_again_loads_nothing(warehouse: tuple[Warehouse, dict[str, IntakeResult]]) -> None:
    files = warehouse[1]["patents"].files
    assert files.filter(pl.col("status") == "duplicate_content")["source_path"].to_list() == [
        "patents/2017-01-25/合成_外观设计_2016H1_副本.csv"
    ]


def test_no_telephone_number_and_no_name_of_a_person_reaches_bronze(
    warehouse: tuple[Warehouse, dict[str, IntakeResult]],
) -> None:
    place, results = warehouse
    text = rows(place, place.bronze / "patents").select(pl.concat_str(pl.selectors.string().fill_null(""))).to_series()
    assert not text.str.contains("0533-|样例人").any()
    assert "联系电话" in "".join(results["patents"].files["dropped_columns"].drop_nulls())
