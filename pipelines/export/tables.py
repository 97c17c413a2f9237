"""The tables of a release as CSV, JSON or Parquet, one file each, rows in the release's own order.

For machines a cell is what the table holds. For people (`csv-excel`) the headers are Chinese and English, a byte order
mark tells a spreadsheet that the text is UTF-8, and no text can run as a formula.
"""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from pipelines.export.forms import Form
from pipelines.release.safe_text import STARTS_A_FORMULA
from pipelines.sql_text import quoted

_BYTE_ORDER_MARK = "\ufeff"


def write(parquet: Path, folder: Path, form: Form, names: Mapping[str, str]) -> Path:
    """Write one table, given as its Parquet file, into `folder/form`; `names` are the people's names of its columns."""
    file = folder / form / f"{parquet.stem}.{'csv' if form is Form.CSV_EXCEL else form}"
    file.parent.mkdir(exist_ok=True)
    if form is Form.PARQUET:
        shutil.copyfile(parquet, file)
        return file
    columns = _for_people(parquet, names) if form is Form.CSV_EXCEL else "*"
    options = "format json, array true" if form is Form.JSON else "format csv, header"
    with duckdb.connect() as connection:
        connection.execute(
            f"copy (select {columns} from read_parquet('{quoted(parquet)}')) to '{quoted(file)}' ({options})"
        )
    return file


def people_names(model: Mapping[str, Any]) -> dict[str, str]:
    """Column → its Chinese name from the dictionary and the column's own name, such as 指标编号 indicator_id."""
    return {column["name"]: _people_name(column) for column in model["columns"]}


def _people_name(column: Mapping[str, Any]) -> str:
    chinese, separator, _ = str(column.get("description", "")).partition(" · ")
    return f"{chinese.strip()} {column['name']}" if separator else str(column["name"])


def _for_people(parquet: Path, names: Mapping[str, str]) -> str:
    cells, mark = [], _BYTE_ORDER_MARK  # the first header is what a file begins with
    for column, dtype in pl.read_parquet_schema(parquet).items():
        cell = _harmless(column) if dtype == pl.String else _name(column)
        cells.append(f"{cell} as {_name(mark + names.get(column, column))}")
        mark = ""
    return ", ".join(cells)


def _harmless(column: str) -> str:
    """`safe_cell` in SQL."""
    starts = ", ".join(f"chr({ord(character)})" for character in STARTS_A_FORMULA)
    return f"case when {_name(column)}[1] in ({starts}) then concat('''', {_name(column)}) else {_name(column)} end"


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'
