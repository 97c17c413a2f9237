"""The dbt sources over bronze and quarantine, written from the contracts: `python -m pipelines.contracts.dbt_sources`.

Only text is made here; plan inputs have a source file of their own, written by hand.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from pipelines.contracts.registry import contracts
from pipelines.contracts.schema import DELIVERED_FIELDS, DELIVERED_FILES, QUARANTINE, Column, bronze_columns

TARGET = Path(__file__).parents[2] / "dbt_project" / "models" / "staging" / "_bronze_sources.yml"
_HEAD = (
    "# Written by `python -m pipelines.contracts.dbt_sources` from the contracts: change a contract, not this file.\n"
)
_TYPES = {
    "String": "varchar",
    "Date": "date",
    "Int64": "bigint",
    "Int32": "integer",
    "Float64": "double",
    "Boolean": "boolean",
}


def text() -> str:
    """The YAML of both sources: every table and column with its description and type."""
    sources = contracts().values()
    bronze = [
        *(_table(one.source, f"{one.title.zh} · One row is {one.grain}.", bronze_columns(one)) for one in sources),
        _table("delivered_files", "交付文件台账 · One row is one delivered file.", DELIVERED_FILES),
        _table("delivered_fields", "交付字段概况 · One row is one field of one loaded file.", DELIVERED_FIELDS),
    ]
    quarantine = [
        _table(one.source, f"{one.title.zh}隔离行 · One row is one delivered row that was set aside.", QUARANTINE)
        for one in sources
    ]
    document = {
        "version": 2,
        "sources": [
            _source("bronze", "Conformed rows as delivered, append-only, and the intake ledger.", bronze),
            _source("quarantine", "Delivered rows that could not be conformed, each with its reason.", quarantine),
        ],
    }
    return _HEAD + yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=1000)


def _source(name: str, description: str, tables: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "name": name,
        "schema": name,
        "description": description,
        "config": {"meta": {"files": "/*.parquet"}},
        "tables": tables,
    }


def _table(name: str, description: str, columns: Iterable[Column]) -> dict[str, Any]:
    return {"name": name, "description": description, "columns": [_column(column) for column in columns]}


def _column(column: Column) -> dict[str, str]:
    kind = str(column.dtype)
    return {
        "name": column.name,
        "description": f"{column.title.zh} · {column.title.en}",
        "data_type": _TYPES.get(kind) or kind.lower().replace("precision=", "").replace("scale=", ""),
    }


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
    print(TARGET)
