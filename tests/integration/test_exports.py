"""`ipw export`: every value arrives in every form, and libraries of others read and check what is written."""

import json
import resource
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest
import rdflib
import sdmx
from frictionless import Package, Resource, Schema
from pysdmx.io import read_sdmx

from pipelines.export.catalogue import Offer
from pipelines.export.forms import Confidentiality, Form
from pipelines.export.writing import export
from tests.support import IPW, environment, ipw, query

SMALL = ("target_vs_actual", "dim_indicator", "reconciliation", "fct_pledge", "release")
CODED = ("FREQ", "REF_AREA", "REGION_VIEW", "INDICATOR", "MEASURE", "PLAN_TARGET", "OBS_STATUS", "CONF_STATUS",
         "UNIT_MEASURE", "UNIT_MULT", "TARGET_STATUS", "DATA_KIND")  # fmt: skip
KEY = ["FREQ", "REF_AREA", "REGION_VIEW", "INDICATOR", "MEASURE", "PLAN_TARGET", "TIME_PERIOD"]


@pytest.fixture(scope="module")
def marts(sample_warehouse: Path) -> Path:
    """The release in force."""
    return (sample_warehouse / "marts.duckdb").resolve()


@pytest.fixture(scope="module")
def small(marts: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A few tables in every form, and the figures as SDMX."""
    folder = tmp_path_factory.mktemp("export") / "open-data"
    offer = Offer("https://data.example/ip-plan/", "某市市场监督管理局", "https://licence.example/open")
    export(marts, folder, list(Form), only=SMALL, offer=offer, confidentiality=Confidentiality.FREE)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def figures(small: Path) -> pl.DataFrame:
    """The SDMX observations, every column a text but the value."""
    return pl.read_csv(small / "sdmx" / "data.csv", infer_schema=False).with_columns(pl.col("OBS_VALUE").cast(float))


def test_every_table_arrives_with_its_rows_and_values(marts: Path, tmp_path: Path) -> None:
    export(marts, tmp_path / "all", [Form.CSV])
    tables_there = sorted((marts.parent / "parquet").glob("*.parquet"))
    assert len(tables_there) == len(list((tmp_path / "all" / "csv").iterdir())) > 30
    summed = "select count(*), sum(cast(hash(each) as hugeint)), bit_xor(hash(each)) from {} as each"
    with duckdb.connect() as connection:
        for parquet in tables_there:
            described = connection.execute(f"describe select * from read_parquet('{parquet}')").fetchall()
            types = ", ".join(f"'{name}': '{kind}'" for name, kind, *_ in described)
            file = tmp_path / "all" / "csv" / f"{parquet.stem}.csv"
            written = f"read_csv('{file}', header = true, columns = {{{types}}}, allow_quoted_nulls = false)"
            there, expected = (
                connection.execute(summed.format(source)).fetchall()
                for source in (written, f"read_parquet('{parquet}')")
            )
            assert there == expected, parquet.stem
    shutil.rmtree(tmp_path / "all")


@pytest.mark.parametrize("form", ["csv", "csv-excel"])
def test_frictionless_finds_every_table_valid(small: Path, form: str) -> None:
    package = Package(str(small / "datapackage.json"))
    for name in SMALL:
        report = package.get_resource(f"{name}.{form}").validate()
        assert report.valid, report.flatten(["rowNumber", "fieldName", "message"])[:3]
        assert report.tasks[0].stats["rows"] == query_rows(small, name)


def query_rows(small: Path, table: str) -> int:
    """Rows of a table in the release, counted in its Parquet file."""
    return pl.scan_parquet(small / "parquet" / f"{table}.parquet").select(pl.len()).collect().item()


def test_json_holds_the_same_rows(small: Path) -> None:
    for name in SMALL:
        expected = pl.read_parquet(small / "parquet" / f"{name}.parquet")
        assert pl.read_json(small / "json" / f"{name}.json", schema=expected.schema).equals(expected), name


def test_what_does_not_fit_is_what_frictionless_would_report(small: Path, tmp_path: Path) -> None:
    descriptor = json.loads((small / "datapackage.json").read_text("utf-8"))
    (described,) = [each for each in descriptor["resources"] if each["name"] == "target_vs_actual.csv"]
    assert described["schema"]["primaryKey"] == ["plan_id", "target_id", "target_version", "region_code", "year"]
    header, first, second, *_ = (small / described["path"]).read_text("utf-8").splitlines(keepends=True)
    spoilt = second.replace(",2022,", ",next year,")
    assert spoilt != second
    (tmp_path / "spoilt.csv").write_text("".join([header, first, first, spoilt]), encoding="utf-8")
    report = Resource(
        path="spoilt.csv", basepath=str(tmp_path), schema=Schema.from_descriptor(described["schema"])
    ).validate()
    assert {error.type for error in report.tasks[0].errors} == {"type-error", "primary-key"}


@pytest.mark.parametrize("folder", ["release", "export"])
def test_the_data_package_names_every_file_and_is_one(marts: Path, small: Path, folder: str) -> None:
    where = {"release": marts.parent, "export": small}[folder]
    descriptor = json.loads((where / "datapackage.json").read_text("utf-8"))
    assert not list(Package.metadata_validate(descriptor))
    named = {each["path"] for each in descriptor["resources"]}
    there = {each.relative_to(where).as_posix() for each in where.rglob("*") if each.is_file()}
    if folder == "export":
        assert there - named == {"datapackage.json", "dcat.jsonld"}
    assert named <= there


def test_the_structure_keeps_to_the_schemas_of_sdmx(small: Path) -> None:
    for name in ("structure.xml", "structure-2.1.xml"):
        message = read_sdmx(small / "sdmx" / name, validate=True)  # against the official XML schemas
        assert len(message.get_codelists()) == len(CODED)
        assert [flow.id for flow in message.get_dataflows()] == ["IP_PLAN"]


def test_names_arrive_as_the_dictionary_has_them(small: Path, marts: Path) -> None:
    (indicators,) = [
        each for each in read_sdmx(small / "sdmx" / "structure.xml").get_codelists() if each.id == "CL_INDICATOR"
    ]
    with duckdb.connect(str(marts), read_only=True) as connection:
        names = connection.execute("select indicator_id, title_zh || ' · ' || title_en from dim_indicator").fetchall()
    assert {code.id: code.name for code in indicators.items if code.id != "_Z"} == dict(names)


def test_an_sdmx_library_reads_the_data_by_the_structure(small: Path, figures: pl.DataFrame, tmp_path: Path) -> None:
    definition = sdmx.read_sdmx(small / "sdmx" / "structure-2.1.xml").structure["DSD_IP_PLAN"]
    assert [each.id for each in definition.dimensions.components] == KEY
    few = figures.filter((pl.col("PLAN_TARGET") != "_Z") | (pl.int_range(pl.len()) % 200 == 0))
    few.write_csv(tmp_path / "few.csv")
    (read,) = sdmx.read_sdmx(tmp_path / "few.csv", structure=definition).data
    assert len(read.obs) == len(few)
    values = {str(each.key): each.value for each in read.obs}
    assert len(values) == len(few)


def test_every_code_is_on_its_list_and_every_key_there_once(small: Path, figures: pl.DataFrame) -> None:
    lists = {
        each.id: {code.id for code in each.items}
        for each in read_sdmx(small / "sdmx" / "structure.xml").get_codelists()
    }
    for column in CODED:
        used = set(figures[column].drop_nulls().unique())
        assert used <= lists[f"CL_{column}"], column
    assert not figures.select(KEY).is_duplicated().any()
    assert set(figures["CONF_STATUS"]) == {"F"} and set(figures["DATA_KIND"]) == {"SYNTHETIC"}
    assert not figures["UNIT_MEASURE"].null_count()


def test_every_value_of_the_release_is_an_observation(marts: Path, figures: pl.DataFrame) -> None:
    levels = figures.filter(pl.col("MEASURE").is_in(["LEVEL", "PER_10K"]))
    with duckdb.connect(str(marts), read_only=True) as connection:
        expected = connection.execute(
            "select count(*), count(value), round(sum(value), 3) from fct_indicator_value"
        ).fetchall()
        targets = connection.execute(
            "select count(*), count(progress_rate), count(*) filter (indicator_id is null), "
            "count(*) filter (target_value is not null) from target_vs_actual"
        ).fetchall()
    assert [(len(levels), levels["OBS_VALUE"].count(), round(levels["OBS_VALUE"].sum(), 3))] == expected
    of = {name: figures.filter(pl.col("MEASURE") == name) for name in ("PROGRESS", "EVIDENCE", "COMPLETION")}
    found = (len(of["PROGRESS"]), of["PROGRESS"]["OBS_VALUE"].count(), len(of["EVIDENCE"]), len(of["COMPLETION"]))
    assert [found] == targets
    assert figures.filter(pl.col("OBS_VALUE").is_null())["OBS_STATUS"].unique().sort().to_list() == ["L", "O"]
    assert figures.filter(pl.col("OBS_STATUS").is_in(["L", "O"]))["OBS_VALUE"].count() == 0


def test_the_plan_s_figures_are_as_the_plan_prints_them(figures: pl.DataFrame) -> None:
    """淄博十四五规划: 85,000 marks, 10 per 10,000 residents, 10 navigation projects in each year (domain.md A)."""
    targets = figures.filter(pl.col("MEASURE") == "TARGET", pl.col("PLAN_TARGET").str.starts_with("zibo_14fyp-"))
    rows = targets.select("PLAN_TARGET", "TIME_PERIOD", "OBS_VALUE", "UNIT_MEASURE", "UNIT_MULT", "BASE_PER").rows()
    assert ("zibo_14fyp-T02", "2025", 85_000.0, "ITEMS", "0", None) in rows
    assert ("zibo_14fyp-T01", "2025", 10.0, "ITEMS", "0", "10000") in rows
    yearly = [(period, value) for target, period, value, *_ in rows if target == "zibo_14fyp-Y02"]
    assert yearly == [(str(year), 10.0) for year in range(2021, 2026)]


def test_periods_are_written_as_sdmx_has_them(figures: pl.DataFrame) -> None:
    shapes = {"M": r"^\d{4}-\d{2}$", "Q": r"^\d{4}-Q[1-4]$", "S": r"^\d{4}-S[12]$", "A": r"^\d{4}$",
              "A5": r"^\d{4}-01-01/P5Y$"}  # fmt: skip
    assert set(figures["FREQ"]) == set(shapes)
    for frequency, shape in shapes.items():
        periods = figures.filter(pl.col("FREQ") == frequency)["TIME_PERIOD"]
        assert periods.str.contains(shape).all(), frequency
    assert "2020-S2" in set(figures["TIME_PERIOD"]) and "2016-01-01/P5Y" in set(figures["TIME_PERIOD"])


def test_the_catalogue_s_entry_is_dcat(small: Path) -> None:
    dcat, dct = rdflib.Namespace("http://www.w3.org/ns/dcat#"), rdflib.DCTERMS
    graph = rdflib.Graph().parse(small / "dcat.jsonld", format="json-ld")
    (dataset,) = graph.subjects(rdflib.RDF.type, dcat.Dataset)
    files = {str(graph.value(each, dcat.downloadURL)): int(graph.value(each, dcat.byteSize))
             for each in graph.objects(dataset, dcat.distribution)}  # fmt: skip
    base = "https://data.example/ip-plan/"
    assert files == {
        f"{base}{each.relative_to(small).as_posix()}": each.stat().st_size
        for each in small.rglob("*") if each.is_file() and each.parent != small
    }  # fmt: skip
    assert str(graph.value(graph.value(dataset, dct.publisher), rdflib.FOAF.name)) == "某市市场监督管理局"
    assert str(graph.value(dataset, dct.license)) == "https://licence.example/open"
    assert all("SYNTHETIC" in str(words) for words in graph.objects(dataset, dct.description))
    assert str(graph.value(dataset, dct.modified)) == "2026-01-20"


def test_what_nobody_said_is_not_in_the_entry(marts: Path, tmp_path: Path) -> None:
    export(marts, tmp_path / "out", [Form.CSV], only=["release"])
    entry = (tmp_path / "out" / "dcat.jsonld").read_text("utf-8")
    assert "publisher" not in entry and "license" not in entry and '"csv/release.csv"' in entry


def test_the_same_release_gives_the_same_bytes(marts: Path, small: Path, tmp_path: Path) -> None:
    export(marts, tmp_path / "again", [Form.CSV, Form.SDMX], only=SMALL, confidentiality=Confidentiality.FREE)
    again = {each.relative_to(tmp_path / "again"): each for each in (tmp_path / "again").glob("*/*")}
    assert len(again) == len(SMALL) + 3
    assert all(file.read_bytes() == (small / path).read_bytes() for path, file in again.items())
    shutil.rmtree(tmp_path / "again")


def test_a_full_disk_is_one_line_and_leaves_nothing(published: Path, tmp_path: Path) -> None:
    """Writes beyond 1 MB fail as they do when a disk is full."""
    limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))  # noqa: E731
    for form in ("csv", "json", "parquet", "sdmx"):
        outcome = subprocess.run(
            [str(IPW), "export", str(tmp_path / "out"), "--format", form, "--table", "fct_pledge", "--table", "fct_patent"],
            env=environment(published), preexec_fn=limit, capture_output=True, text=True,
        )  # fmt: skip
        said = outcome.stderr
        assert outcome.returncode == 2 and "out cannot be written" in said and said.count("\n") == 1, said
        assert not list(tmp_path.iterdir())


def test_a_folder_that_is_there_and_empty_is_filled(
    marts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "out").mkdir()
    export(marts, Path("out"), [Form.PARQUET], only=["release"])
    assert (tmp_path / "out" / "parquet" / "release.parquet").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["taken"], "taken is not empty; name a new folder"),
        (["missing/out"], "missing is no folder; make it first"),
        (["out", "--table", "fct_nothing"], "no table fct_nothing in the release; it has dim_indicator"),
        (["out", "--format", "sas"], "Invalid value for '--format'"),
    ],
)
def test_a_wrong_word_is_one_line_and_nothing_is_written(
    published: Path, tmp_path: Path, arguments: list[str], said: str
) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "mine.txt").write_text("x")
    outcome = ipw(published, "export", str(tmp_path / arguments[0]), *arguments[1:])
    assert outcome.returncode == 2 and said in outcome.stderr
    assert [each.name for each in tmp_path.iterdir()] == ["taken"]


def test_the_command_says_what_it_wrote(published: Path, tmp_path: Path) -> None:
    outcome = ipw(published, "export", str(tmp_path / "out"), "--table", "release", "--format", "csv-excel", "--json")
    assert outcome.returncode == 0, outcome.stderr
    said = json.loads(outcome.stdout)
    assert said["release_id"] == query(published, "select release_id from release")[0][0]
    assert set(said["files"]) == {"csv-excel/release.csv", "datapackage.json", "dcat.jsonld"}
