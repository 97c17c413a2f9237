"""One small file per problem, each with exactly what must become of it. The file's name is the problem."""

import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.contracts.reasons import REASONS
from pipelines.intake.bronze import delivered_files, quarantined_rows, rejected_files
from pipelines.intake.run import ingest
from pipelines.paths import Warehouse

FOLDER = Path(__file__).parents[2] / "fixtures" / "bad_files"


@dataclass(frozen=True)
class Lands:
    """The file lands: rows in bronze, rows set aside as (row, reason, field), exact duplicates, what the ledger says."""

    rows: int
    aside: tuple[tuple[int, str, str | None], ...] = ()
    duplicates: int = 0
    says: tuple[str, ...] = ()
    ledger: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Refused:
    """The file never lands: words of the message; whether it could not be read, and rows by reason if it could."""

    says: tuple[str, ...]
    is_unreadable: bool = True
    reasons: dict[str, int] | None = None


def one_row(reason: str, *says: str) -> Refused:
    """A small table of which every row must be right: the one bad row refuses it."""
    return Refused((f"1 of 1 rows rejected (100.0%, allowed 0.0%): {reason} 1", *says), False, {reason: 1})


MISSING = "required column missing: "

EXPECTED: dict[str, Lands | Refused] = {
    # columns
    "patents/swapped_columns.csv": Refused(
        ("'地址' does not hold", "'发明（设计）人' does", "action: swap_columns, columns: [地址, 发明（设计）人]"), False
    ),
    "patents/missing_required_column.csv": Refused((MISSING + "名称 (title)", "headers seen: 申请号, 公开（公告）日, 申请")),
    "patents/unknown_columns.csv": Lands(
        2, ledger={"unknown_columns": ["权利要求数"], "dropped_columns": ["发明人电话", "联系人"]}
    ),
    "patents/second_column_of_a_field.csv": Lands(1, ledger={"unknown_columns": ["专利号"]}),
    # encodings
    "patents/utf8_read_as_gbk.csv": Refused((MISSING, "looks like UTF-8 that was read as GBK", "was 名称")),
    "patents/mixed_encoding.csv": Refused(
        ("encoding_damaged", "UTF-8 at byte 233 (line 3) but not at byte 1 (line 1)", "two files")
    ),
    "patents/damaged_bytes.csv": Refused(("gb18030 breaks at byte 201",)),
    "patents/truncated_in_a_character.csv": Refused(("gb18030 breaks at byte 375",)),
    "patents/utf16_without_mark.csv": Lands(2, ledger={"encoding": "utf-16"}),
    "patents/utf8_with_mark.csv": Lands(2, ledger={"encoding": "utf-8-sig"}),
    "patents/gb18030_beyond_gbk.csv": Lands(1, ledger={"encoding": "gb18030"}),
    # layout
    "patents/title_rows.csv": Lands(2, says=("row 1 set aside: title", "row 2 set aside: title")),
    "patents/total_rows.csv": Lands(2, says=("1 total row set aside: 4", "remark row set aside: 5", "row 6 set aside: remark")),
    "patents/merged_header.csv": Lands(1),
    "patents/repeated_header.csv": Lands(2, says=("1 repeated header row set aside: 3",)),
    "patents/header_only.csv": Lands(0),
    "patents/no_header.csv": Refused((MISSING + "名称 (title)", "headers seen: none, no row looks like a header")),
    "patents/empty.csv": Refused(("the file is empty",)),
    "patents/blank_lines_only.csv": Refused(("the file is empty",)),
    "patents/blank_rows.csv": Lands(2, says=("2 blank rows set aside: 3, 4",)),
    "patents/ragged_rows.csv": Lands(2, ((3, "row_malformed", None), (4, "row_malformed", None))),
    "patents/trailing_separators.csv": Lands(3),
    "patents/unclosed_quote.csv": Refused(("a quotation mark opens in row 3 (line 3) and is never closed",)),
    "patents/line_breaks_in_cells.csv": Lands(2),
    "patents/semicolon_separated.csv": Lands(2),
    "patents/tab_separated.txt": Lands(2, ledger={"encoding": "gb18030", "reader": "csv"}),
    # values
    "patents/scientific_numbers.csv": Lands(
        1, ((3, "application_no_spoiled", "application_no"),), says=("kept with application_no_spoiled in application_no",)
    ),
    "patents/bad_check_digit.csv": Lands(1, ((2, "application_no_check_digit", "application_no"),)),
    "patents/malformed_numbers.csv": Lands(
        1, ((2, "application_no_malformed", "application_no"), (3, "publication_no_malformed", "publication_no"))
    ),
    "patents/no_number_at_all.csv": Lands(1, ((2, "key_missing", "application_no"),)),
    "patents/future_date.csv": Lands(1, ((2, "date_in_future", "publication_date"),)),
    "patents/impossible_date.csv": Lands(
        1, ((2, "date_unparseable", "publication_date"), (3, "date_out_of_range", "filing_date"))
    ),
    "patents/filing_months_only.csv": Lands(1, ((2, "date_unparseable", "filing_date"),)),
    "patents/filing_after_publication.csv": Lands(1, ((2, "date_order", "filing_date"),)),
    "patents/type_conflict.csv": Lands(1, ((2, "type_conflict", "patent_type"),)),
    "patents/malformed_symbols.csv": Lands(2, says=("kept with ipc_malformed in ipc: 1",)),
    "patents/contradicting_rows.csv": Lands(
        1, ((2, "key_conflict", "publication_no"), (3, "key_conflict", "publication_no"))
    ),
    "patents/repeated_rows.csv": Lands(2, duplicates=2),
    "patents/natural_persons.csv": Lands(2),
    "patents/formula_cells.csv": Lands(1, ((3, "date_unparseable", "publication_date"),)),
    "patents/sentinels.csv": Lands(2),
    # no tables
    "patents/picture.csv": Refused(("this is a picture, from which nothing is read",)),
    "patents/web_page.xls": Refused(("a web page saved under another name",)),
    "patents/document.csv": Refused(("this is a PDF",)),
    "patents/broken.json": Refused(("the JSON breaks off or is malformed at line 1",)),
    "patents/wrong_source.txt": Refused(("legal notices", "deliver it under patent_events")),
    # events
    "patent_events/unknown_event_code.csv": Lands(1, ((2, "event_code_unknown", "event_code"),)),
    "patent_events/title_without_code.csv": Lands(
        1, ((2, "required_missing", "event_code"), (4, "required_missing", "event_code"))
    ),
    "patent_events/contradicting_rows.csv": Lands(
        0, ((2, "key_conflict", "application_no"), (3, "key_conflict", "application_no"))
    ),
    "patent_events/without_date.csv": Lands(0, ((2, "required_missing", "event_date"),)),
    # population: every row must be right
    "population/unit_missing.csv": one_row("unit_unknown", "persons 470.41"),
    "population/unit_in_title.csv": Lands(1),
    "population/thousands_separators.csv": Lands(1),
    "population/year_columns.csv": Lands(3, says=("2 year columns", "1 blank cells are no figures", "row 6 set aside: remark")),
    "population/year_columns_of_what.csv": Refused((MISSING + "人口口径 (kind)",)),
    "population/unknown_region.csv": one_row("region_unknown", "无名市"),
    "population/unknown_kind.csv": one_row("code_unknown", "流动人口"),
    "population/negative_number.csv": one_row("number_out_of_range", "persons -5"),
    "population/half_a_person.csv": one_row("number_unparseable", "470.41"),
    "population/yearbook_excerpt.txt": Refused((MISSING, "行政区划代码 (region_code)")),
    # official figures
    "official_figures/unparseable_period.csv": one_row("period_unparseable", "2023年1-8月"),
    "official_figures/decimals_too_large.csv": one_row("number_out_of_range", "201210424464"),
    "official_figures/no_document.csv": Refused((MISSING + "文件 (document)",)),
}  # fmt: skip


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """All bad files delivered on one day and taken in."""
    warehouse = Warehouse(tmp_path_factory.mktemp("bad"))
    for file in FOLDER.glob("*/*"):
        target = warehouse.landing / file.parent.name / "2024-01-31" / file.name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
    for source in {file.parent.name for file in FOLDER.glob("*/*")}:
        assert ingest(warehouse, source).unaccounted() == []
    return warehouse


