"""Real families, trademarks and geographical indications through the whole intake: facts read in the files, row by row."""

import re
import shutil
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import polars as pl
import pytest

from pipelines.intake.bronze import delivered_files, quarantined_rows
from pipelines.intake.run import IntakeResult, ingest
from pipelines.paths import Warehouse

OPS = "epo-ops-xml"
TSDR = "uspto-trademark-tsdr"
ST96 = "wipo-st96-st36-xml/st96-v6"

SDI = "SCIENTIFIC DRILLING INTERNATIONAL, INC"

# file of one biblio answer: (office, number, kind, application, filed, published, granted, applicant, family)
BIBLIO = {
    "CA.2300029.C": ("CA", "CA2300029", "C", "CA2300029", "2000-03-06", "2005-11-01", "2005-11-01",
                     "SCIENTIFIC DRILLING INTERNATIONAL", "23011249"),
    "CA.2887530.A1": ("CA", "CA2887530", "A1", "CA2887530", "2013-10-11", "2014-04-17", None, SDI, "50474376"),
    "CA.2944968": ("CA", "CA2944968", "A1", "CA2944968", "2016-08-12", "2017-02-13", None, "US WELL SERVICES LLC",
                   "58018391"),
    "CN.104968889.A": ("CN", "CN104968889", "A", "CN201380062258", "2013-10-11", "2015-10-07", None,
                       "自然人", "50474376"),
    "EP.2906782.A2": ("EP", "EP2906782", "A2", "EP13844704", "2013-10-11", "2015-08-19", None, SDI, "50474376"),
    "EP.2906782.A4": ("EP", "EP2906782", "A4", "EP13844704", "2013-10-11", "2016-08-17", None, SDI, "50474376"),
    "EP.3082535.A1": ("EP", "EP3082535", "A1", "EP14833316", "2014-12-22", "2016-10-26", None, "TOASTER LABS, INC",
                      "52434945"),
    "US.10047600.B2": ("US", "US10047600", "B2", "US201615044813", "2016-02-16", "2018-08-14", "2018-08-14",
                       "Scientific Drilling International, Inc", "50474376"),
    "US.2014102795.A1": ("US", "US2014102795", "A1", "US201314052000", "2013-10-11", "2014-04-17", None, SDI,
                         "50474376"),
    "US.2016162711.A1": ("US", "US2016162711", "A1", "US201514963709", "2015-12-09", "2016-06-09", None,
                         "SMARTFLASH LLC", "10863339"),
    "US.2016245070.A1": ("US", "US2016245070", "A1", "US201615044813", "2016-02-16", "2016-08-25", None,
                         "Scientific Drilling International, Inc", "50474376"),
    "US.9231827.B2": ("US", "US9231827", "B2", "US56964009", "2009-09-29", "2016-01-05", "2016-01-05", "BIGFIX, INC",
                      "41531245"),
    "US.9291047.B2": ("US", "US9291047", "B2", "US201314052000", "2013-10-11", "2016-03-22", "2016-03-22", SDI,
                      "50474376"),
    "WO.2014059282.A2": ("WO", "WO2014059282", "A2", "PCT/US2013/064552", "2013-10-11", "2014-04-17", None, SDI,
                         "50474376"),
    "WO.2014059282.A3": ("WO", "WO2014059282", "A3", "PCT/US2013/064552", "2013-10-11", "2015-07-23", None, SDI,
                         "50474376"),
}  # fmt: skip

# member of the family answer: office, number, kind, filed, published
FAMILY = [
    ("EP", "EP2906782", "A2", "2013-10-11", "2015-08-19"),
    ("EP", "EP2906782", "A4", "2013-10-11", "2016-08-17"),
    ("CA", "CA2887530", "A1", "2013-10-11", "2014-04-17"),
    ("CN", "CN104968889", "A", "2013-10-11", "2015-10-07"),
    ("RU", "RU2015117646", "A", "2013-10-11", "2016-12-10"),
    ("US", "US2014102795", "A1", "2013-10-11", "2014-04-17"),
    ("US", "US9291047", "B2", "2013-10-11", "2016-03-22"),
    ("US", "US2016245070", "A1", "2016-02-16", "2016-08-25"),
    ("US", "US10047600", "B2", "2016-02-16", "2018-08-14"),
    ("WO", "WO2014059282", "A2", "2013-10-11", "2014-04-17"),
    ("WO", "WO2014059282", "A3", "2013-10-11", "2015-07-23"),
]

