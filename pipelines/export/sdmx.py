"""The figures as SDMX-CSV 2.0, and their structure as SDMX-ML, twice: 3.0, and 2.1 for older readers.

What the structure is, is in `structure`; which observations there are, in `observations.sql`.
"""

import re
from datetime import UTC, datetime, time
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
from pysdmx.io.format import Format
from pysdmx.io.writer import write_sdmx
from pysdmx.model import Agency
from pysdmx.model.message import Header

from pipelines.export.forms import Confidentiality
from pipelines.export.structure import AGENCY, DATAFLOW, VERSION, structures, table_schema
from pipelines.sql_text import quoted

_DATA = "application/vnd.sdmx.data+csv;version=2.0.0"
_STRUCTURES = {
    "structure.xml": (Format.STRUCTURE_SDMX_ML_3_0, "application/vnd.sdmx.structure+xml;version=3.0.0"),
    "structure-2.1.xml": (Format.STRUCTURE_SDMX_ML_2_1, "application/vnd.sdmx.structure+xml;version=2.1"),
}
_MULTIPLIERS = {"万": 4, "亿": 8}
_PER_10K = "/万人"


def write(marts: Path, folder: Path, *, confidentiality: Confidentiality | None = None) -> dict[Path, dict[str, Any]]:
    """Write data and structure into `folder/sdmx`; what the data package says of each file.

    CONF_STATUS is what `confidentiality` gives for all observations, and empty without: the warehouse does not know who
    may read a figure.
    """
    data = folder / "sdmx" / "data.csv"
    data.parent.mkdir()
    written: dict[Path, dict[str, Any]] = {data: {"mediatype": _DATA, "schema": table_schema()}}
    with duckdb.connect(str(marts), read_only=True) as connection:
        units = _units(connection)
        connection.register("units", units.to_arrow())
        query = files(__package__).joinpath("observations.sql").read_text(encoding="utf-8")
        given = {"structure": f"{AGENCY}:{DATAFLOW}({VERSION})", "conf_status": confidentiality}
        connection.execute(f"copy ({query}) to '{quoted(data)}' (format csv, header)", given)
        artefacts, header = structures(connection, units), _header(connection)
    for name, (form, media_type) in _STRUCTURES.items():
        write_sdmx(artefacts, form, str(data.with_name(name)), header=header)
        written[data.with_name(name)] = {"mediatype": media_type}
    return written


def _header(connection: duckdb.DuckDBPyConnection) -> Header:
    ((release_id, known_at, is_synthetic),) = connection.execute(
        "select release_id, known_at, is_synthetic from release"
    ).fetchall()
    return Header(
        id=release_id,
        test=is_synthetic,
        prepared=datetime.combine(known_at, time(), UTC),  # no clock: the same release gives the same bytes
        sender=Agency(AGENCY, name="ip-plan-warehouse"),
    )


def _units(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """unit (as the marts write it), code, name, multiplier (power of ten), base_per: 亿元 is CNY with 8."""
    known = pl.read_csv(files(__package__).joinpath("units.csv").read_bytes())
    names = {row["unit"]: (row["code"], row["name"]) for row in known.iter_rows(named=True)}
    used = connection.execute(
        "select unit from fct_indicator_value union select unit from target_vs_actual where unit is not null"
    ).fetchall()
    rows = [_unit(unit, names) for unit in sorted({unit for (unit,) in used} | {"比", "份"})]
    schema = {"unit": pl.String, "code": pl.String, "name": pl.String, "multiplier": pl.Int64, "base_per": pl.Int64}
    return pl.DataFrame(rows, schema, orient="row")


def _unit(unit: str, names: dict[str, tuple[str, str]]) -> tuple[str, str, str, int, int | None]:
    counted = unit.removesuffix(_PER_10K)
    base = counted[1:] if counted[0] in _MULTIPLIERS and len(counted) > 1 else counted
    multiplier = _MULTIPLIERS[counted[0]] if base != counted else 0
    return unit, *names.get(base, (_spelled(base), base)), multiplier, 10_000 if counted != unit else None


def _spelled(text: str) -> str:
    """A code for a unit that units.csv does not know: SDMX codes are ASCII, so other characters go by number."""
    return "".join(character if re.match(r"[A-Za-z0-9]", character) else f"U{ord(character):04X}" for character in text)