def test_every_file_has_its_expectation_and_every_expectation_its_file() -> None:
    assert {file.relative_to(FOLDER).as_posix() for file in FOLDER.glob("*/*")} == set(EXPECTED)


def ledger_entry(warehouse: Warehouse, name: str) -> dict[str, Any]:
    source, file = name.split("/")
    entries = pl.concat([delivered_files(warehouse), rejected_files(warehouse)])
    (entry,) = entries.filter(pl.col("source_path") == f"{source}/2024-01-31/{file}").to_dicts()
    return entry


@pytest.mark.parametrize("name", [name for name, expected in EXPECTED.items() if isinstance(expected, Lands)])
def test_a_file_that_lands(landed: Warehouse, name: str) -> None:
    expected = EXPECTED[name]
    assert isinstance(expected, Lands)
    entry = ledger_entry(landed, name)
    assert entry["status"] == "loaded", entry["message"]
    counts = entry["rows_out"], entry["rows_quarantined"], entry["rows_duplicate"]
    assert counts == (expected.rows, len(expected.aside), expected.duplicates)
    assert entry["rows_in"] == sum(counts)
    aside = quarantined_rows(landed).filter(pl.col("source_path") == entry["source_path"])
    assert aside.sort("source_row").select("source_row", "reason", "field").rows() == list(expected.aside)
    for words in expected.says:
        assert words in entry["message"]
    for column, value in expected.ledger.items():
        found = json.loads(entry[column]) if isinstance(value, list) else entry[column]
        assert found == value
    bronze = pl.read_parquet(landed.bronze / entry["source"] / "*.parquet")
    assert bronze.filter(pl.col("source_path") == entry["source_path"]).height == expected.rows


