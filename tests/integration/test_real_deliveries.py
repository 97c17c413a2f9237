"""Real deliveries through intake: the counts their provenance records, file by file, and where the applicants are."""

import json
import shutil
from pathlib import Path

import polars as pl
import pytest

from pipelines.codes import publication_no
from pipelines.intake.bronze import delivered_files, quarantined_rows
from pipelines.intake.run import IntakeResult, ingest
from pipelines.paths import Warehouse

GRANTS = "CN_patent_invention_authorized.csv"
CORRECTION = f"""
- source: patents
  file: {GRANTS}
  action: swap_columns
  columns: [address, designer]
  reason: the header says address,designer; the values come designer,address
"""

# file: rows, different publication numbers, spoiled and intact application numbers as delivered (its provenance),
# rows equal to another but for `item`, rows of keys that contradict each other (counted in the files)
GAZETTE = {
    "CN_patent_appearance_designed.csv": (5_237, 5_237, 4_755, 482, 0, 0),
    "CN_patent_appearance_designed_712.csv": (5_299, 5_269, 0, 5_299, 30, 0),
    GRANTS: (4_761, 4_295, 4_334, 427, 445, 42),
    "CN_patent_invention_published.csv": (13_537, 11_912, 11_470, 2_067, 1_590, 70),
    "CN_patent_utility_new.csv": (16_471, 15_291, 14_911, 1_560, 1_179, 2),
}


def put(warehouse: Warehouse, folder: str, file: Path) -> None:
    target = warehouse.landing / folder / file.name
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, target)


@pytest.fixture(scope="module")
def gazette(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Warehouse, list[IntakeResult]]:
    """The five gazette lists, taken in twice: before and after the swapped header of one was declared."""
    warehouse = Warehouse(tmp_path_factory.mktemp("gazette"))
    for name in GAZETTE:
        put(warehouse, "patents/2019-07-15", shared_data / "cn-gazette-2019" / "dev" / name)
    first = ingest(warehouse, "patents")
    declared = warehouse.landing / "corrections" / "2019-07-16" / "grants.yaml"
    declared.parent.mkdir(parents=True)
    declared.write_text(CORRECTION, encoding="utf-8")
    return warehouse, [first, ingest(warehouse, "patents")]


@pytest.fixture(scope="module")
def bronze(gazette: tuple[Warehouse, list[IntakeResult]]) -> pl.DataFrame:
    """All rows of the lists that became bronze."""
    return pl.read_parquet(gazette[0].bronze / "patents" / "*.parquet")


def test_the_list_with_the_swapped_header_waits_for_its_correction(
    gazette: tuple[Warehouse, list[IntakeResult]],
) -> None:
    _, (first, second) = gazette
    (rejected,) = first.rejected
    assert rejected.source_path.endswith(GRANTS)
    assert "'address'" in rejected.message and "'designer'" in rejected.message
    assert second.rejected == () and second.files["source_path"].to_list() == [f"patents/2019-07-15/{GRANTS}"]
    assert json.loads(second.files["corrections_applied"].item())[0]["action"] == "swap_columns"


@pytest.mark.parametrize("name", GAZETTE)
def test_counts_of_a_list(gazette: tuple[Warehouse, list[IntakeResult]], bronze: pl.DataFrame, name: str) -> None:
    warehouse, _ = gazette
    rows, publications, spoiled, intact, duplicates, contradicting = GAZETTE[name]
    (entry,) = delivered_files(warehouse).filter(pl.col("source_path").str.ends_with("/" + name)).to_dicts()
    assert entry["encoding"] == "gb18030" and json.loads(entry["dropped_columns"]) == ["designer"]
    assert (entry["rows_in"], entry["rows_duplicate"], entry["rows_quarantined"]) == (rows, duplicates, contradicting)
    assert entry["rows_in"] == entry["rows_out"] + entry["rows_quarantined"] + entry["rows_duplicate"]
    assert json.loads(entry["rejects_by_reason"]) == ({"key_conflict": contradicting} if contradicting else {})

    landed = bronze.filter(pl.col("source_path") == entry["source_path"])
    aside = quarantined_rows(warehouse).filter(pl.col("source_path") == entry["source_path"])
    raw = pl.DataFrame([json.loads(row) for row in aside["raw"]], schema=["authorization_notice_id", "filing_id"])
    seen = {*(landed["publication_no"] + landed["publication_kind"]), *raw["authorization_notice_id"]}
    assert len(seen) == publications

    # every delivered number is spoiled or good; a duplicate has the quality of the row that was kept
    assert set(landed["application_no_quality"]) <= {"ok", "spoiled"}
    assert landed["application_no"].null_count() == (landed["application_no_quality"] == "spoiled").sum()
    delivered = pl.read_csv(
        (warehouse.landing / entry["source_path"]).read_bytes(), encoding="gb18030", infer_schema=False
    )
    written_spoiled = delivered["filing_id"].str.contains("E+", literal=True)
    assert (int(written_spoiled.sum()), int((~written_spoiled).sum())) == (spoiled, intact)
    quality = landed.select("source_row", "application_no_quality").rows()
    assert all((kept == "spoiled") == written_spoiled[row - 2] for row, kept in quality)


