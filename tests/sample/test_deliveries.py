"""What lies in the landing folder: the same bytes every time, every format, and every planted row where it is said to be."""

import csv
import hashlib
import io
import itertools
import re
import zipfile
from pathlib import Path

import polars as pl
import pytest

from pipelines.contracts.reasons import REASONS
from pipelines.errors import ConfigError
from pipelines.intake.readers import read_member
from pipelines.intake.readers.archive import members
from pipelines.intake.readers.base import RawTable
from pipelines.sample import SampleReport, city, generate, story, truth


def hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of every file but those of the story."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    names = ((path, path.relative_to(folder)) for path in files)
    return {
        name.as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path, name in names
        if name.parts[0] != story.FOLDER
    }


def test_the_same_arguments_give_the_same_bytes(sample: SampleReport, sample_warehouse: Path) -> None:
    """In two processes, this one and that of `ipw run`; with the story and without."""
    again = sample_warehouse / "landing"
    assert hashes(again) == hashes(sample.folder)
    table = pl.read_csv(again / "truth" / "truth.csv", schema=truth.SCHEMA)
    assert table.equals(sample.truth)


@pytest.mark.slow
def test_scale_two_doubles_every_figure_but_what_is_drawn_around_them(sample: SampleReport, tmp_path: Path) -> None:
    double = generate(tmp_path / "double", scale=2)

    def figures(report: SampleReport) -> dict[tuple[str, int], int]:
        exact = pl.col("indicator_id").is_in(["inv_grants", "inv_valid", "um_grants", "design_grants"])
        rows = report.truth.filter(exact & (pl.col("region_code") == "370300") & (pl.col("region_view") == "statutory"))
        last = rows.filter(pl.col("known_at") == pl.col("known_at").max())
        return {(i, y): v for i, y, v in last.select("indicator_id", "year", "value").iter_rows()}

    assert figures(double) == {key: 2 * count for key, count in figures(sample).items()}
    persons = read(double, "population/2021-07-15/合成_人口_2021.xlsx").frame["人口数（人）"].to_list()
    assert "9,408,276" in persons
    first, both = (r.files["patents/2016-01-25/合成_发明授权_2015H2.csv"] for r in (sample, double))
    assert 1.9 < both / first < 2.1
    numbers = read(double, "patents/2016-01-25/合成_发明授权_2015H2.csv").frame["filing_id"]
    assert numbers.n_unique() == len(numbers)


def test_nothing_is_written_into_a_folder_in_use(tmp_path: Path) -> None:
    (tmp_path / "own.txt").write_text("kept")
    with pytest.raises(ConfigError, match="not empty"):
        generate(tmp_path)
    with pytest.raises(ConfigError, match="scale 0"):
        generate(tmp_path / "new", scale=0)


def read(sample: SampleReport, name: str) -> RawTable:
    (member,) = members(sample.folder / name)
    return read_member(name, member.read(), name.split("/")[0])


FORMATS = {
    "patents/2019-04-15/合成_外观设计_2019Q1.csv": ("csv", "gb18030"),
    "patents/2015-07-20/合成_发明公布_2015H1_导出.csv": ("csv", "utf-8-sig"),
    "patents/2017-01-25/合成_实用新型_2016H2.txt": ("csv", "utf-16"),
    "patents/2018-07-20/合成_发明公布_2018H1_导出.csv": ("csv", "utf-8"),
    "patents/2012-02-15/合成_存量发明_2011.xlsx": ("xlsx", None),
    "patents/2017-07-20/合成_检索系统列表_2016.xlsx": ("xlsx", None),
    "patents/2022-04-15/合成_发明公布_2022Q1.json": ("json/cnipr", "utf-8"),
    "patents/2023-07-15/合成_发明公布_2023Q2.jsonl": ("json/cnipr", "utf-8"),
    "patent_events/2012-02-15/合成_法律状态_2011.txt": ("text/gazette", "utf-8"),
    "patent_events/2014-02-15/合成_法律状态_2013_en.csv": ("csv", "utf-8"),
    "patent_events/2022-04-15/合成_法律状态_2022Q1_cnipr.json": ("json/cnipr", "utf-8"),
}


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_is_read_as_what_it_is_with_the_rows_it_has(sample: SampleReport, name: str) -> None:
    table = read(sample, name)
    assert (table.reader, table.encoding) == FORMATS[name]
    assert table.frame.height == sample.files[name]


@pytest.mark.parametrize(
    ("name", "reader"),
    [
        ("patents/2013-02-15/合成_发明公布_2012_xml.zip", "xml/cn-patent-document"),
        ("patents/2021-07-15/合成_发明公布_2021Q2_xml.zip", "xml/cnipa-v2.2.1"),
        ("patent_events/2017-01-25/合成_法律状态_2016H2_prs.zip", "xml/prs"),
    ],
)
def test_an_archive_holds_one_document_per_record(sample: SampleReport, name: str, reader: str) -> None:
    found = [
        read_member(member.path_in_archive, member.read(), name.split("/")[0])
        for member in members(sample.folder / name)
    ]
    assert {table.reader for table in found} == {reader}
    assert sum(table.frame.height for table in found) == sample.files[name]


def test_one_archive_is_nested(sample: SampleReport) -> None:
    with zipfile.ZipFile(sample.folder / "patents/2021-07-15/合成_发明公布_2021Q2_xml.zip") as outer:
        assert all(name.endswith(".zip") for name in outer.namelist())
        assert {entry.date_time for entry in outer.infolist()} == {(2020, 1, 1, 0, 0, 0)}