@pytest.mark.parametrize("name", [name for name, expected in EXPECTED.items() if isinstance(expected, Refused)])
def test_a_file_that_is_refused(landed: Warehouse, name: str) -> None:
    expected = EXPECTED[name]
    assert isinstance(expected, Refused)
    entry = ledger_entry(landed, name)
    assert entry["status"] == "rejected"
    assert entry["message"].startswith(entry["source_path"] + ": ") and "\n" not in entry["message"]
    for words in expected.says:
        assert words in entry["message"]
    assert entry["rows_out"] == 0 and entry["rows_in"] == entry["rows_quarantined"]
    assert (entry["rejects_by_reason"] and json.loads(entry["rejects_by_reason"])) == expected.reasons
    assert quarantined_rows(landed).filter(pl.col("source_path") == entry["source_path"]).is_empty()


@pytest.mark.parametrize("source", sorted({name.split("/")[0] for name in EXPECTED}))
def test_whether_a_refused_file_could_be_read_decides_how_the_run_ends(landed: Warehouse, source: str) -> None:
    """Broken input and a failed limit have different exit codes; refused files are tried again on every run."""
    again = {
        rejected.source_path.split("/")[-1]: rejected.is_unreadable for rejected in ingest(landed, source).rejected
    }
    refused = {n: e for n, e in EXPECTED.items() if isinstance(e, Refused) and n.startswith(source + "/")}
    assert again == {name.split("/")[1]: expected.is_unreadable for name, expected in refused.items()}


def values(landed: Warehouse, name: str, *columns: str) -> list[tuple[Any, ...]]:
    source, file = name.split("/")
    rows = pl.read_parquet(landed.bronze / source / "*.parquet")
    return rows.filter(pl.col("source_path").str.ends_with("/" + file)).sort("source_row").select(columns).rows()