def test_no_inventor_reaches_bronze_or_quarantine(
    gazette: tuple[Warehouse, list[IntakeResult]], bronze: pl.DataFrame
) -> None:
    warehouse, _ = gazette
    text = bronze.select(pl.concat_str(pl.exclude("title", "applicant", "agency").cast(pl.String), ignore_nulls=True))
    lists = [pl.read_csv(file, encoding="gb18030", infer_schema=False) for file in warehouse.landing.rglob("CN*.csv")]
    inventors = pl.concat([one["designer"] for one in lists]).str.split(";").explode().str.strip_chars(" ?\u2002")
    # Long names only: a short one may stand inside a street's name by chance..
    foreign = inventors.filter(inventors.str.contains(r"^[^0-9省市区]{2,}[·.][^0-9省市区]{2,}$")).unique()
    assert foreign.len() > 500
    assert not text.to_series().str.contains_any(foreign.to_list()).any()
    raw = quarantined_rows(warehouse)["raw"]
    assert raw.len() > 100 and not raw.str.contains("designer").any()
    persons = bronze.filter(pl.col("applicant_kind") == "natural_person")
    assert persons.height > 5_000 and set(persons["applicant"]) == {"自然人"}
    assert not persons["address"].drop_nulls().str.contains(r"\d+号|室$|单元").any()


def test_the_applicants_of_zibo_are_found_where_their_address_says(shared_data: Path, bronze: pl.DataFrame) -> None:
    picked = pl.read_csv(shared_data / "cn-gazette-2019" / "dev" / "zibo_rows.csv", infer_schema=False)
    known = picked.select(
        parsed=publication_no.parse("publication_no"), address="address", publication="publication_no"
    ).unnest("parsed")
    found = known.join(
        bronze, left_on=["publication_no", "kind"], right_on=["publication_no", "publication_kind"], how="left"
    )
    assert found.height == picked.height == 87
    codes = dict(found.select("publication", "division_code").iter_rows())
    assert codes.pop("CN209084015U") == "370502"  # Zibo Road in Dongying
    assert all(code and code.startswith("3703") for code in codes.values())
    for district, code in {"张店区": "370303", "临淄区": "370305", "博山区": "370304", "桓台县": "370321"}.items():
        named = found.filter(pl.col("address").str.contains(f"淄博市{district}"))
        assert named.height and set(named["division_code"]) == {code}
    assert bronze["division_code"].str.starts_with("3703").sum() == 85  # 86 publications, one of them in Dongying


def test_the_full_export_the_search_list_and_the_documents(
    shared_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    warehouse = Warehouse(tmp_path_factory.mktemp("others"))
    put(warehouse, "patents/2013-02-01", shared_data / "cn-patents-cnipr-2013" / "训练文件.xlsx")
    put(warehouse, "patents/2017-06-01", shared_data / "cn-legal-status-pss-2017" / "dev" / "专利_szu_110.xls")
    for file in sorted((shared_data / "cn-xml-zc0014-st36" / "dev").glob("*.xml")):
        put(warehouse, "patents/2022-01-05", file)
    record = shared_data / "cn-cnipr-api-record" / "CN102965311A.json"
    put(warehouse, "patents/2024-05-01", record)
    put(warehouse, "patent_events/2024-05-01", record)
    results = {source: ingest(warehouse, source) for source in ("patents", "patent_events")}
    assert all(result.rejected == () and result.unaccounted() == [] for result in results.values())
    counted = dict(delivered_files(warehouse).select("reader", "rows_out").group_by("reader").sum().iter_rows())
    assert counted == {"xlsx": 199, "xls": 110, "xml/cnipa-v2.2.1": 2, "xml/cn-patent-document": 2, "json/cnipr": 6}
    assert quarantined_rows(warehouse).is_empty()

    rows = pl.read_parquet(warehouse.bronze / "patents" / "*.parquet")
    export = rows.filter(pl.col("source_path").str.ends_with(".xlsx"))
    assert set(export["patent_type"]) == {"utility_model"} and export["application_no"].n_unique() == 199
    assert export["division_code"].str.starts_with("37").sum() == 27 and (export["applicant_count"] > 1).sum() == 20
    assert export["agency"].null_count() == 199 - 147
    listed = rows.filter(pl.col("source_path").str.ends_with(".xls"))
    assert set(listed["application_no_quality"]) == {"ok"} and listed["publication_no"].null_count() == 110
    assert listed["legal_status_date"].null_count() == 1  # the one row without data
    divisional = rows.filter(pl.col("application_no") == "202111286633.X").to_dicts()[0]
    assert divisional["parent_application_no"] == "201710269973.9" and str(divisional["filing_date"]) == "2017-04-24"

    events = pl.read_parquet(warehouse.bronze / "patent_events" / "*.parquet").sort("event_date")
    assert events["event_code"].to_list() == ["PB01", "SE01", "GR01", "TR01", "CP01"]
    assert set(events["application_no"]) == {"201210464170.6"}
    transfer = events.filter(pl.col("event_code") == "TR01").to_dicts()[0]
    assert str(transfer["effective_date"]) == "2020-07-31" and transfer["party_after"] == "南京轩凯生物科技有限公司"
    assert transfer["division_code_after"] == "320100" and transfer["address_rest_after"].startswith("江北新区")


def test_the_statistics_export_and_the_yearbook_excerpt(
    shared_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    warehouse = Warehouse(tmp_path_factory.mktemp("population"))
    put(warehouse, "population/2020-01-20", shared_data / "cn-statistics" / "年末常住人口_分省_2009-2018.csv")
    put(warehouse, "population/2020-01-20", shared_data / "cn-statistics" / "zibo_2006_population_table_excerpt.txt")
    result = ingest(warehouse, "population")
    (rejected,) = result.rejected  # registered population in a drawn table: refused, not misread
    assert rejected.source_path.endswith("excerpt.txt") and rejected.is_unreadable
    rows = pl.read_parquet(warehouse.bronze / "population" / "*.parquet")
    assert rows.height == 310 and rows["region_code"].n_unique() == 31 and set(rows["kind"]) == {"resident"}
    shandong = rows.filter((pl.col("region_code") == "370000") & (pl.col("reference_date").dt.year() == 2018))
    assert shandong.select("persons", "source_row").row(0) == (100_470_000, 19)
