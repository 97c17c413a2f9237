"""`datapackage.json` (Frictionless): every file of a release with fields, bytes and hash. No clock in it."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.files import sha256
from pipelines.history import COMPARISON_TABLES
from pipelines.release.database import marts_documentation

FILE = "datapackage.json"
REVISIONS = "revisions"
"""Name of the resource `revisions.csv`."""
_SHOWN = {
    "workbook": ("targets.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "page": ("page/index.html", "text/html"),
}
"""What people open: name, file and media type. They tell of the comparison as well, among much else."""
COMPARED = COMPARISON_TABLES | {REVISIONS, *_SHOWN}
"""Names of the resources that depend on the release this one was compared with."""
_TYPES: dict[type[pl.DataType], str] = {
    pl.String: "string", pl.Date: "date", pl.Boolean: "boolean", pl.Float64: "number", pl.Float32: "number",
    pl.Int64: "integer", pl.Int32: "integer", pl.Datetime: "datetime", pl.Decimal: "number",
}  # fmt: skip


def write(folder: Path, *, release: Mapping[str, Any], tables: Mapping[str, int]) -> None:
    """Describe the Parquet tables, spreadsheets and page of a release folder; the same release gives the same bytes."""
    models = {model["name"]: model for model in marts_documentation()}
    resources = [_table(folder, models[name], rows) for name, rows in sorted(tables.items())]
    resources += [_sheet(folder, "targets"), _sheet(folder, REVISIONS)]
    resources += [resource(folder, folder / path, name, mediatype=kind) for name, (path, kind) in _SHOWN.items()]
    save(folder, release, resources)


def pure(folder: Path) -> dict[str, Any]:
    """What a release says without what depends on the release it was compared with: equal for equal inputs."""
    package = json.loads((folder / FILE).read_text(encoding="utf-8"))
    resources = [each for each in package["resources"] if each["name"] not in COMPARED]
    return package | {"resources": resources}


def save(folder: Path, release: Mapping[str, Any], resources: Sequence[Mapping[str, Any]]) -> None:
    """Write the package of these resources of a release into a folder."""
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": f"ip-plan-{release['release_id']}",
        "version": release["release_id"],
        "ipw:release": {key: str(value) for key, value in sorted(release.items())},
        "resources": resources,
    }
    (folder / FILE).write_text(
        json.dumps(package, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )


def resource(folder: Path, file: Path, name: str, **details: Any) -> dict[str, Any]:
    """One file of a folder with its size and hash, and what else is known of it."""
    path = file.relative_to(folder).as_posix()
    return {
        "name": name,
        "path": path,
        "bytes": file.stat().st_size,
        "hash": f"sha256:{sha256(file)}",
        **details,
    }


def schema(parquet: Path, model: Mapping[str, Any], names: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Table Schema of a mart: fields with the dictionary's words, which must be filled, and the key; `names` rename."""
    documented = {column["name"]: column for column in model["columns"]}
    names = names or {}
    fields = [
        {
            "name": names.get(column, column),
            "type": _TYPES[dtype.base_type()],
            "description": documented[column].get("description", ""),
            "constraints": {"required": {"type": "not_null"} in documented[column].get("constraints", [])},
        }
        for column, dtype in pl.read_parquet_schema(parquet).items()
    ]
    key = [names.get(column, column) for column in _key(model)]
    return {"fields": fields, "primaryKey": key} if key else {"fields": fields}


def _key(model: Mapping[str, Any]) -> list[str]:
    """The columns that the dictionary's tests say are unique and filled."""
    columns = {column["name"]: column for column in model["columns"]}
    for test in model.get("data_tests", []):
        if isinstance(test, dict) and "unique_combination" in test:
            key = test["unique_combination"]["arguments"]["columns"]
            filled = all({"type": "not_null"} in columns[name].get("constraints", []) for name in key)
            return list(key) if filled else []
    return [name for name, column in columns.items() if "unique" in column.get("data_tests", [])][:1]


def _table(folder: Path, model: Mapping[str, Any], rows: int) -> dict[str, Any]:
    file = folder / "parquet" / f"{model['name']}.parquet"
    return resource(
        folder,
        file,
        model["name"],
        mediatype="application/vnd.apache.parquet",
        rows=rows,
        description=model.get("description", ""),
        schema=schema(file, model),
    )


def _sheet(folder: Path, name: str) -> dict[str, Any]:
    return resource(folder, folder / f"{name}.csv", name, mediatype="text/csv", encoding="utf-8")
