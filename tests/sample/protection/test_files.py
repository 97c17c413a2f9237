"""The files: the same bytes every time, read by intake with exactly the planted rejections, nothing personal kept."""

import datetime
import hashlib
import re
import shutil
from pathlib import Path

import polars as pl
import pytest

from pipelines.contracts.reasons import REASONS
from pipelines.intake.readers import read_member
from pipelines.intake.run import ingest
from pipelines.paths import Warehouse
from pipelines.sample import figures
from pipelines.sample.protection.penalty_files import IDENTITY_NUMBER, PHONE
from tests.sample.protection.conftest import EARLY, LAST, Drawn, draw

SOURCES = (
    *("penalties", "case_ledger", "pledges", "ip_finance", "deals", "designations", "activities", "surveys"),
    "task_evidence",
)
DAMAGED = ("quarantined", "duplicate", "recovered", "withdrawn", "outside_area")


def hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*.*"))
        if path.is_file() and path.name != "SYNTHETIC.md"
    }


def test_the_same_arguments_give_the_same_bytes_and_truth(drawn: Drawn, tmp_path: Path) -> None:
    again = draw(tmp_path)
    assert hashes(tmp_path) == hashes(drawn.landing.folder)
    assert again.truth.equals(drawn.truth)
    assert again.delivered.high_value.equals(drawn.delivered.high_value)


def test_a_further_part_adds_plain_lists_and_repeats_no_number(drawn: Drawn, tmp_path: Path) -> None:
    second = draw(tmp_path, 1)
    assert second.landing.planted == []
    assert all(name.endswith("_扩充.csv") for name in second.landing.files)
    for indicator in ("enf_trademark", "pledge_projects", "workstations", "ent_advantage"):
        assert second.value(indicator, 2020) == drawn.value(indicator, 2020)

    def numbers(folder: Path, source: str, header: str) -> set[str]:
        tables = (
            read_member(path.name, path.read_bytes(), source).frame
            for path in sorted((folder / source).rglob("*"))
            if path.is_file()
        )
        return {value for table in tables if header in table.columns for value in table[header].drop_nulls()}

    for source, header in (("pledges", "登记号"), ("deals", "交易编号"), ("case_ledger", "案号")):
        other = numbers(tmp_path, source, header)
        assert other and not other & numbers(drawn.landing.folder, source, header)


@pytest.mark.parametrize("source", SOURCES)
def test_every_source_reaches_its_last_delivery(drawn: Drawn, source: str) -> None:
    days = {name.split("/")[1] for name in drawn.landing.files if name.startswith(f"{source}/")}
    assert max(days) == str(LAST)
    assert min(days) >= "2016-01-25"
    assert source == "task_evidence" or str(EARLY) in days


def test_everything_is_visibly_synthetic(drawn: Drawn) -> None:
    assert all("合成" in Path(name).name for name in drawn.landing.files)
    assert all(re.fullmatch(r"[a-z_]+/\d{4}-\d\d-\d\d/[^/]+", name) for name in drawn.landing.files)