def test_xml_and_list_say_the_same_of_an_invention(sample: SampleReport) -> None:
    archive = "patents/2020-04-15/合成_发明授权_2020Q1_xml.zip"
    member = next(iter(members(sample.folder / archive)))
    grant = read_member("x", member.read(), "patents").frame.to_dicts()[0]
    number = grant["application_no"]
    listed = None
    for path in sorted((sample.folder / "patents").rglob("合成_发明公布_*.csv")):
        for line in path.read_bytes().decode("gb18030", errors="replace").splitlines():
            if number.replace(".", "") in line or number in line:
                listed = line
    assert listed is not None
    assert grant["publication_no"][:-1] in listed
    assert re.sub(r"\s", "", grant["ipc"]).split("(")[0] in listed


def test_everything_is_visibly_synthetic(sample: SampleReport) -> None:
    assert (sample.folder / "SYNTHETIC.md").is_file()
    assert all(re.search("合成|synthetic", Path(name).name) for name in sample.files)
    table = read(sample, "patents/2019-04-15/合成_外观设计_2019Q1.csv").frame
    assert table["name"].str.starts_with("【合成】").all()
    assert table["patentee"].str.contains("合成样例|样例人").all()
    persons = table.filter(~pl.col("patentee").str.contains("合成样例"))["patentee"]
    assert persons.len() > 0
    assert persons.str.contains("^样例人.$").all()


def test_strategic_symbols_stand_in_the_table_and_the_others_do_not() -> None:
    """By the rules that are shipped, for these decide what counts in the sample city."""
    seeds = Path(__file__).parents[2] / "dbt_project" / "seeds"
    rules = pl.read_csv(seeds / "sei_rules.csv", infer_schema=False)
    patterns = pl.read_csv(seeds / "sei_rule_patterns.csv", infer_schema=False)

    def matches(symbol: str, pattern: str) -> bool:
        if not pattern.endswith("*"):
            return symbol == pattern
        return symbol.split("/")[0] == pattern[:-1] or (len(pattern) == 5 and symbol.startswith(pattern[:-1]))

    def conditions(symbol: str) -> set[str]:
        met = [(rule, out) for rule, pattern, out in patterns.iter_rows() if matches(symbol, pattern)]
        hits = {rule for rule, out in met if out == "false"} - {rule for rule, out in met if out == "true"}
        return set(rules.filter(pl.col("rule_id").is_in(sorted(hits)))["keyword_condition"])

    assert {symbol for symbol in city.SEI_SYMBOLS if "N" not in conditions(symbol)} == set()
    assert {symbol for symbol in city.OTHER_SYMBOLS if conditions(symbol)} == set()
    assert {symbol for symbol in city.KEYWORD_ONLY_SYMBOLS if conditions(symbol) != {"Y"}} == set()


def planted(sample: SampleReport, kind: str) -> list[dict]:
    """Planted rows of a kind in the deliveries of patents and their events."""
    of_patents = pl.col("source").is_in(["patents", "patent_events"])
    rows = sample.planted.filter((pl.col("kind") == kind) & of_patents).to_dicts()
    assert rows, f"nothing planted as {kind}"
    return rows


def line_of(sample: SampleReport, plant: dict) -> str:
    """The cells of a planted row of a text list as one text, by the row number a spreadsheet shows."""
    content = (sample.folder / plant["source_path"]).read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030")
    return ",".join(next(itertools.islice(csv.reader(io.StringIO(text, newline="")), plant["source_row"] - 1, None)))


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("spoiled_without_publication", "2.02E+12"),
        ("impossible_date", "2018.02.30"),
        ("full_width_digits", "２０１"),
        ("nbsp_after_number", "\u00a0"),
        ("zl_prefix", "ZL "),
        ("lost_separator", ";??"),
        ("personal_column", "0533-"),
        ("unknown_event_code", "ZZ99"),
        ("corrected_later", "青岛"),
        ("withdrawn_later", "CN19999"),
        ("district_zone", "周村区经济开发区"),
        ("road_named_zibo", "淄博路"),
        ("sale_after_break", "TR01"),
        ("full_invalidation", "IW01"),
    ],
)
def test_a_planted_row_is_where_the_list_says(sample: SampleReport, kind: str, text: str) -> None:
    lists = [plant for plant in planted(sample, kind) if plant["source_path"].endswith(".csv") and plant["source_row"]]
    assert lists, f"{kind} is in no list"
    for plant in lists:
        assert text in line_of(sample, plant)


def test_repeated_rows_repeat_their_neighbour(sample: SampleReport) -> None:
    for plant in planted(sample, "repeated_row"):
        before = plant | {"source_row": plant["source_row"] - 1}
        assert line_of(sample, plant) == line_of(sample, before)


def test_what_must_be_refused_names_a_known_reason(sample: SampleReport) -> None:
    refused = sample.planted["expected"].str.extract("^quarantined:(.+)$").drop_nulls()
    assert set(refused) <= set(REASONS)
    assert refused.n_unique() >= 12


def test_the_same_file_is_delivered_twice(sample: SampleReport) -> None:
    (plant,) = planted(sample, "same_content_again")
    found = hashes(sample.folder)
    twins = [name for name, digest in found.items() if digest == found[plant["source_path"]]]
    assert len(twins) == 2
