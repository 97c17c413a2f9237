"""`datapackage.json` (Frictionless): every file of a release with fields, bytes and hash. No clock in it."""

import json
from collections.abc import Mapping
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
    documented = {model["name"]: model for model in marts_documentation()}
    resources = [_table(folder, name, rows, documented.get(name, {})) for name, rows in sorted(tables.items())]
    resources += [_sheet(folder, "targets"), _sheet(folder, REVISIONS)]
    resources += [_resource(folder, folder / path, name, mediatype=kind) for name, (path, kind) in _SHOWN.items()]
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


def pure(folder: Path) -> dict[str, Any]:
    """What a release says without what depends on the release it was compared with: equal for equal inputs."""
    package = json.loads((folder / FILE).read_text(encoding="utf-8"))
    resources = [each for each in package["resources"] if each["name"] not in COMPARED]
    return package | {"resources": resources}


def _table(folder: Path, name: str, rows: int, documented: Mapping[str, Any]) -> dict[str, Any]:
    file = folder / "parquet" / f"{name}.parquet"
    texts = {column["name"]: column.get("description", "") for column in documented.get("columns", [])}
    fields = [
        {"name": column, "type": _TYPES[dtype.base_type()], "description": texts.get(column, "")}
        for column, dtype in pl.read_parquet_schema(file).items()
    ]
    described = _resource(folder, file, name, mediatype="application/vnd.apache.parquet", rows=rows)
    return described | {"description": documented.get("description", ""), "schema": {"fields": fields}}


def _sheet(folder: Path, name: str) -> dict[str, Any]:
    return _resource(folder, folder / f"{name}.csv", name, mediatype="text/csv", encoding="utf-8")


def _resource(folder: Path, file: Path, name: str, **details: Any) -> dict[str, Any]:
    path = file.relative_to(folder).as_posix()
    return {
        "name": name,
        "path": path,
        "bytes": file.stat().st_size,
        "hash": f"sha256:{sha256(file)}",
        **details,
    }
