"""Intake does with every file and planted row of the rights what the sample says it must."""

import re
import shutil
from pathlib import Path

import polars as pl
import pytest

from pipelines.contracts.reasons import REASONS
from pipelines.intake.run import IntakeResult, ingest
from pipelines.paths import Warehouse
from tests.sample.rights.parts import Written

SOURCES = (
    *("trademarks", "patent_families", "copyrights", "plant_varieties", "ic_layouts"),
    *("geographical_indications", "patent_events"),
)
Landed = tuple[Warehouse, dict[str, IntakeResult]]


@pytest.fixture(scope="module")
def landed(written: Written, tmp_path_factory: pytest.TempPathFactory) -> Landed:
    """All files of the rights, but of marks only those with something in them to see."""
    root = tmp_path_factory.mktemp("warehouse")
    wanted = set(written.planted.filter(~pl.col("expected").is_in(["kept", "outside_area"]))["source_path"])
    for name in written.files:
        is_special = name in wanted or not name.endswith(".csv") or "_" in Path(name).stem.rsplit("_", 1)[-1]
        if name.startswith("trademarks/") and not is_special:
            continue
        target = root / "landing" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(written.folder / name, target)
    (root / "landing" / "SYNTHETIC.md").write_text("synthetic")
    place = Warehouse(root)
    return place, {source: ingest(place, source) for source in SOURCES}


def rows(folder: Path) -> pl.DataFrame:
    return pl.concat([pl.read_parquet(file) for file in sorted(folder.glob("*.parquet"))])


def of_landed_files(written: Written, landed: Landed, source: str) -> pl.DataFrame:
    """Planted rows of the files that were landed."""
    files = landed[1][source].files["source_path"].str.extract("^([^!]+)").implode()
    outer = pl.col("source_path").str.extract("^([^!]+)")
    return written.planted.filter((pl.col("source") == source) & outer.is_in(files))


@pytest.mark.parametrize("source", SOURCES)
def test_every_file_lands_and_nothing_is_unaccounted(written: Written, landed: Landed, source: str) -> None:
    result = landed[1][source]
    assert result.files.height > 5
    assert result.rejected == ()
    assert result.unaccounted() == []


@pytest.mark.parametrize("source", SOURCES)
def test_exactly_the_planted_rows_are_quarantined(written: Written, landed: Landed, source: str) -> None:
    found = rows(landed[0].quarantine / source).select("source_path", "source_row", "reason")
    planted = of_landed_files(written, landed, source).filter(pl.col("expected").str.starts_with("quarantined:"))
    meant = planted.select("source_path", "source_row", pl.col("expected").str.extract(":(.+)$").alias("reason"))
    assert set(found.iter_rows()) == set(meant.iter_rows())
    assert set(meant["reason"]) <= set(REASONS)


@pytest.mark.parametrize("source", SOURCES)
def test_all_other_planted_rows_are_there_and_repeated_ones_are_not(
    written: Written, landed: Landed, source: str
) -> None:
    place, results = landed
    planted = of_landed_files(written, landed, source)
    repeated = pl.col("expected") == "duplicate"
    assert results[source].rows("rows_duplicate") == planted.filter(repeated).height
    kept = planted.filter(~repeated & ~pl.col("expected").str.starts_with("quarantined") & (pl.col("source_row") > 0))
    bronze = rows(place.bronze / source)
    assert kept.height > 0
    assert kept.join(bronze, on=["source_path", "source_row"], how="anti").is_empty()


def landed_row(written: Written, landed: Landed, kind: str) -> dict:
    """The bronze row of a planted kind."""
    planted = written.planted.filter(pl.col("kind") == kind).row(0, named=True)
    bronze = rows(landed[0].bronze / planted["source"])
    here = (pl.col("source_path") == planted["source_path"]) & (pl.col("source_row") == planted["source_row"])
    return bronze.filter(here).row(0, named=True)