def test_rows_keep_the_number_a_spreadsheet_shows(landed: Warehouse) -> None:
    assert values(landed, "patents/title_rows.csv", "source_row") == [(5,), (6,)]
    assert values(landed, "patents/line_breaks_in_cells.csv", "source_row", "title") == [
        (2, '一种陶瓷釉料 及其"制备"'),
        (3, "一种样例纤维"),
    ]
    assert values(landed, "patents/blank_rows.csv", "source_row") == [(2,), (5,)]


def test_a_header_over_two_rows_is_read_as_one(landed: Warehouse) -> None:
    columns = ("application_no", "filing_date", "publication_no", "publication_date", "applicant", "division_code")
    ((number, filed, published, published_on, applicant, division),) = values(
        landed, "patents/merged_header.csv", *columns
    )
    assert (number, published, applicant, division) == (
        "201210424464.6",
        "CN102889890",
        "淄博样例陶瓷有限公司",
        "370303",
    )
    assert (str(filed), str(published_on)) == ("2012-10-30", "2013-01-23")


def test_a_spoiled_number_is_kept_without_guessing(landed: Warehouse) -> None:
    columns = ("application_no", "application_no_quality", "publication_no")
    assert values(landed, "patents/scientific_numbers.csv", *columns) == [(None, "spoiled", "CN102889890")]


def test_text_formulas_are_text_and_other_formulas_stay_as_written(landed: Warehouse) -> None:
    columns = ("application_no", "title")
    assert values(landed, "patents/formula_cells.csv", *columns) == [("201210424464.6", "=cmd|'/C calc'!A0")]


def test_sentinels_become_null(landed: Warehouse) -> None:
    found = values(landed, "patents/sentinels.csv", "ipc", "address", "filing_date")
    assert found[0] == (None, None, None) and None not in found[1]


def test_a_natural_person_is_masked_and_the_home_cut(landed: Warehouse) -> None:
    columns = ("applicant", "applicant_kind", "applicant_count", "address", "division_code", "address_rest")
    assert values(landed, "patents/natural_persons.csv", *columns) == [
        ("自然人", "natural_person", 2, "255000山东省淄博市张店区", "370303", None),
        ("淄博样例化工有限公司", "organisation", 2, "255400 山东省淄博市临淄区样例路2号", "370305", "样例路2号"),
    ]


def test_persons_appear_nowhere(landed: Warehouse) -> None:
    personal = ("样小明", "样大力", "1号楼101室", "13800000000", "样例人", "样例甲;样例乙")
    for file in [*landed.bronze.rglob("*.parquet"), *landed.quarantine.rglob("*.parquet")]:
        text = pl.read_parquet(file).write_json()
        assert [word for word in personal if word in text] == [], file


def test_population_is_counted_in_persons_whatever_the_unit(landed: Warehouse) -> None:
    columns = ("region_code", "persons", "kind")
    assert values(landed, "population/unit_in_title.csv", *columns) == [("370300", 4_704_138, "resident")]
    assert values(landed, "population/thousands_separators.csv", *columns) == [("370300", 4_704_138, "resident")]
    found = values(landed, "population/year_columns.csv", *columns, "reference_date")
    assert [(code, persons, kind, str(day)) for code, persons, kind, day in sorted(found, key=str)] == [
        ("370000", 100_060_000, "resident", "2017-12-31"),
        ("370000", 100_470_000, "resident", "2018-12-31"),
        ("410000", 95_590_000, "resident", "2017-12-31"),
    ]


def test_an_event_known_by_its_title_gets_its_code_where_the_title_decides(landed: Warehouse) -> None:
    columns = ("event_code", "event_title", "patent_type")
    assert values(landed, "patent_events/title_without_code.csv", *columns) == [("GR01", "授权", "invention")]


def test_only_reasons_of_the_closed_list_are_given(landed: Warehouse) -> None:
    assert set(quarantined_rows(landed)["reason"]) <= {code for code, reason in REASONS.items() if not reason.keeps_row}