Landed = tuple[Warehouse, IntakeResult]


def put(warehouse: Warehouse, source: str, files: Sequence[Path]) -> None:
    folder = warehouse.landing / source / "2024-01-15"
    folder.mkdir(parents=True)
    for file in files:
        shutil.copyfile(file, folder / file.name)


def bronze(warehouse: Warehouse, source: str) -> pl.DataFrame:
    rows = pl.read_parquet(warehouse.bronze / source / "*.parquet")
    return rows.with_columns(file=pl.col("source_path").str.extract("([^/]+)$", 1))


@pytest.fixture(scope="module")
def families(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Landed:
    """Every OPS answer there is, useful or not, delivered as patent families."""
    warehouse = Warehouse(tmp_path_factory.mktemp("families"))
    put(warehouse, "patent_families", sorted((shared_data / OPS).glob("*.xml")))
    return warehouse, ingest(warehouse, "patent_families")


@pytest.fixture(scope="module")
def trademarks(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Landed:
    """One mark in two versions of ST.96, one in ST.66 as the office's ZIP, and the standard's own example."""
    warehouse = Warehouse(tmp_path_factory.mktemp("trademarks"))
    tsdr = shared_data / TSDR
    names = ("rn2178784-ST-961_D3.xml", "rn2178784-ST-962.2.1.xml", "sn76044902.zip")
    example = shared_data / ST96 / "TrademarkApplication_Example.xml"
    put(warehouse, "trademarks", [*(tsdr / name for name in names), example])
    return warehouse, ingest(warehouse, "trademarks")


# --- families -----------------------------------------------------------------------------------------------------


def test_21_answers_land_and_24_say_why_not(families: Landed) -> None:
    warehouse, result = families
    landed = delivered_files(warehouse)
    readers = dict(landed.group_by("reader").agg(pl.col("rows_out").sum()).iter_rows())
    assert readers == {"xml/ops-family": 11, "xml/docdb": 21}  # one biblio answer brings two documents
    assert landed.height == 21 and result.unaccounted() == [] and quarantined_rows(warehouse).is_empty()
    reasons = {
        "legal_": ("legal events", 4),
        "number-service_": ("number conversion", 9),
        "_claims": ("full text", 2),
        "_description": ("full text", 2),
        "_images": ("list of images", 1),
        "_search": ("search answer", 3),
        "register_": ("European Patent Register", 3),
    }
    assert len(result.rejected) == sum(count for _, count in reasons.values()) == 24
    for part, (what, count) in reasons.items():
        told = [one.message for one in result.rejected if part in one.source_path.rsplit("/", 1)[1]]
        assert len(told) == count, part
        for message in told:
            assert what in message and "no source uses" in message and "fetch the" in message and "\n" not in message


def test_members_of_the_family_answer_have_the_familys_chinese_application(families: Landed) -> None:
    rows = bronze(families[0], "patent_families").filter(pl.col("file").str.starts_with("family_")).sort("source_row")
    columns = ("member_office", "member_publication_no", "member_kind", "filing_date", "publication_date")
    assert [(*row[:3], *map(str, row[3:])) for row in rows.select(columns).rows()] == FAMILY
    assert rows["source_row"].to_list() == list(range(1, 12))
    assert set(rows["application_no"]) == {"201380062258.8"} and set(rows["family_id"]) == {"50474376"}
    granted = rows.filter(pl.col("status") == "granted")
    assert granted["member_publication_no"].to_list() == ["US9291047", "US10047600"]
    assert granted.select((pl.col("grant_date") == pl.col("publication_date")).all()).item()
    assert rows["grant_date"].drop_nulls().len() == 2 and rows["applicant"].null_count() == 11


@pytest.mark.parametrize("name", BIBLIO)
def test_biblio_answer(families: Landed, name: str) -> None:
    rows = bronze(families[0], "patent_families")
    row = rows.filter(pl.col("file") == f"published-data_publication_docdb_{name}_biblio.xml").to_dicts()[0]
    office, number, kind, application, filed, published, granted, applicant, family = BIBLIO[name]
    assert (row["member_office"], row["member_publication_no"], row["member_kind"]) == (office, number, kind)
    assert (row["member_application_no"], row["family_id"]) == (application, family)
    assert (row["filing_date"], row["publication_date"]) == (date.fromisoformat(filed), date.fromisoformat(published))
    assert row["grant_date"] == (date.fromisoformat(granted) if granted else None)
    assert row["status"] == ("granted" if granted else None)
    # the shortened name of the Chinese document is not recognised as an organisation's: privacy goes first
    kind_of_party = "natural_person" if applicant == "自然人" else "organisation"
    assert (row["applicant"], row["applicant_kind"]) == (applicant, kind_of_party)
    assert row["application_no"] == ("201380062258.8" if office == "CN" else None)


def test_a_member_is_the_same_in_both_kinds_of_answer(families: Landed) -> None:
    rows = bronze(families[0], "patent_families")
    said = ("member_application_no", "filing_date", "publication_date", "grant_date", "status", "family_id")
    key = ("member_office", "member_publication_no", "member_kind")
    answers = rows.group_by(key).agg(pl.len(), pl.struct(said).n_unique().alias("versions"))
    assert answers.filter(pl.col("len") > 1).height == 11 and set(answers["versions"]) == {1}


def test_no_inventor_and_no_applicant_who_is_a_person_reaches_bronze(families: Landed, shared_data: Path) -> None:
    root = ElementTree.parse(shared_data / OPS / "published-data_publication_docdb_US.9231827.B2_biblio.xml").getroot()
    names = {
        re.sub(r"\s*\[[A-Z]{2}\]|,", "", name.text or "").strip()
        for holder in root.iter()
        if holder.tag.rpartition("}")[2] in ("inventor-name", "applicant-name")
        for name in holder.iter("{http://www.epo.org/exchange}name")
    }
    persons = {name for name in names if not re.search(r"\b(?:INC|IBM|INTERNATIONAL)\b", name)}
    assert len(persons) >= 8
    text = str(bronze(families[0], "patent_families").to_dicts())
    assert not [name for name in persons if name in text]


# --- trademarks ---------------------------------------------------------------------------------------------------


def test_two_schema_versions_of_a_mark_give_the_same_row(trademarks: Landed) -> None:
    rows = bronze(trademarks[0], "trademarks").filter(pl.col("registration_no") == "2178784")
    assert sorted(rows["file"]) == ["rn2178784-ST-961_D3.xml", "rn2178784-ST-962.2.1.xml"]
    own = rows.drop("file", "source_path", "source_file_sha256", "batch_id")
    assert own.is_duplicated().all()
    row = {name: value for name, value in own.row(0, named=True).items() if value not in (None, False)}
    assert row == {
        "registration_no": "2178784",
        "nice_class": 9,
        "mark_name": "JAVA",
        "application_no": "74631225",
        "application_date": date(1995, 2, 7),
        "registration_date": date(1998, 8, 4),
        "status": "registered",  # code 800: registered and renewed
        "status_date": date(2008, 8, 11),
        "category": "ordinary",
        "owner": "Oracle America, Inc.",  # the owner after registration, not the three before
        "owner_key": row["owner_key"],
        "owner_kind": "organisation",
        "address": "500 ORACLE PARKWAY, REDWOOD SHORES, CALIFORNIA, US, 94065",
        "agency": "Holland & Hart LLP",
        "source_row": 1,
        "delivered_on": date(2024, 1, 15),
    }
    assert row["owner_key"]


def test_the_offices_zip_gives_its_mark_in_two_classes(trademarks: Landed) -> None:
    warehouse, result = trademarks
    rows = bronze(warehouse, "trademarks").filter(pl.col("source_path").str.contains(".zip!", literal=True))
    assert rows["source_path"].unique().to_list() == ["trademarks/2024-01-15/sn76044902.zip!status_st66.xml"]
    assert rows.sort("nice_class").select("registration_no", "nice_class", "mark_name", "status").rows() == [
        ("2824281", 9, "PYTHON", "registered"),  # code 702
        ("2824281", 42, "PYTHON", "registered"),
    ]
    row = rows.row(0, named=True)
    assert (row["application_no"], row["application_date"]) == ("76044902", date(2000, 5, 9))
    assert (row["registration_date"], row["status_date"]) == (date(2004, 3, 23), date(2010, 9, 8))
    assert (row["owner"], row["agency"]) == ("PYTHON SOFTWARE FOUNDATION", "HAYNES AND BOONE, LLP")
    assert row["address"] == "P.O. Box 37, Wolfeboro Falls, NEW HAMPSHIRE, 038960037, US"
    # the web page that comes with it, its styles and pictures hold no data, and nothing is refused for them
    files = delivered_files(warehouse).filter(pl.col("source_path").str.contains("sn76044902.zip!", literal=True))
    beside = files.filter(pl.col("status") == "no_data")
    assert beside["source_path"].str.contains(r"\.(?:png|jpg)$").sum() == 6
    assert files.height == beside.height + 1 and result.rejected == ()


def test_the_standards_example_of_a_mark(trademarks: Landed) -> None:
    rows = bronze(trademarks[0], "trademarks").filter(pl.col("file") == "TrademarkApplication_Example.xml")
    (row,) = rows.to_dicts()
    assert (row["registration_no"], row["nice_class"], row["mark_name"]) == ("5169753", 9, "LANYI")
    assert (row["application_date"], row["registration_date"]) == (date(2016, 5, 12), date(2017, 3, 28))
    assert (row["status"], row["status_date"], row["category"]) == ("registered", date(2017, 3, 28), "ordinary")
    assert row["owner"] == "Shenzhen Fengniao E-Commerce Co.,Ltd" and row["address"] is None


def test_no_attorney_and_no_contact_reaches_bronze(trademarks: Landed, shared_data: Path) -> None:
    text = str(bronze(trademarks[0], "trademarks").to_dicts())
    persons: set[str] = set()
    for file in [*(shared_data / TSDR).glob("*.xml"), shared_data / ST96 / "TrademarkApplication_Example.xml"]:
        for element in ElementTree.parse(file).getroot().iter():
            name = element.tag.rpartition("}")[2]
            is_person = name == "PersonFullName" or name.startswith(("Email", "Phone", "Fax"))
            is_line = name == "FreeFormatNameLine" and not re.search(
                "LLP|Foundation|Initiatives", element.text or "", re.I
            )
            if (is_person or is_line) and len((element.text or "").strip()) > 4:
                persons.add((element.text or "").strip())
    assert len(persons) >= 5
    assert not [name for name in persons if name in text]


# --- geographical indications -------------------------------------------------------------------------------------


def test_a_foreign_application_is_read_and_set_aside_row_by_row(
    shared_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A French application with ten users: in none of the three registers, and not registered. No row is lost."""
    warehouse = Warehouse(tmp_path_factory.mktemp("indications"))
    put(warehouse, "geographical_indications", [shared_data / ST96 / "GIApplication_Example.xml"])
    result = ingest(warehouse, "geographical_indications")
    assert result.rejected == () and result.unaccounted() == []
    (entry,) = delivered_files(warehouse).to_dicts()
    assert (entry["reader"], entry["rows_in"], entry["rows_quarantined"]) == ("xml/st96-gi", 11, 11)
    aside = quarantined_rows(warehouse)
    assert set(aside.select("reason", "field", "value").rows()) == {
        ("code_unknown", "register", "Geographical Indication")
    }
    raw = aside["raw"].str.json_decode(pl.Struct({"record_type": pl.String, "gi_no": pl.String, "gi_name": pl.String}))
    counted = raw.struct.unnest().group_by("record_type", "gi_no", "gi_name").len().sort("record_type")
    assert counted.rows() == [
        ("authorised_user", "IG 18-002", "Tapisserie d'Aubusson", 10),
        ("gi", "IG 18-002", "Tapisserie d'Aubusson", 1),
    ]