@pytest.mark.parametrize(
    ("kind", "field", "pattern"),
    [
        ("mark_full_width", "registration_no", r"^1\d{7}$"),
        ("mark_html_nbsp", "registration_no", r"^1\d{7}$"),
        ("mark_excel_serial", "application_date", r"^201\d-\d\d-\d\d$"),
        ("mark_date_full_width", "application_date", r"^201\d-\d\d-\d\d$"),
        ("mark_class_padded", "nice_class", r"^[1-9]\d?$"),
        ("mark_class_in_full", "nice_class", r"^[1-9]\d?$"),
        ("declared_copyright_error", "registration_date", r"^2018-"),
        ("mark_wide_separator", "nice_class", r"^[1-9]\d?$"),
        ("mark_no_status_day", "status_date", r"^None$"),
        ("mark_masked_code", "credit_code", r"^None$"),
        ("mark_wrong_code", "credit_code", r"^None$"),
        ("mark_no_agency", "agency", r"^None$"),
        ("number_in_certificate", "registration_no", r"^2018SR\d{7}$"),
        ("copyright_full_width", "registration_no", r"^2018SR\d{7}$"),
        ("work_number_unhyphenated", "registration_no", r"^鲁作登字-20\d\d-[A-L]-\d{8}$"),
        ("work_no_date", "first_published_on", r"^None$"),
        ("member_office_in_words", "member_office", r"^[A-Z]{2}$"),
        ("member_number_lower_case", "member_publication_no", r"^[A-Z]{2}\d+$"),
        ("member_national_zl", "application_no", r"^20\d{10}\.[\dX]$"),
        ("variety_full_width", "application_no", r"^CNA20\d{8}$"),
        ("layout_full_width", "registration_no", r"^BS\.\d{8}$"),
        ("indication_full_width", "gi_no", r"^[A-Z]{2}\d{6}$"),
    ],
)
def test_what_is_written_badly_is_read_all_the_same(
    written: Written, landed: Landed, kind: str, field: str, pattern: str
) -> None:
    assert re.search(pattern, str(landed_row(written, landed, kind)[field]))


def test_a_mark_in_several_classes_is_one_row_each(written: Written, landed: Landed) -> None:
    marks = rows(landed[0].bronze / "trademarks")
    assert marks.filter(pl.struct("source_path", "source_row").is_duplicated()).height > 100
    in_xml = marks.filter(pl.col("source_path").str.contains("st96"))
    assert in_xml.height > 40 and in_xml["exclusive_until"].null_count() == 0
    assert in_xml["division_code"].str.starts_with("3703").mean() > 0.8


@pytest.mark.parametrize("source", SOURCES)
def test_no_name_of_a_person_and_no_telephone_number_reaches_bronze(landed: Landed, source: str) -> None:
    text = rows(landed[0].bronze / source).select(pl.concat_str(pl.selectors.string().fill_null(""))).to_series()
    assert not text.str.contains("样例人|0533-").any()


def test_members_in_xml_name_the_application_here_and_come_again_with_an_address(landed: Landed) -> None:
    members = rows(landed[0].bronze / "patent_families")
    key = ["member_office", "member_publication_no", "member_kind"]
    in_xml = members.filter(pl.col("source_path").str.contains("!"))
    assert in_xml["application_no"].null_count() == 0
    again = in_xml.join(members.filter(pl.col("source_path").str.ends_with(".csv")), on=key, suffix="_list")
    assert again.height == in_xml.height
    assert (again["application_no"] == again["application_no_list"]).all()
    assert (again["member_application_no"] == again["member_application_no_list"]).all()
    assert again["grant_date"].eq_missing(again["grant_date_list"]).all()
    assert again["address_list"].null_count() == 0


def test_a_later_list_puts_wrong_districts_right(written: Written, landed: Landed) -> None:
    wrong = written.planted.filter(pl.col("kind") == "district_corrected_later")
    bronze = rows(landed[0].bronze / "copyrights")
    first = bronze.join(wrong, on=["source_path", "source_row"], how="semi")
    later = bronze.filter(pl.col("source_path").str.contains("更正"))
    both = first.join(later, on="registration_no", suffix="_later")
    assert both.height == wrong.height == 5
    place = pl.concat_str("district_division_code", "district_rest", ignore_nulls=True)
    place_later = pl.concat_str("district_division_code_later", "district_rest_later", ignore_nulls=True)
    assert both.filter(place == place_later).is_empty()
    assert (both["delivered_on"] < both["delivered_on_later"]).all()