@pytest.fixture(scope="module")
def landed(drawn: Drawn, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The files with planted damage, landed."""
    place = Warehouse(tmp_path_factory.mktemp("warehouse"))
    planted = drawn.landing.planted_table().filter(pl.col("expected").str.extract(r"^(\w+)").is_in(DAMAGED))
    for name in sorted(set(planted["source_path"])):
        target = place.landing / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(drawn.landing.folder / name, target)
    (place.landing / "SYNTHETIC.md").write_text("合成样例")
    for source in sorted(set(planted["source"])):
        result = ingest(place, source)
        assert result.rejected == ()
        assert result.unaccounted() == []
    return place


def rows(folder: Path) -> pl.DataFrame:
    return pl.concat([pl.read_parquet(file) for file in sorted(folder.glob("*.parquet"))])


@pytest.mark.parametrize(
    "source",
    ["penalties", "case_ledger", "pledges", "ip_finance", "deals", "designations", "activities", "task_evidence"],
)
def test_exactly_the_planted_rows_are_quarantined(drawn: Drawn, landed: Warehouse, source: str) -> None:
    planted = drawn.landing.planted_table().filter(pl.col("source") == source)
    refused = planted.filter(pl.col("expected").str.starts_with("quarantined:"))
    meant = refused.select("source_path", "source_row", pl.col("expected").str.extract(":(.+)$").alias("reason"))
    found = rows(landed.quarantine / source).select("source_path", "source_row", "reason")
    assert not meant.is_empty()
    assert set(found.iter_rows()) == set(meant.iter_rows())
    assert set(meant["reason"]) <= set(REASONS)


@pytest.mark.parametrize("source", ["penalties", "case_ledger", "pledges", "deals", "designations", "activities"])
def test_the_other_planted_rows_are_in_bronze_but_for_the_repeated(
    drawn: Drawn, landed: Warehouse, source: str
) -> None:
    bronze = rows(landed.bronze / source)
    there = set(bronze.select("source_path", "source_row").iter_rows())
    planted = drawn.landing.planted_table().filter(
        (pl.col("source") == source)
        & (pl.col("source_row") > 0)
        & pl.col("source_path").is_in(bronze["source_path"].unique().implode())
    )
    assert planted.filter(pl.col("expected") == "duplicate").height > 0
    for path, row, expected in planted.select("source_path", "source_row", "expected").iter_rows():
        assert ((path, row) in there) == (not expected.startswith(("quarantined", "duplicate"))), (path, row)


def test_no_number_and_no_name_of_a_person_reaches_bronze_or_quarantine(landed: Warehouse, drawn: Drawn) -> None:
    delivered = b"".join(path.read_bytes() for path in sorted((landed.landing / "penalties").rglob("*.csv")))
    assert PHONE.encode() in delivered and IDENTITY_NUMBER.encode() in delivered
    for folder in (landed.bronze / "penalties", landed.quarantine / "penalties"):
        text = rows(folder).select(pl.concat_str(pl.selectors.string().fill_null(""))).to_series()
        assert not text.str.contains(f"{PHONE}|{IDENTITY_NUMBER}|样例人").any()


def test_every_form_of_a_fine_reads_as_the_same_yuan(drawn: Drawn, tmp_path: Path) -> None:
    """万元 by the field of 2018, 万元 by a Chinese header, yuan by the city's custom."""
    place = Warehouse(tmp_path)
    for name in drawn.landing.files:
        if name.startswith(("penalties/2019-07-15", "penalties/2022-07-15")):
            (place.landing / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(drawn.landing.folder / name, place.landing / name)
    ingest(place, "penalties")
    bronze = rows(place.bronze / "penalties").filter(pl.col("penalty_class") == "罚款")
    said = bronze["content"].str.extract(r"(\d+)元").cast(pl.Int64)
    # the two that a planted row changes are written badly, not otherwise
    assert bronze["source_path"].n_unique() == 4
    assert (bronze["fine_yuan"].cast(pl.Int64) == said).mean() > 0.99


def test_both_vintages_of_2022_are_published_and_delivered_on_different_days() -> None:
    vintages = [f for f in figures.REAL if (f.indicator, f.period) == ("patent_intensive_gdp_share", "2022")]
    assert [figure.value for figure in vintages] == ["12.71", "12.60"]
    assert len({figure.published for figure in vintages}) == len({figures.delivery(figure) for figure in vintages}) == 2
    known = dict(((i, y), v) for i, r, y, v in figures.published_values(datetime.date(2024, 6, 1), 1) if r == "100000")
    assert known["patent_intensive_gdp_share", 2022] == 12.71


def test_published_figures_are_in_the_catalogues_units() -> None:
    from pipelines.plans import load_catalogue

    units = {indicator.id: indicator.unit.zh for indicator in load_catalogue().indicators}
    for figure in (*figures.OFFICIAL, *figures.REAL):
        assert figure.unit == units[figure.indicator], figure
