"""Cells for programs and for people, and units and ids as SDMX codes."""

from pathlib import Path

import polars as pl
import pytest
from pysdmx.io import read_sdmx
from pysdmx.io.format import Format
from pysdmx.io.writer import write_sdmx
from pysdmx.model import Code, Codelist

from pipelines.export import sdmx, structure, tables
from pipelines.export.forms import Form

NAMES = {"party": "单位 party", "amount": "金额 amount"}


@pytest.fixture
def delivered(tmp_path: Path) -> Path:
    """A table with what spreadsheets take for formulas, an empty text, a missing one and a negative number."""
    frame = pl.DataFrame(
        {"party": ["=cmd|' /C calc'!A0", "@x", "", None, '甲,"乙"', "-5"], "amount": [-1.5, 0.1, 0.0, None, 1e9, 2.0]}
    )
    frame.write_parquet(tmp_path / "fct_pledge.parquet")
    return tmp_path / "fct_pledge.parquet"


def test_for_people_no_text_is_a_formula_and_the_bytes_say_utf_8(delivered: Path, tmp_path: Path) -> None:
    file = tables.write(delivered, tmp_path, Form.CSV_EXCEL, NAMES)
    assert file == tmp_path / "csv-excel" / "fct_pledge.csv"
    assert file.read_bytes().startswith("\ufeff单位 party,金额 amount\n".encode())
    assert file.read_text("utf-8-sig").splitlines()[1:] == [
        "'=cmd|' /C calc'!A0,-1.5", "'@x,0.1", '"",0.0', ",", '"甲,""乙""",1000000000.0', "'-5,2.0",
    ]  # fmt: skip


def test_for_programs_a_cell_is_what_the_table_holds(delivered: Path, tmp_path: Path) -> None:
    file = tables.write(delivered, tmp_path, Form.CSV, NAMES)
    assert file.read_bytes().startswith(b"party,amount\n=cmd|")
    read = pl.read_csv(file)
    assert read.equals(pl.read_parquet(delivered))


def test_json_is_one_array_of_rows(delivered: Path, tmp_path: Path) -> None:
    assert pl.read_json(tables.write(delivered, tmp_path, Form.JSON, NAMES)).equals(pl.read_parquet(delivered))


def test_parquet_is_the_release_s_own_file(delivered: Path, tmp_path: Path) -> None:
    assert tables.write(delivered, tmp_path, Form.PARQUET, NAMES).read_bytes() == delivered.read_bytes()


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("件", ("ITEMS", 0, None)),
        ("件/万人", ("ITEMS", 0, 10_000)),
        ("亿元", ("CNY", 8, None)),
        ("万元", ("CNY", 4, None)),
        ("万人次", ("ATTENDANCES", 4, None)),
        ("%", ("PT", 0, None)),
        ("万", ("U4E07", 0, None)),  # counts nothing: a unit of its own
        ("亩m2", ("U4EA9m2", 0, None)),  # a unit that only another city's plan has
    ],
)
def test_a_unit_is_code_multiplier_and_base(unit: str, expected: tuple[str, int, int | None]) -> None:
    known = {"件": ("ITEMS", "件"), "元": ("CNY", "元"), "人次": ("ATTENDANCES", "人次"), "%": ("PT", "%")}
    _, code, _, multiplier, base_per = sdmx._unit(unit, known)
    assert (code, multiplier, base_per) == expected


def test_names_with_marks_of_xml_arrive_as_they_are(tmp_path: Path) -> None:
    name = 'R&D <"甲">, the city\'s'
    codes = Codelist(id="CL_X", name=name, agency="IPW", items=[Code("A", name=name)])
    for form in (Format.STRUCTURE_SDMX_ML_3_0, Format.STRUCTURE_SDMX_ML_2_1):
        write_sdmx([codes], form, str(tmp_path / "structure.xml"))
        (read,) = read_sdmx(tmp_path / "structure.xml", validate=True).get_codelists()
        assert (read.name, read.items[0].name) == (name, name)


def test_a_dot_of_an_id_is_an_underscore_in_a_code() -> None:
    assert structure.code("city.15fyp-T01") == "city_15fyp-T01"
